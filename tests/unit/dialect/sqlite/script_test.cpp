#include <doctest/doctest.h>

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
  CHECK(script({"DROP TABLE a"}) == Strings{"PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON",
                                            "BEGIN IMMEDIATE", "DROP TABLE a", "COMMIT",
                                            "PRAGMA legacy_alter_table = OFF"});
}
