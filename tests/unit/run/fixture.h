#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/session.h"
#include "support/postgres_server.h"
#include "temporary_directory.h"
#include "whimbrel/query_runner.h"

/// What the tests of running need: a database file of their own, and migrations as functions.
namespace whimbrel::fixture {

/// A migration as data.
struct Script {
  std::string name;
  std::function<void(QueryRunner&)> up;
  std::function<void(QueryRunner&)> down = [](QueryRunner&) {};
  MigrationTransaction transaction = MigrationTransaction::by_mode;
  std::string checksum{};
  std::optional<std::string> tables{};
};

/// A migration that runs these statements.
std::function<void(QueryRunner&)> statements(std::vector<std::string> sql);

/// A list of up to eight migrations. One lives at a time; the list is valid while it does.
class Program {
 public:
  explicit Program(std::vector<Script> scripts);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] MigrationList list() const;

 private:
  std::vector<Script> scripts_;
  std::vector<MigrationEntry> entries_;
};

/// A database by its URL.
class AnyDatabase {
 public:
  explicit AnyDatabase(std::string url) : url_(std::move(url)) {}

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] DataSourceOptions options(const Program& program) const;

  /// Runs SQL on a connection of its own; the values of all rows, columns joined by `|`, rows by a line feed.
  std::string query(const std::string& sql) const;
  /// The names of the tables, sorted and joined by blanks; NULL if there are none.
  [[nodiscard]] std::string tables() const;
  /// The names of a table's columns, joined by blanks.
  [[nodiscard]] std::string columns(const std::string& table) const;
  /// The names in the history, in the order in which they were applied, joined by blanks.
  [[nodiscard]] std::string history() const;

 private:
  [[nodiscard]] model::Schema schema() const;

  std::string url_;
};

/// A directory that is gone at the end, with the path of a database in it.
class Database : private test::TemporaryDirectory, public AnyDatabase {
 public:
  Database() : AnyDatabase("sqlite:" + file("app.db")) {}

  [[nodiscard]] bool exists() const { return std::filesystem::exists(file("app.db")); }
};

/// A new database of the tests' server.
class PostgresDatabase : public AnyDatabase {
 public:
  PostgresDatabase() : AnyDatabase(test::fresh_database()) {}
};

/// A test of both.
#define TEST_CASE_OF_EACH_DATABASE(name) \
  TEST_CASE_TEMPLATE(name, Database, fixture::Database, fixture::PostgresDatabase)

/// Collects what is logged.
struct Log {
  std::vector<std::string> errors, warnings, notices, steps, queries;

  void attach(DataSourceOptions& options);
};

/// The error that `function` throws.
Error error_of(const std::function<void()>& function);

/// Does the text stand in the error's message, remedy or migration?
bool mentions(const Error& error, const std::string& text);

}  // namespace whimbrel::fixture
