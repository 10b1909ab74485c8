#include <doctest/doctest.h>

#include <chrono>

#include "run/runner.h"
#include "run/status.h"
#include "support/mysql_server.h"
#include "support/random.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

// A migration of ten statements on MariaDB or MySQL, which commits with each schema change, whose runner, connection or
// server is killed somewhere. The next run ends at one of the two schemas, with every row once.

namespace {

constexpr const char* first = "First1561981516514";
constexpr const char* second = "Second1561981516515";

const Script make_first{first,
                        statements({"CREATE TABLE bird (id int PRIMARY KEY AUTO_INCREMENT, name varchar(50) NOT NULL)",
                                    "CREATE TABLE nest (id int PRIMARY KEY, bird_id int)",
                                    "INSERT INTO bird (name) VALUES ('whimbrel'), ('curlew'), ('godwit')",
                                    "INSERT INTO nest VALUES (1, 1), (2, 1), (3, 3)"}),
                        statements({"DROP TABLE nest", "DROP TABLE bird"})};

const Script make_second{
    second,
    statements({"ALTER TABLE bird ADD COLUMN length int NULL AFTER id", "UPDATE bird SET length = CHAR_LENGTH(name)",
                "INSERT INTO bird (id, name, length) VALUES (4, 'knot', 4)",
                "ALTER TABLE bird MODIFY length int NOT NULL",
                "ALTER TABLE nest ADD CONSTRAINT fk_bird FOREIGN KEY (bird_id) REFERENCES bird (id)",
                "CREATE VIEW long_names AS SELECT name FROM bird WHERE length > 6", "INSERT INTO nest VALUES (4, 2)",
                "CREATE TRIGGER shorten BEFORE INSERT ON bird FOR EACH ROW SET new.length = CHAR_LENGTH(new.name)",
                "ALTER TABLE bird RENAME COLUMN name TO title", "RENAME TABLE nest TO home"}),
    statements({"RENAME TABLE home TO nest", "ALTER TABLE bird RENAME COLUMN title TO name", "DROP TRIGGER shorten",
                "DELETE FROM nest WHERE id = 4", "DROP VIEW long_names",
                "ALTER TABLE nest DROP FOREIGN KEY fk_bird, DROP INDEX fk_bird",
                "ALTER TABLE bird MODIFY length int NULL", "DELETE FROM bird WHERE name = 'knot'",
                "ALTER TABLE bird DROP COLUMN length"})};

/// A table whose parts depend on the time zone; later it has a time more.
template <bool is_later>
struct Visit {
  std::int32_t id{};
  std::chrono::sys_seconds at;
  std::optional<std::string> day;
  std::chrono::sys_seconds until;

  static void describe(Entity<Visit>& visit) {
    visit.table({.name = "visit"});
    visit.template primary_generated<&Visit::id>();
    visit.template column<&Visit::at>({.with_time_zone = true});
    visit.template column<&Visit::day>({.length = 40, .computed = "date(at)", .stored = true});
    visit.check("hour(at) between 0 and 22", {.name = "hours"});
    if constexpr (is_later) {
      visit.template column<&Visit::until>({.default_expression = "'2024-01-01 00:00:00'", .with_time_zone = true});
    }
  }
};

/// Calls a function before the statement of this number, counted over everything that a session sends.
struct Before {
  int countdown;
  std::function<void()> function;

