#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/sqlite/dialect.h"

using namespace whimbrel;

namespace {

std::vector<std::string> script(const std::vector<std::string>& statements) {
  std::vector<sql::Statement> plain;
  for (const std::string& statement : statements) plain.push_back({statement, {}});
  std::vector<std::string> result;
  for (const sql::Statement& statement : dialect::sqlite::as_script(plain).statements) result.push_back(statement.sql);
  return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a script has the transaction and the settings that its statements need, and no more") {
  CHECK(script({}).empty());
  CHECK(script({"CREATE TABLE a (b)"}) == Strings{"CREATE TABLE a (b)"});
  CHECK(script({"CREATE TABLE a (b)", "CREATE TABLE c (d)"}) ==
        Strings{"BEGIN IMMEDIATE", "CREATE TABLE a (b)", "CREATE TABLE c (d)", "COMMIT"});
  const Strings dropped = script({"DROP TABLE a"});
  REQUIRE(dropped.size() > 6);
  CHECK(Strings(dropped.begin(), dropped.begin() + 3) ==
        Strings{"PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON", "BEGIN IMMEDIATE"});
  CHECK(std::find(dropped.begin(), dropped.end(), "DROP TABLE a") != dropped.end());
  CHECK(std::find(dropped.begin(), dropped.end(), "COMMIT") != dropped.end());
  CHECK(dropped.back() == "PRAGMA legacy_alter_table = OFF");
}

TEST_CASE("a script tells the shell to stop at the first error") {
  CHECK(dialect::sqlite::as_script({{"CREATE TABLE a (b)", {}}}).beginning.empty());
  const auto beginning = dialect::sqlite::as_script({{"CREATE TABLE a (b)", {}}, {"CREATE TABLE c (d)", {}}}).beginning;
  // The first line can stand after a statement.
  CHECK(beginning.starts_with("-- "));
  CHECK(beginning.ends_with("\n.bail on\n"));
}

TEST_CASE("a script knows a broken foreign key under the new name of its table, and takes no rebuild for a rename") {
  const auto follows = [](const std::vector<sql::Statement>& statements) {
    Strings found;
    for (const sql::Statement& statement : dialect::sqlite::as_script(statements).statements) {
      if (statement.sql.starts_with("UPDATE temp.whimbrel_orphans")) found.push_back(statement.sql);
    }
    return found;
  };
  CHECK(follows({{"ALTER TABLE a RENAME TO b", {}}}) ==
        Strings{"UPDATE temp.whimbrel_orphans SET child = 'b' WHERE child = 'a' COLLATE NOCASE",
                "UPDATE temp.whimbrel_orphans SET parent = 'b' WHERE parent = 'a' COLLATE NOCASE"});
  CHECK(follows({{"DROP TABLE a", {}, sql::Copied{"a", "temporary_a"}},
                 {"ALTER TABLE temporary_a RENAME TO a", {}, {}, true}})
            .empty());
  CHECK(follows({{"ALTER TABLE a RENAME TO temporary_a", {}, {}, true},
                 {"DROP TABLE temporary_a", {}, sql::Copied{"temporary_a", "a"}}})
            .empty());
  // Another part of the script can have chosen the same name.
  CHECK(follows({{"ALTER TABLE a RENAME TO temporary_a", {}},
                 {"DROP TABLE a", {}, sql::Copied{"a", "temporary_a"}},
                 {"ALTER TABLE temporary_a RENAME TO a", {}, {}, true}})
            .size() == 2);
}

TEST_CASE("a script with a carriage return in quotes proves that its reader takes it for what it is") {
  const std::vector<std::string> plain = script({"CREATE TABLE a (b DEFAULT 'x\ry')"});
  CHECK(plain.size() == 1);
  const std::vector<std::string> statements = script({"CREATE TABLE a (b DEFAULT 'x\r\ny')"});
  CHECK(std::find(statements.begin(), statements.end(), "CREATE TABLE a (b DEFAULT 'x\r\r\ny')") != statements.end());
  const auto proof = std::find_if(statements.begin(), statements.end(), [](const std::string& sql) {
    return sql.find("'\r\r\n' = char(13, 10)") != std::string::npos;
  });
  CHECK(proof != statements.end());
}

TEST_CASE("a listing has its carriage returns as they are, and says what the shell makes of them") {
  const auto listed = [](const std::string& sql) { return dialect::sqlite::as_listing({{sql, {}}}); };
  CHECK(listed("CREATE VIEW v AS SELECT 1 /* half").statements.at(0).sql == "CREATE VIEW v AS SELECT 1 /* half */");
  CHECK(listed("CREATE VIEW v AS SELECT 1 /* half").remarks.empty());
  CHECK(listed("CREATE VIEW v AS SELECT '\r\n'").statements.at(0).sql == "CREATE VIEW v AS SELECT '\r\n'");
  CHECK(listed("CREATE VIEW v AS SELECT '\r\n'").remarks.size() == 1);
}
