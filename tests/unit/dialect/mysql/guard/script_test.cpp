#include <doctest/doctest.h>

#include "dialect/mysql/guard/script_rules.h"
#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;
using namespace whimbrel::dialect::mysql;

namespace {

std::unique_ptr<dialect::Connection> confined() {
  return whimbrel::mysql::driver().open_scratch({.url = mysql_server().url(), .confined = true});
}

void load(dialect::Connection& scratch, std::string_view script) {
  whimbrel::mysql::driver()
      .make_dialect(scratch.server())
      ->load_script(scratch, script, dialect::ScriptContent::schema);
}

/// What mariadb-dump writes of two tables, a view and a trigger, with rows.
constexpr const char* dump = R"sql(/*M!999999\- enable the sandbox mode */
-- MariaDB dump 10.19
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;
USE `shop`;
DROP TABLE IF EXISTS `a`;
CREATE TABLE `a` (
  `id` int(11) NOT NULL,
  `b` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `a_b` FOREIGN KEY (`b`) REFERENCES `b` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `a` WRITE;
/*!40000 ALTER TABLE `a` DISABLE KEYS */;
INSERT INTO `a` VALUES (1,'a;b');
UNLOCK TABLES;
/*!50003 SET sql_mode = 'STRICT_TRANS_TABLES' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`nobody`@`%`*/ /*!50003 TRIGGER `t` BEFORE INSERT ON `a` FOR EACH ROW BEGIN
  SET NEW.b = 1;
  SET NEW.id = 2;
END */;;
DELIMITER ;
CREATE TABLE `b` (`id` int(11) NOT NULL, PRIMARY KEY (`id`));
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`nobody`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `v` AS select `a`.`id` AS `id` from `a` */;
GRANT ALL ON *.* TO nobody;
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
)sql";

}  // namespace

TEST_CASE("MySQL: a dump is loaded without its rows, its owners and its database") {
  const auto scratch = confined();
  load(*scratch, dump);
  CHECK(number(*scratch, "SELECT count(*) FROM information_schema.tables WHERE table_schema = database()") == 3);
  CHECK(number(*scratch, "SELECT count(*) FROM a") == 0);
  CHECK(number(*scratch, "SELECT count(*) FROM v") == 0);
  CHECK(number(*scratch, "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = database()") == 1);
}

TEST_CASE("MySQL: a file cannot reach databases that are open to every user, nor let the server do so later") {
  MysqlServer& server = mysql_server();
  if (!is_mariadb()) return;  // MySQL has no privileges for every user.
  server.run("CREATE DATABASE everyones; CREATE TABLE everyones.t (id int); GRANT ALL ON everyones.* TO PUBLIC");
  const auto events = server.run("SELECT @@GLOBAL.event_scheduler").values.at(0).at(0).text();
  server.run("SET GLOBAL event_scheduler = ON");
  const auto message = [](std::string_view script) {
    const auto scratch = confined();
    const auto error = error_of([&] { load(*scratch, script); });
    return error ? std::string(error->what()) : std::string();
  };
  CHECK(contains(message("DROP TABLE everyones.t;"), "it names the database \"everyones\""));
  CHECK(contains(message("CREATE VIEW v AS SELECT * FROM everyones . t;"), "it names the database \"everyones\""));
  CHECK(contains(message("CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO EXECUTE IMMEDIATE CONCAT('DROP TABLE every', "
                         "'ones.t');"),
                 "The event is refused"));
  CHECK(contains(message("CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO CREATE DATABASE everyones_too;"),
                 "The event is refused"));
  CHECK(message("CREATE TABLE a (id int);\n"
                "PREPARE s FROM 'DELETE FROM everyones.t';\n"
                "EXECUTE s;\n"
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a;\n"
                "CREATE PROCEDURE p() EXECUTE IMMEDIATE 'DROP TABLE everyones.t';\n")
            .empty());
  for (const char* const script :
       {"DELIMITER //\nBEGIN NOT ATOMIC EXECUTE IMMEDIATE CONCAT('DROP TABLE every', 'ones.t'); END//",
        "/*!99999 CREATE TABLE a (id int) */ BEGIN NOT ATOMIC EXECUTE IMMEDIATE CONCAT('DROP TABLE every', 'ones.t'); "
        "END;",
        "DELIMITER //\nSET @a = 1; EXECUTE IMMEDIATE CONCAT('DROP TABLE every', 'ones.t')//",
        "SET sql_mode = CONCAT('NO_BACKSLASH', '_ESCAPES,ANSI_QUOTES');\nDROP TABLE IF EXISTS \"a\\\", everyones.t -- "
        "\";",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nCREATE TABLE a (id int); ALTER TABLE a COMMENT 'a\\', RENAME "
        "everyones.u -- ';",
        "SET NAMES gbk;\nDROP TABLE IF EXISTS `\x81`, everyones.t -- `;",
        "SET NAMES sjis;\nDROP TABLE IF EXISTS `\x83`, everyones.t -- `;",
        "SET NAMES big5;\nDROP TABLE IF EXISTS `\xa5`, everyones.t -- `;",
        "DROP TABLE IF EXISTS a /*!99999 ' */ , everyones.t -- '"}) {
    CAPTURE(script);
    CHECK_FALSE(message(script).empty());
  }
  CHECK(server.run("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'everyones'")
            .values.at(0)
            .at(0)
            .integer() == 1);
  CHECK(server.run("SELECT COUNT(*) FROM everyones.t").values.at(0).at(0).integer() == 0);
  server.run("SET GLOBAL event_scheduler = " + events);
  server.run("REVOKE ALL ON everyones.* FROM PUBLIC; DROP DATABASE everyones");
}

