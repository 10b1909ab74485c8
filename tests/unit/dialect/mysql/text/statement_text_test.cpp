#include "dialect/mysql/text/statement_text.h"

#include <doctest/doctest.h>

#include <string>

using whimbrel::dialect::mysql::ScriptStatement;
using whimbrel::dialect::mysql::split_script;
using whimbrel::dialect::mysql::split_statements;
using Texts = std::vector<std::string_view>;

TEST_CASE("MySQL: statements end at semicolons that are not in strings, names or comments") {
  CHECK(split_statements("") == Texts{});
  CHECK(split_statements(" ; ; ") == Texts{});
  CHECK(split_statements("SELECT 1; SELECT 2") == Texts{"SELECT 1", "SELECT 2"});
  CHECK(split_statements("SELECT ';', \";\", `;` ;SELECT 2;") == Texts{"SELECT ';', \";\", `;`", "SELECT 2"});
  CHECK(split_statements("SELECT '\\';', 'it''s;'; x") == Texts{"SELECT '\\';', 'it''s;'", "x"});
  CHECK(split_statements("SELECT `\\`; x") == Texts{"SELECT `\\`", "x"});
  CHECK(split_statements("# a; b\nSELECT 1 -- c; d\n; -- e\nSELECT 2 /* ; */ + 3 # ;") ==
        Texts{"SELECT 1", "SELECT 2 /* ; */ + 3"});
  CHECK(split_statements("SELECT 2--1; x") == Texts{"SELECT 2--1", "x"});
  CHECK(split_statements("\xEF\xBB\xBFSELECT 1") == Texts{"SELECT 1"});
}

TEST_CASE("MySQL: a conditional comment belongs to its statement") {
  CHECK(split_statements("/*!40101 SET NAMES utf8 */; SELECT 1") == Texts{"/*!40101 SET NAMES utf8 */", "SELECT 1"});
  CHECK(split_statements("CREATE TABLE a (b int) /*!50100 PARTITION BY HASH (b) */;x") ==
        Texts{"CREATE TABLE a (b int) /*!50100 PARTITION BY HASH (b) */", "x"});
  CHECK(split_statements("/*M!100100 SELECT ';' */ ; x") == Texts{"/*M!100100 SELECT ';' */", "x"});
  // The first line of a dump, which is for no server.
  CHECK(split_statements("/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump\nSELECT 1") == Texts{"SELECT 1"});
}

TEST_CASE("MySQL: semicolons in a body do not end it, without a delimiter") {
  const auto is_one = [](std::string body) {
    const std::string text = "SELECT 1; " + body + "; SELECT 2";
    const Texts parts = split_statements(text);
    CAPTURE(body);
    CHECK(parts.size() == 3);
    if (parts.size() == 3) CHECK(parts[1] == body);
  };
  is_one("CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW BEGIN SET NEW.x = 1; SET NEW.y = 2; END");
  is_one("CREATE TRIGGER a BEFORE UPDATE ON b FOR EACH ROW IF NEW.x THEN SET NEW.y = 1; ELSE SET NEW.y = 2; END IF");
  is_one("CREATE TRIGGER a AFTER DELETE ON b FOR EACH ROW FOLLOWS c INSERT INTO d VALUES (IF(OLD.x, 1, 2))");
  is_one(
      "CREATE DEFINER = `a`@`b` PROCEDURE p(IN x decimal(10,2)) COMMENT 'a;' BEGIN WHILE x DO SET x = x - 1; END "
      "WHILE; "
      "REPEAT SET x = 1; UNTIL x END REPEAT; l: LOOP LEAVE l; END LOOP l; END");
  is_one(
      "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; START TRANSACTION; "
      "COMMIT; "
      "END");
  is_one("CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN IF(a > 0, 1, 2)");
  is_one("CREATE FUNCTION f() RETURNS varchar(9) CHARACTER SET utf8mb4 NO SQL BEGIN RETURN 'a'; END");
  is_one("CREATE FUNCTION f() RETURNS set('a','b') NO SQL BEGIN RETURN 'a'; END");
  is_one("CREATE FUNCTION f(a int) RETURNS int CASE a WHEN 1 THEN RETURN 2; ELSE BEGIN END; RETURN 3; END CASE");
  is_one(
      "CREATE FUNCTION f(a int) RETURNS int BEGIN RETURN CASE a WHEN 1 THEN IF(a, 1, 2) ELSE REPEAT('a', 2) END; END");
  is_one("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; DELETE FROM b; END");
  is_one("CREATE PROCEDURE IF NOT EXISTS p() IF EXISTS (SELECT 1) THEN SELECT 1; END IF");
  is_one(
      "CREATE OR REPLACE TRIGGER a BEFORE INSERT ON b FOR EACH ROW BEGIN IF a THEN BEGIN END; ELSEIF b THEN SET c = 1; "
      "END IF; SET d = (SELECT x.begin FROM x); END");
  is_one("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END");
  is_one("IF 1 THEN SELECT 1; END IF");
  is_one("CREATE FUNCTION f() RETURNS int LANGUAGE JAVASCRIPT AS $$ let a = 1; return a; $$");
}

