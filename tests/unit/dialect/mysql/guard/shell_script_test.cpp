#include <doctest/doctest.h>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/guard/shell_script.h"
#include "whimbrel/error.h"

using namespace whimbrel;

TEST_CASE("a script for the shell has the settings of a connection, and no transaction") {
  const sql::ShellScript script = dialect::mysql::as_script({{"CREATE TABLE a (b int)", {}}}, {});
  CHECK(script.beginning.find("sql_mode = 'STRICT_ALL_TABLES") != std::string::npos);
  CHECK(script.beginning.find("SET NAMES utf8mb4, sql_mode") != std::string::npos);
  REQUIRE(script.statements.size() == 1);
  CHECK(script.statements.front().sql == "CREATE TABLE a (b int)");
  CHECK(dialect::mysql::as_script({}, {}).beginning.empty());
  CHECK(script.beginning.find(", sql_safe_updates = 0, check_constraint_checks = 1;\n") != std::string::npos);
  const sql::ShellScript other = dialect::mysql::as_script({{"CREATE TABLE a (b int)", {}}}, {.is_mariadb = false});
  CHECK(other.beginning.find(", sql_safe_updates = 0;\n") != std::string::npos);
}

TEST_CASE("a body with semicolons has a delimiter that it does not contain") {
  const std::string trigger = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = '$$'; SET @b = 2; END";
  const sql::ShellScript script = dialect::mysql::as_listing({{trigger, {}}, {"SELECT ';'", {}}});
  REQUIRE(script.statements.size() == 2);
  CHECK(script.statements[0].sql == "DELIMITER $$$\n" + trigger + "\n$$$\nDELIMITER ;\nDO 0");
  CHECK(script.statements[1].sql == "SELECT ';'");
}

TEST_CASE("a NUL character cannot be passed to the shell") {
  CHECK_THROWS_AS(static_cast<void>(dialect::mysql::as_listing({{std::string("SELECT '\0'", 10), {}}})), Error);
}