  void attach(DataSourceOptions& options) {
    options.logger_context = this;
    options.logger = [](LogLevel level, const char*, void* context) {
      Before& self = *static_cast<Before*>(context);
      if (level == LogLevel::query && --self.countdown == 0) self.function();
    };
  }
  [[nodiscard]] bool was_called() const { return countdown <= 0; }
};

std::string everything(const AnyDatabase& database) {
  std::string text;
  for (const char* const table : {"bird", "nest", "home", "long_names"}) {
    try {
      text += database.query(std::string("SHOW CREATE TABLE ") + table) + '\n';
      text += database.query(std::string("SELECT * FROM ") + table + " ORDER BY 1") + '\n';
    } catch (const Error&) {
      text += std::string("no ") + table + '\n';
    }
  }
  text += database.query("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()");
  text += database.query("SELECT name FROM migrations ORDER BY id") + '\n';
  const std::string name = database.query("SELECT DATABASE()");
  for (std::size_t at = 0; (at = text.find('`' + name + '`')) != std::string::npos;) text.erase(at, name.size() + 2);
  // The numbers that were given are lost with the rows of a rollback.
  for (std::size_t at = 0; (at = text.find(" AUTO_INCREMENT=")) != std::string::npos;) {
    text.erase(at, text.find_first_not_of("0123456789", at + 16) - at);
  }
  return text;
}

void migrate(const DataSourceOptions& options) {
  session::Session session(options);
  run::run_migrations(session);
}

void revert(const DataSourceOptions& options) {
  session::Session session(options);
  run::revert_migrations(session);
}

/// Runs the second migration, ends it somewhere, and lets the next command finish. Returns whether it was ended.
bool end_and_finish(int number, bool goes_back,
                    const std::function<std::function<void()>(const AnyDatabase&)>& make_end,
                    const std::string& expected) {
  CAPTURE(number);
  CAPTURE(goes_back);
  const AnyDatabase database(test::mysql_server().fresh_database());
  {
    const Program program({make_first});
    migrate(database.options(program));
  }
  const Program program({make_first, make_second});
  DataSourceOptions options = database.options(program);
  Before end{number, make_end(database)};
  end.attach(options);
  try {
    migrate(options);
  } catch (const std::exception&) {
  }
  if (!end.was_called()) return false;
  session::Session session(database.options(program));
  const run::MigrationStatus status = run::status(session).at(1);
  if (!goes_back) {
    migrate(database.options(program));
  } else if (status.partial || status.applied) {
    revert(database.options(program));
  }
  CHECK(everything(database) == expected);
  return true;
}

std::string expected(bool goes_back) {
  const AnyDatabase database(test::mysql_server().fresh_database());
  const Program program({make_first, make_second});
  migrate(database.options(program));
  if (goes_back) revert(database.options(program));
  return everything(database);
}

std::function<void()> stop_runner(const AnyDatabase&) {
  return [] { throw std::runtime_error("killed"); };
}

/// The server ends the connection, as if it had been lost.
std::function<void()> cut_connection(const AnyDatabase& database) {
  return [&database] {
    const std::string others = database.query(
        "SELECT GROUP_CONCAT(CONCAT('KILL ', ID) SEPARATOR ';') FROM information_schema.PROCESSLIST WHERE DB = "
        "DATABASE() AND ID <> CONNECTION_ID()");
    database.query(others);
  };
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a migration that is killed at any statement is continued, or undone") {
  for (const bool goes_back : {false, true}) {
    const std::string wanted = expected(goes_back);
    int number = 1;
    while (end_and_finish(number, goes_back, stop_runner, wanted)) ++number;
    CHECK(number > 30);
  }
}

TEST_CASE("MariaDB and MySQL: a migration whose connection is lost at any statement is continued, or undone") {
  for (const bool goes_back : {false, true}) {
    const std::string wanted = expected(goes_back);
    for (int number = 3; end_and_finish(number, goes_back, cut_connection, wanted); number += 2) {
    }
  }
}

TEST_CASE("MariaDB and MySQL: what was not run is not taken for completed because of the settings of its session") {
  const Script created{first,
                       statements({"CREATE TABLE bird (id int PRIMARY KEY, at timestamp NOT NULL DEFAULT "
                                   "'2020-01-01 00:00:00')"}),
                       statements({"DROP TABLE bird"})};
  const Script checked{second,
                       statements({"SET time_zone = '+06:00', sql_mode = 'ANSI_QUOTES'",
                                   "ALTER TABLE bird ADD CONSTRAINT few CHECK (id < 9)"}),
                       statements({"ALTER TABLE bird DROP CONSTRAINT few"})};
  const auto count_checks = [](const AnyDatabase& database) {
    return database.query(
        "SELECT COUNT(*) FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()");
  };
  int ended = 0;
  for (const bool goes_back : {false, true}) {
    for (int number = 1;; ++number) {
      CAPTURE(number);
      const AnyDatabase database(test::mysql_server().fresh_database());
      const Program before({created});
      migrate(database.options(before));
      const Program program({created, checked});
      DataSourceOptions options = database.options(program);
      Before end{number, stop_runner(database)};
      end.attach(options);
      try {
        migrate(options);
      } catch (const std::exception&) {
      }
      if (!end.was_called()) break;
      session::Session session(database.options(program));
      const run::MigrationStatus status = run::status(session).at(1);
      if (status.partial) ++ended;
      if (!goes_back) migrate(database.options(program));
      if (goes_back && (status.partial || status.applied)) revert(database.options(program));
      CHECK(count_checks(database) == (goes_back ? "0" : "1"));
    }
  }
  CHECK(ended > 4);
}

TEST_CASE("MariaDB and MySQL: a generated migration that is killed at any statement is continued") {
  const auto fresh = [] { return test::mysql_server().fresh_database(); };
  const Script a = generated(make_first.name, {}, entities<fixture::first::User>(), fresh());
  const Script b = generated(make_second.name, {a}, entities<fixture::second::User, fixture::second::Post>(), fresh());
  REQUIRE(b.tables);
  int continued = 0;
  for (int number = 1;; ++number) {
    CAPTURE(number);
    const AnyDatabase database(fresh());
    {
      const Program program({a});
      migrate(database.options(program));
    }
    const Program program({a, b});
    DataSourceOptions options = database.options(program);
    Before end{number, stop_runner(database)};
    end.attach(options);
    try {
      migrate(options);
    } catch (const std::exception&) {
    }
    if (!end.was_called()) break;
    session::Session session(database.options(program));
    if (run::status(session).at(1).partial) ++continued;
    migrate(database.options(program));
    CHECK(database.columns("user") == "id email password");
    CHECK(run::pending_migrations(session).empty());
  }
  CHECK(continued > 2);
}

TEST_CASE("MariaDB and MySQL: a killed change of a table that computes by local time is continued, or undone") {
  test::mysql_server().run("SET GLOBAL time_zone = '+06:00'");
  const auto fresh = [] { return test::mysql_server().fresh_database(); };
  const Script a = generated(make_first.name, {}, entities<Visit<false>>(), fresh());
  const Script b = generated(make_second.name, {a}, entities<Visit<true>>(), fresh());
  const auto described = [](const AnyDatabase& database) {
    return database.query("SHOW CREATE TABLE visit") + '\n' + database.query("SELECT * FROM visit");
  };
  for (const bool goes_back : {false, true}) {
    CAPTURE(goes_back);
    std::string wanted;
    for (int number = 1000;; number = number == 1000 ? (goes_back ? 2 : 1) : number + 3) {
      CAPTURE(number);
      const AnyDatabase database(fresh());
      const Program before({a});
      migrate(database.options(before));
      database.query(
          "SET time_zone = '+06:00'; INSERT INTO visit (at) VALUES ('2024-05-05 02:00:00'); SET time_zone = '+00:00'");
      if (goes_back && wanted.empty()) wanted = described(database);
      const Program program({a, b});
      DataSourceOptions options = database.options(program);
      Before end{number, stop_runner(database)};
      end.attach(options);
      try {
        migrate(options);
      } catch (const std::exception&) {
      }
      if (!end.was_called() && number < 1000) break;
      if (!goes_back && wanted.empty()) wanted = described(database);
      session::Session session(database.options(program));
      const run::MigrationStatus status = run::status(session).at(1);
      if (!goes_back) {
        migrate(database.options(program));
      } else if (status.partial || status.applied) {
        revert(database.options(program));
      }
      CHECK(described(database) == wanted);
    }
  }
  test::mysql_server().run("SET GLOBAL time_zone = DEFAULT");
}