TEST_CASE("MySQL: the tables of a file have no directories of their own") {
  if (!is_mariadb()) return;  // MySQL refuses them to a user without the privilege FILE.
  const auto scratch = confined();
  load(*scratch,
       "CREATE TABLE a (id int) DATA DIRECTORY = '/nowhere/at/all';\n"
       "CREATE TABLE b (id int) /*!50100 PARTITION BY HASH (id) (PARTITION p DATA DIRECTORY = '/nowhere/at/all') */;\n"
       "CREATE PROCEDURE p() SELECT 1;\n");
  CHECK(number(*scratch, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()") == 2);
  const Value modes =
      value(*scratch, "SELECT sql_mode FROM information_schema.routines WHERE routine_schema = DATABASE()");
  CHECK_FALSE(contains(modes.text(), "NO_DIR_IN_CREATE"));
}

TEST_CASE("MySQL: the programs of a file that sets no modes get those of the server, as in a shell") {
  const auto scratch = confined();
  load(*scratch,
       "CREATE TABLE a (id int);\n"
       "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1;\n"
       "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1;\n"
       "SET sql_mode = 'PIPES_AS_CONCAT', time_zone = '+01:00';\n"
       "CREATE EVENT own ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1;\n");
  const auto facts = [&](const std::string& sql) { return value(*scratch, sql).text(); };
  const std::string modes = facts("SELECT @@GLOBAL.sql_mode");
  const std::string event = "FROM information_schema.events WHERE event_schema = database() AND event_name = ";
  CHECK(facts("SELECT sql_mode FROM information_schema.triggers WHERE trigger_schema = database()") == modes);
  CHECK(facts("SELECT sql_mode " + event + "'e'") == modes);
  CHECK(facts("SELECT time_zone " + event + "'e'") == facts("SELECT @@GLOBAL.time_zone"));
  CHECK(facts("SELECT CONCAT(sql_mode, time_zone) " + event + "'own'") == "PIPES_AS_CONCAT+01:00");
}

TEST_CASE("MySQL: a file that reaches outside its database is refused, with the line") {
  const auto scratch = confined();
  for (const char* const sql : {"LOAD DATA INFILE '/tmp/a' INTO TABLE a", "INSTALL SONAME 'a'", "SHUTDOWN", "KILL 1",
                                "SET STATEMENT a = 1 FOR DROP TABLE b", "CREATE FUNCTION a RETURNS STRING SONAME 'b'",
                                "HANDLER a OPEN", "CREATE SERVER a FOREIGN DATA WRAPPER b OPTIONS ()"}) {
    CAPTURE(sql);
    const auto error = error_of([&] { load(*scratch, std::string("CREATE TABLE IF NOT EXISTS a(x int);\n\n") + sql); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(std::string_view(error->what()).starts_with("Line 3: "));
  }
  const auto other = error_of([&] { load(*scratch, "CREATE VIEW w AS SELECT * FROM mysql.user"); });
  REQUIRE(other);
  CHECK(contains(other->remedy(), "other database"));
  CHECK(contains(error_of([&] { load(*scratch, "USE a; USE b"); })->what(), "more than one database"));
  CHECK(contains(error_of([&] { load(*scratch, "\nCREATE TABL c"); })->what(), "Line 2: "));
}

TEST_CASE("MySQL: a file without the end of a statement is refused, and not read as one with fewer tables") {
  const auto message = [](std::string_view script) {
    const auto scratch = confined();
    const auto error =
        error_of([&] { load(*scratch, "CREATE TABLE a (id int PRIMARY KEY);\n" + std::string(script)); });
    return error ? std::string(error->what()) : std::string();
  };
  for (const char* const script :
       {"INSERT INTO a VALUES (1)\nCREATE TABLE b (id int);", "TRUNCATE a CREATE TABLE b (id int);",
        "GRANT SELECT ON a TO b\nCREATE TABLE b (id int);", "INSERT INTO a VALUES ('1);\nCREATE TABLE b (id int);",
        "/* \nCREATE TABLE b (id int);", "INSERT INTO a VALUES (1)\\c\nCREATE TABLE b (id int);",
        "SET NAMES sjis;\nINSERT INTO a VALUES ('\x95\\');\nCREATE TABLE b (id int);",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nINSERT INTO a VALUES ('C:\\');\nCREATE TABLE b (id int);",
        "SET sql_mode = 'ANSI_QUOTES';\nTRUNCATE \"a\\\";\nCREATE TABLE b (id int);"}) {
    CAPTURE(script);
    CHECK(contains(message(script), ": "));
  }
  CHECK(
      message("USE c\nINSERT INTO a VALUES (1)\\g\nSELECT 1\\G\nSHOW CREATE TABLE a; GRANT CREATE, DROP ON *.* TO b;\n"
              "SELECT a.drop FROM a;\n"
              "SET sql_mode = 'ANSI_QUOTES', NAMES sjis; DELETE FROM a WHERE \"id\" = 'x\\'';")
          .empty());
}

TEST_CASE("MySQL: a file whose tables are created by what it calls is refused; a dump sets variables so") {
  const auto message = [](std::string_view script) {
    const auto scratch = confined();
    const auto error = error_of([&] { load(*scratch, script); });
    return error ? std::string(error->what()) : std::string();
  };
  for (const char* const script : {"CREATE PROCEDURE p() CREATE TABLE a (id int); CALL p();",
                                   "PREPARE s FROM 'CREATE TABLE a (id int)'; EXECUTE s;",
                                   "SET @s = CONCAT('CREATE ', 'TABLE a (id int)'); PREPARE s FROM @s;"}) {
    CAPTURE(script);
    CHECK(contains(message(script), "it runs others"));
  }
  CHECK(message("/*!50112 SELECT COUNT(*) INTO @is_there FROM information_schema.tables */;\n"
                "/*!50112 SET @save = IF (@is_there, 'SET @a = 1', 'SET @b = 0') */;\n"
                "/*!50112 PREPARE s FROM @save */;\n/*!50112 EXECUTE s */;\n/*!50112 DEALLOCATE PREPARE s */;\n")
            .empty());
}

TEST_CASE("MySQL: the kind of a statement decides what is done with it") {
  CHECK(treatment_of("CREATE OR REPLACE ALGORITHM = MERGE DEFINER = a@b SQL SECURITY INVOKER VIEW v AS SELECT 1") ==
        Treatment::run);
  CHECK(treatment_of("CREATE DEFINER = CURRENT_USER() TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1") ==
        Treatment::run);
  CHECK(treatment_of("CREATE UNIQUE INDEX a ON b (c)") == Treatment::run);
  CHECK(treatment_of("SET GLOBAL a = 1") == Treatment::leave_out);
  CHECK(treatment_of("SET @@GLOBAL.gtid_purged = ''") == Treatment::leave_out);
  CHECK(treatment_of("SET @a = 1, PASSWORD = PASSWORD('x')") == Treatment::leave_out);
  CHECK(treatment_of("BEGIN WORK") == Treatment::session);
  CHECK(treatment_of("BEGIN NOT ATOMIC SET PASSWORD = 'a'; END") == Treatment::program);
  CHECK(treatment_of("CREATE USER a") == Treatment::leave_out);
  CHECK(treatment_of("(SELECT 1)") == Treatment::rows);
  CHECK(treatment_of("START SLAVE") == Treatment::refuse);
  CHECK(treatment_of("START TRANSACTION") == Treatment::session);
  CHECK(without_definer("CREATE DEFINER=`a`@`b` VIEW v AS SELECT 1") == "CREATE VIEW v AS SELECT 1");
  CHECK(without_definer("CREATE DEFINER=CURRENT_USER() VIEW v") == "CREATE VIEW v");
  CHECK(without_definer("CREATE VIEW v AS SELECT definer = 1 FROM a") == "CREATE VIEW v AS SELECT definer = 1 FROM a");
}

TEST_CASE("MySQL: a name before a dot is that of a database, unless it is a table or an alias of the query") {
  const auto names = [](std::string_view statement) { return !database_in(statement, {"shop"}).empty(); };
  CHECK(database_in("SELECT a.b FROM `Shop` .c", {"shop"}) == "Shop");
  CHECK(database_in("SELECT shop.b.shop, 'shop.a' FROM x", {"b"}).empty());
  for (const char* const statement :
       {"SELECT shop.a FROM shop", "SELECT shop.* FROM t AS shop", "SELECT shop.a FROM other.shop",
        "SELECT 1 FROM t shop JOIN u ON (u.a, 1) = (shop.a, shop.b) AND shop.c",
        "SELECT f(shop.a, EXTRACT(YEAR FROM shop.b)) FROM shop WHERE shop.a IN (shop.b, 2) ORDER BY shop.b, shop.c",
        "SELECT a FROM shop GROUP BY shop.a HAVING MAX(shop.b) = 1", "DELETE FROM shop WHERE shop.a = 1",
        "UPDATE shop JOIN t ON t.a = shop.a SET shop.b = 1, shop.c = shop.d", "INSERT INTO t SELECT shop.a FROM shop",
        "WITH shop AS (SELECT 1 a) SELECT shop.a FROM shop",
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW INSERT INTO u SELECT shop.a FROM shop"}) {
    CAPTURE(statement);
    CHECK_FALSE(names(statement));
  }
  // A table can have the same name, so that the name alone does not prove a column.
  for (const char* const statement : {
           "SELECT shop.f() AS shop",
           "SELECT 1 AS shop FROM shop.t",
           "SELECT 1 AS shop FROM a, shop.t",
           "SELECT 1 AS shop FROM a JOIN shop.t",
           "SELECT 1 AS shop FROM (a, shop.t)",
           "SELECT 1 AS shop FROM a JOIN b ON a.x = b.x, shop.t",
           "SELECT 1 AS shop FROM (a JOIN b ON a.x = (1), shop.t)",
           "SELECT 1 AS shop FROM a JOIN b USING (x), shop.t",
           "SELECT 1 AS shop FROM a USE INDEX FOR ORDER BY (i), shop.t",
           "SELECT 1 AS shop FROM a USE INDEX FOR JOIN (i), shop.t",
           "SELECT 1 AS shop UNION TABLE shop.t",
           "SELECT 1 AS shop FROM a WHERE EXISTS (SELECT 1 FROM shop.t)",
           "SELECT 1 AS shop FROM a WHERE x IN (TABLE shop.t)",
           "SELECT NEXTVAL(shop.s) AS shop",
           "SELECT `nextval`(shop.s) AS shop",
           "SELECT NEXT VALUE FOR shop.s AS shop",
           "SELECT @where, 1 shop FROM x.select, shop.t",
           "SELECT 1 AS shop FROM /*!99999 WHERE */ shop.t",
           "SELECT 1 AS shop FROM /*M!99999 WHERE */ shop.t",
           "SELECT shop.a FROM t",
           "SELECT shop.1a AS shop",
           "INSERT INTO shop.t SELECT 1 AS shop",
           "INSERT shop.t VALUES (1)",
           "REPLACE shop.t SELECT 1 AS shop",
           "DELETE shop.t FROM shop.t, shop",
           "DELETE FROM shop USING shop, shop.t",
           "UPDATE shop, shop.t SET a = 1",
           "TRUNCATE shop.t",
           "CALL shop.p",
           "SET STATEMENT a = 1 FOR CALL shop.p",
           "CREATE TABLE shop LIKE shop.t",
           "CREATE TABLE shop (a int) CHARACTER SET utf8mb4 UNION = (shop.t)",
           "CREATE TABLE shop (a int REFERENCES shop.t ON UPDATE SET NULL)",
           "CREATE TABLE a (b int) ENGINE = MERGE UNION = (shop, shop.t)",
           "ALTER TABLE shop ADD FOREIGN KEY (a) REFERENCES b (c) ON UPDATE SET NULL, RENAME TO shop.t",
           "ALTER TABLE shop ORDER BY a, RENAME shop.t",
           "ALTER TABLE shop EXCHANGE PARTITION p WITH TABLE shop.t",
           "RENAME TABLE shop TO shop.t",
           "CREATE VIEW shop AS SELECT * FROM shop.t",
           "CREATE TRIGGER shop BEFORE UPDATE ON shop.t FOR EACH ROW SET @a = 1",
           "CREATE PROCEDURE p() BEGIN SELECT 1 AS shop; INSERT shop.t VALUES (1); END",
           "CREATE PROCEDURE p() BEGIN UPDATE a SET shop = 1; DELETE shop.t FROM shop.t; END",
           "CREATE EVENT shop ON SCHEDULE EVERY 1 DAY DO TRUNCATE shop.t",
       }) {
    CAPTURE(statement);
    CHECK(names(statement));
  }
}

TEST_CASE("MySQL: words that reach outside are refused where they are no names") {
  for (const char* const statement :
       {"SELECT id, global AS install FROM user", "SELECT u.execute, shutdown, prepare + 1 FROM u WHERE global = 1",
        "SELECT install FROM execute WHERE persist IS NULL ORDER BY prepare DESC, global",
        "CREATE TABLE t (`global` int, `grant` int)", "INSERT INTO t (install, prepare) VALUES (1, 2)"}) {
    CAPTURE(statement);
    CHECK_FALSE(has_hidden_reach(statement));
  }
  for (const char* const statement : {"SET GLOBAL a = 1",
                                      "SET a = 1, GLOBAL b = 2",
                                      "SET @@global.a = 1",
                                      "SET @@GLOBAL . a = 1",
                                      "SET PERSIST a = 1",
                                      "SET PERSIST_ONLY a = 1",
                                      "SET a = 1, PERSIST `b` = 2",
                                      "SET GLOBAL /*!99999 = */ a = 1",
                                      "CREATE PROCEDURE p() SHUTDOWN",
                                      "CREATE PROCEDURE p() BEGIN SHUTDOWN; END",
                                      "CREATE PROCEDURE p() SHUTDOWN WAIT",
                                      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO INSTALL SONAME 'a'",
                                      "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW PRECEDES x UNINSTALL PLUGIN a",
                                      "CREATE PROCEDURE p() EXECUTE IMMEDIATE 'DROP TABLE t'",
                                      "CREATE PROCEDURE p() BEGIN EXECUTE s; END",
                                      "CREATE PROCEDURE p() PREPARE s FROM @a",
                                      "CREATE PROCEDURE p() KILL 1",
                                      "CREATE PROCEDURE p() KILL (1)",
                                      "SELECT LOAD_FILE('a')",
                                      "SELECT LOAD_FILE ('a')",
                                      "SELECT 1 INTO OUTFILE 'a'",
                                      "SELECT 1 INTO DUMPFILE 'a'",
                                      "CREATE FUNCTION f RETURNS STRING SONAME 'a'",
                                      "CREATE PROCEDURE p() GRANT ALL ON *.* TO a",
                                      "CREATE PROCEDURE p() REVOKE ALL ON *.* FROM a"}) {
    CAPTURE(statement);
    CHECK(has_hidden_reach(statement));
  }
}
