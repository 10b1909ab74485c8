#include <doctest/doctest.h>

#include "dialect/mysql/dialect.h"
#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using dialect::StatementEffect;
using dialect::mysql::effect;

namespace {

std::string catalog_state(dialect::Connection& connection, std::string_view statement) {
  return dialect::mysql::catalog_state(connection, dialect::mysql::read_server(connection.server()), statement);
}

/// Does the statement change what the catalogue says of its names, and a second one nothing more?
bool is_seen(const std::string& before, const std::string& statement) {
  CAPTURE(statement);
  const auto connection = test::mysql::open_fresh();
  connection->run(before);
  const std::string state = catalog_state(*connection, statement);
  CHECK(catalog_state(*connection, statement) == state);
  connection->run(statement);
  return catalog_state(*connection, statement) != state;
}

}  // namespace

TEST_CASE("MariaDB and MySQL: what a statement can change") {
  for (const char* const rows :
       {"INSERT INTO t VALUES (1)", "(SELECT 1)", "/* x */ UPDATE t SET a = 1", "DO sleep(0)",
        "WITH c AS (SELECT 1) SELECT * FROM c", "REPLACE INTO t VALUES (1)", "INSERT INTO t VALUES (1) RETURNING a",
        "SET STATEMENT max_statement_time = 1 FOR DELETE FROM t"}) {
    CHECK(effect(rows) == StatementEffect::rows);
  }
  for (const char* const nothing : {"select 1", "SELECT @@version", "SHOW TABLES", "EXPLAIN SELECT 1",
                                    "ALTER TABLE `t` RENAME COLUMN `a` TO `a`"}) {
    CHECK(effect(nothing) == StatementEffect::nothing);
  }
  CHECK(effect("CALL p()") == StatementEffect::program);
  for (const char* const schema :
       {"CREATE TABLE t (a int)", "alter table t add b int", "DROP VIEW v", "ALTER TABLE `t` RENAME COLUMN `a` TO `b`",
        "TRUNCATE t", "RENAME TABLE a TO b", "GRANT SELECT ON t TO `u`@`h`", "CREATE USER a@localhost",
        "CREATE DEFINER=a@b VIEW v AS SELECT 1", "OPTIMIZE TABLE t", "CREATE DEFINER=`a`@'b' VIEW v AS SELECT 1",
        "CREATE PROCEDURE p() BEGIN SET @n = 1; CREATE TEMPORARY TABLE t (a int); END",
        "SET STATEMENT max_statement_time = 1 FOR ALTER TABLE t ADD b int"}) {
    CHECK(effect(schema) == StatementEffect::schema);
  }
  for (const char* const session : {"SET foreign_key_checks = 0", "USE d", "START TRANSACTION", "BEGIN", "begin work",
                                    "COMMIT", "ROLLBACK TO SAVEPOINT a", "RELEASE SAVEPOINT a", "", "-- nothing"}) {
    CHECK(effect(session) == StatementEffect::session);
  }
  for (const char* const unknown :
       {"CREATE TEMPORARY TABLE t (a int)", "DROP TEMPORARY TABLE t", "SET @n = 1", "SELECT@n",
        "UPDATE t SET a = (@n := @n + 1)", "SELECT count(*) INTO @n FROM t", "UPDATE t SET a = last_insert_id()",
        "INSERT INTO t VALUES (ROW_COUNT())", "PREPARE s FROM 'SELECT 1'", "LOCK TABLES t WRITE", "XA START 'a'",
        "BEGIN NOT ATOMIC SELECT 1; END", "IF 1 THEN SELECT 1; END IF"}) {
    CHECK(effect(unknown) == StatementEffect::unknown);
  }
}

TEST_CASE("MariaDB and MySQL: the catalogue says whether a statement was completed") {
  const std::string table = "CREATE TABLE `odd ``name` (id int PRIMARY KEY AUTO_INCREMENT, a int);";
  CHECK(is_seen("", "CREATE TABLE `key` (id int)"));
  CHECK(is_seen("", "CREATE TABLE user (id int)"));
  CHECK(is_seen(table, "ALTER TABLE `odd ``name` ADD b int"));
  CHECK(is_seen(table, "ALTER TABLE `odd ``name` COMMENT 'x'"));
  CHECK(is_seen(table, "ALTER TABLE `odd ``name` ADD INDEX (a)"));
  CHECK(is_seen(table, "DROP TABLE `odd ``name`"));
  CHECK(is_seen(table, "RENAME TABLE `odd ``name` TO b"));
  CHECK(is_seen(table, "CREATE VIEW v AS SELECT 1"));
  CHECK(is_seen("CREATE VIEW v AS SELECT 1;", "CREATE OR REPLACE VIEW v AS SELECT 2"));
  CHECK(is_seen("CREATE VIEW v AS SELECT 1;", "DROP VIEW v"));
  CHECK(is_seen(table, "CREATE TRIGGER r BEFORE INSERT ON `odd ``name` FOR EACH ROW SET new.a = 1"));
  CHECK(is_seen(table + "CREATE TRIGGER r BEFORE INSERT ON `odd ``name` FOR EACH ROW SET new.a = 1", "DROP TRIGGER r"));
  const std::string twins = "CREATE TABLE a (id int); CREATE TABLE b (id int)";
  CHECK(is_seen(twins, "RENAME TABLE a TO tmp, b TO a, tmp TO b"));
  CHECK(is_seen(twins + " PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (9))",
                "ALTER TABLE b EXCHANGE PARTITION p WITH TABLE a"));
  CHECK(is_seen("", "CREATE PROCEDURE p() SELECT 1"));
  CHECK(is_seen("CREATE PROCEDURE p() SELECT 1", "DROP PROCEDURE p"));
  CHECK(is_seen("", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1"));
}

TEST_CASE("MariaDB and MySQL: the rows of others do not change what the catalogue says") {
  const auto connection = test::mysql::open_fresh();
  connection->run("CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int) COMMENT 'AUTO_INCREMENT=5'");
  const std::string state = catalog_state(*connection, "ALTER TABLE t ADD b int");
  connection->run("INSERT INTO t (a) VALUES (1), (2)");
  CHECK(catalog_state(*connection, "ALTER TABLE t ADD b int") == state);
}

TEST_CASE("MariaDB and MySQL: the catalogue says the same whatever a migration has set for its session") {
  const auto connection = test::mysql::open_fresh();
  connection->run("CREATE TABLE t (id int PRIMARY KEY, a timestamp NOT NULL DEFAULT '2020-01-01 00:00:00')");
  const std::string statement = "ALTER TABLE t ADD b int";
  const std::string state = catalog_state(*connection, statement);
  const std::string settings =
      "SELECT CONCAT_WS(' ', @@time_zone, @@sql_mode, @@character_set_client, "
      "IFNULL(@@character_set_results, 'NULL'), @@collation_connection)";
  for (const char* const set :
       {"SET time_zone = '+06:00'", "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
        "SET sql_quote_show_create = 0", "SET NAMES latin1", "SET character_set_results = NULL"}) {
    CAPTURE(set);
    connection->run(set);
    const std::string before = test::value(*connection, settings).text();
    CHECK(catalog_state(*connection, statement) == state);
    CHECK(test::value(*connection, settings).text() == before);
  }
}
