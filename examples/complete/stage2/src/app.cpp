// Keeps users and checks their passwords:
//
//     app add EMAIL PASSWORD
//     app check EMAIL PASSWORD

#include <whimbrel/data_source.h>
#include <whimbrel/query_runner.h>

#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "app_migrations.h"
#include "entities/user.h"

namespace {

void add(whimbrel::QueryRunner& database, const User& user) {
  database.query(R"(INSERT INTO "user" ("email", "password") VALUES (?, ?))",
                 {user.email, user.password});
}

std::optional<User> find(whimbrel::QueryRunner& database, const std::string& email) {
  const whimbrel::Rows rows =
      database.query(R"(SELECT "id", "email", "password" FROM "user" WHERE "email" = ?)", {email});
  if (rows.empty()) return std::nullopt;
  User user;
  user.id = static_cast<std::int32_t>(rows[0]["id"].integer());
  user.email = rows[0]["email"].text();
  user.password = rows[0]["password"].text();
  return user;
}

int run(const std::string& command, const std::string& email, const std::string& password) {
  // Pending migrations run before anything else: a newly installed version may find the database of
  // an older one, or none.
  whimbrel::DataSource data_source({.url = "sqlite:app.db",
                                    .entities = whimbrel::entities<User>(),
                                    .migrations = app_migrations(),
                                    .migrations_run = true});
  data_source.initialize();

  if (command == "add") {
    User user;
    user.email = email;
    user.set_password(password);
    add(data_source.query_runner(), user);
    std::cout << "Added " << email << ".\n";
    return 0;
  }
  const std::optional<User> user = find(data_source.query_runner(), email);
  const bool right = user && user->is_password(password);
  std::cout << (right ? "Right.\n" : "Wrong.\n");
  return right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc == 4 ? argv[1] : "";
  if (command != "add" && command != "check") {
    std::cerr << "Usage: app add|check EMAIL PASSWORD\n";
    return 2;
  }
  try {
    return run(command, argv[2], argv[3]);
  } catch (const whimbrel::Error& error) {
    std::cerr << error.what() << '\n' << error.remedy() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
