#include "dialect/postgres/text/statement_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace whimbrel::dialect::postgres;
using Texts = std::vector<std::string_view>;

TEST_CASE("PostgreSQL: statements are split at semicolons, without the blanks and comments around them") {
  CHECK(split_statements("") == Texts{});
  CHECK(split_statements(" ;; -- nothing\n ; /* at all */ ") == Texts{});
  CHECK(split_statements("SELECT 1") == Texts{"SELECT 1"});
  CHECK(split_statements("\xEF\xBB\xBF SELECT 1 ; -- one\n\tSELECT /* ; */ 2 -- ;\n ;") ==
        Texts{"SELECT 1", "SELECT /* ; */ 2"});
}

TEST_CASE("PostgreSQL: a semicolon in a string, an identifier or a comment ends nothing") {
  for (const char* statement : {
           "SELECT ';', 'it''s;', \"a;\"\"b\"",
           R"(SELECT 'a\', 'b;')",
           R"(SELECT E'it\'s;\\', e'\\', 1)",
           "SELECT E'a'\n 'b\\';'",
           "SELECT E'a''b\\';'",
           "SELECT U&'\\0041;', B'1', N';'",
           "SELECT /* a /* nested; */ one; */ 1",
           "SELECT $$a;b$$, $t$ $$;$$ $u$; $t$",
           "SELECT $größe$;$größe$",
           "CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM b; DELETE FROM c)",
       }) {
    CAPTURE(statement);
    CHECK(split_statements(statement) == Texts{statement});
    CHECK(split_statements(std::string(statement) + ";SELECT 2").size() == 2);
  }
}

TEST_CASE("PostgreSQL: a dollar begins a string only where no word goes on and a tag can end") {
  CHECK(split_statements("SELECT a$b$ ; SELECT a$b$") == Texts{"SELECT a$b$", "SELECT a$b$"});
  CHECK(split_statements("SELECT $1;SELECT $2") == Texts{"SELECT $1", "SELECT $2"});
  CHECK(split_statements("SELECT 1$a$;$a$") == Texts{"SELECT 1$a$", "$a$"});
}

TEST_CASE("PostgreSQL: what is never closed reaches to the end") {
  for (const char* statement : {"SELECT 'a;", "SELECT \"a;", "SELECT E'a\\", "SELECT $$a;", "SELECT $a$;$$",
                                "SELECT (;", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;"}) {
    CAPTURE(statement);
    const auto statements = split_statements(statement);
    CHECK(statements.size() == 1);
  }
  CHECK(split_statements("SELECT 1; /* a ;") == Texts{"SELECT 1"});
  CHECK(split_statements("SELECT 1; /*") == Texts{"SELECT 1"});
}

TEST_CASE("PostgreSQL: the statements of a routine's body are its own") {
  const std::string function =
      "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql\n"
      "BEGIN ATOMIC\n  INSERT INTO t VALUES (CASE WHEN a > 0 THEN 1 END);\n  SELECT CASE a WHEN 1 THEN 2 END;\nEND";
  CHECK(split_statements(function + "; SELECT 1") == Texts{function, "SELECT 1"});
  const std::string procedure = "create procedure p() begin atomic; insert into a values (1); end";
  CHECK(split_statements(procedure + ";BEGIN;END") == Texts{procedure, "BEGIN", "END"});
  // The same words mean nothing elsewhere.
  CHECK(split_statements("CREATE TABLE function (begin int);SELECT 1").size() == 2);
  CHECK(split_statements("BEGIN; CREATE FUNCTION f() RETURNS int AS 'SELECT 1;' LANGUAGE sql; END").size() == 3);
}

TEST_CASE("PostgreSQL: a routine or a type may have the name begin") {
  for (const std::string& statement :
       {std::string("CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        std::string("CREATE FUNCTION app.begin(a begin) RETURNS begin AS 'SELECT 1' LANGUAGE sql"),
        std::string("CREATE OR REPLACE FUNCTION begin() RETURNS int\nBEGIN /* ; */ ATOMIC SELECT 1; END")}) {
    CAPTURE(statement);
    CHECK(split_statements(statement + "; SELECT 2") == Texts{statement, "SELECT 2"});
  }
}

TEST_CASE("PostgreSQL: a place in characters becomes one in bytes") {
  CHECK(byte_of_character("abc", 1) == 0);
  CHECK(byte_of_character("üß表c", 4) == 7);
  CHECK(byte_of_character("abc", 4) == -1);
}
