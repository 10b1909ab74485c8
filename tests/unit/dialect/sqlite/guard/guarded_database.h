#pragma once

#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "temporary_directory.h"
#include "unit/dialect/sqlite/open.h"

/// A database for the tests of the guard, and scripts that rebuild one of its tables.
namespace whimbrel::test {

inline constexpr std::string_view users_and_posts =
    "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL);"
    "CREATE TABLE \"post\" (\"id\" integer PRIMARY KEY, \"author_id\" integer NOT NULL REFERENCES \"USER\"(\"id\") ON "
    "DELETE CASCADE);"
    "CREATE VIEW \"authors\" AS SELECT \"id\" FROM \"user\";"
    "CREATE TRIGGER \"forget\" AFTER DELETE ON \"post\" BEGIN DELETE FROM \"user\" WHERE \"id\" = OLD.\"author_id\"; "
    "END;"
    "INSERT INTO \"user\" VALUES (1), (2), (9);"
    "DELETE FROM \"user\" WHERE \"id\" = 9;"
    "INSERT INTO \"post\" VALUES (1, 1), (2, 2), (3, 2);";

inline constexpr std::string_view rebuild_up =
    "CREATE TABLE \"temporary_user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"email\" varchar);"
    "INSERT INTO \"temporary_user\"(\"id\") SELECT \"id\" FROM \"user\";"
    "DROP TABLE \"user\";"
    "ALTER TABLE \"temporary_user\" RENAME TO \"user\"";

inline constexpr std::string_view rebuild_down =
    "ALTER TABLE \"user\" RENAME TO \"temporary_user\";"
    "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL);"
    "INSERT INTO \"user\"(\"id\") SELECT \"id\" FROM \"temporary_user\";"
    "DROP TABLE \"temporary_user\"";

/// A database on disk.
struct Database {
  TemporaryDirectory directory;
  std::unique_ptr<dialect::Connection> connection = open_sqlite("sqlite:" + directory.file("app.db"));

  explicit Database(std::string_view schema = users_and_posts) { connection->run(schema); }
  dialect::Connection& operator*() const { return *connection; }
  dialect::Connection* operator->() const { return connection.get(); }
};

/// Runs a statement as if the index did not exist, which therefore no longer fits its table.
inline void run_past_index(dialect::Connection& connection, const std::string& index, std::string_view sql) {
  const Rows::Data stored = connection.run("SELECT * FROM sqlite_master WHERE name = ?", {Value(index)});
  connection.run("PRAGMA writable_schema = ON");
  connection.run("DELETE FROM sqlite_master WHERE name = ?", {Value(index)});
  connection.run("PRAGMA writable_schema = RESET");
  connection.run(sql);
  connection.run("PRAGMA writable_schema = ON");
  connection.run("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", stored.values.at(0));
  connection.run("PRAGMA writable_schema = RESET");
}

/// Runs statements as the runner runs a migration, in a transaction or without one.
inline void migrate(dialect::Connection& connection, std::string_view sql, bool in_transaction = true) {
  const auto guard = dialect::sqlite::make_guard(connection);
  if (in_transaction) connection.run("BEGIN IMMEDIATE");
  guard->run(sql, nullptr);
  guard->before_commit();
  if (in_transaction) connection.run("COMMIT");
  guard->finish();
}

inline void check_settings_are_back(dialect::Connection& connection) {
  CHECK_FALSE(connection.is_transaction_active());
  CHECK(number(connection, "PRAGMA foreign_keys") == 1);
  CHECK(number(connection, "PRAGMA legacy_alter_table") == 0);
}

/// Passes on to a connection, but for one statement that does nothing, and one that has this answer.
class Deaf final : public dialect::Connection {
 public:
  Deaf(dialect::Connection& connection, std::string ignored) : connection_(connection), ignored_(std::move(ignored)) {}
  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters,
                     dialect::StatementObserver* observer) override {
    const bool is_plain = parameters == nullptr && observer == nullptr;
    if (is_plain && sql == ignored_) return {};
    if (is_plain && sql == question_) return {{"answer"}, {{answer_}}};
    return connection_.run_all(sql, parameters, observer);
  }
  bool is_transaction_active() const override { return connection_.is_transaction_active(); }
  void interrupt() noexcept override { connection_.interrupt(); }
  dialect::ServerFacts server() const override { return connection_.server(); }
  std::string description() const override { return connection_.description(); }
  std::unique_ptr<dialect::Connection> open_scratch() const override { return connection_.open_scratch(); }

  void listen() { ignored_.clear(); }
  void answer(std::string question, Value answer) {
    question_ = std::move(question);
    answer_ = std::move(answer);
  }

 private:
  dialect::Connection& connection_;
  std::string ignored_;
  std::string question_;
  Value answer_;
};

}  // namespace whimbrel::test