TEST_CASE("MySQL: words that begin a body elsewhere are no bodies") {
  CHECK(split_statements("BEGIN; SELECT 1; COMMIT") == Texts{"BEGIN", "SELECT 1", "COMMIT"});
  CHECK(split_statements("BEGIN WORK; SELECT CASE 1 WHEN 1 THEN 2 END; x").size() == 3);
  CHECK(split_statements("DROP TRIGGER IF EXISTS a; DROP PROCEDURE IF EXISTS b; x").size() == 3);
  CHECK(split_statements("CREATE TABLE `trigger` (`begin` int); CREATE VIEW v AS SELECT IF(1,2,3); x").size() == 3);
  CHECK(split_statements("CREATE FUNCTION f RETURNS STRING SONAME 'a.so'; x").size() == 2);
  CHECK(split_statements("ALTER EVENT e DISABLE; x").size() == 2);
}

namespace {

/// The statements of a script, of which the shell runs each.
Texts texts_of(std::string_view script) {
  Texts texts;
  for (const ScriptStatement& statement : split_script(script)) {
    CHECK(statement.problem.empty());
    texts.push_back(statement.text);
  }
  return texts;
}

}  // namespace

TEST_CASE("MySQL: a script has delimiters, as the shell reads them") {
  CHECK(texts_of("SELECT 1;\nDELIMITER ;;\nCREATE TRIGGER a SET x = 1; END ;;\nSELECT 2;;\ndelimiter ;\nSELECT 3;") ==
        Texts{"SELECT 1", "CREATE TRIGGER a SET x = 1; END", "SELECT 2", "SELECT 3"});
  CHECK(texts_of("DELIMITER $$\r\nSELECT 1$$\r\n") == Texts{"SELECT 1"});
  CHECK(texts_of("DELIMITER // -- here\nSELECT 1//\nDELIMITER '$' x\nSELECT 2$") == Texts{"SELECT 1", "SELECT 2"});
}

TEST_CASE("MySQL: the shell ends USE with its line, and other statements also with \\g and \\G") {
  CHECK(texts_of("USE a\nSELECT 1;") == Texts{"USE a", "SELECT 1"});
  CHECK(texts_of("SELECT 1;\nuse `a` -- b\r\nSELECT 2;USE c;SELECT 3\n;") ==
        Texts{"SELECT 1", "use `a`", "SELECT 2", "USE c", "SELECT 3"});
  CHECK(texts_of("SELECT 1\\g SELECT 2\n\\G\nSELECT \\N, '\\g', `\\g` /* \\g */;") ==
        Texts{"SELECT 1", "SELECT 2", "SELECT \\N, '\\g', `\\g`"});
  CHECK(split_statements("USE\na; b") == Texts{"USE\na", "b"});
}

TEST_CASE("MySQL: a statement that the shell would not run so has a problem") {
  for (const char* const script : {"SELECT 'a; SELECT 2;", "SELECT `a; SELECT 2;", "SELECT \"a\\\"; SELECT 2;",
                                   "SELECT 1 /* ; SELECT 2;", "/* SELECT 2;", "SELECT 1 \\c; SELECT 2;"}) {
    CAPTURE(script);
    CHECK_FALSE(split_script(script).front().problem.empty());
  }
  CHECK(split_script("SELECT 1; SELECT 'a").front().problem.empty());
  CHECK_FALSE(split_script("SELECT 1; /*!50000 SELECT 2").back().problem.empty());
}
