#include "sql/writer.h"

#include <doctest/doctest.h>

#include "dialect/postgres/text/syntax.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "support/backtick_syntax.h"

using namespace whimbrel;
using dialect::postgres::postgres_syntax;
using dialect::sqlite::sqlite_syntax;
using test::backtick_syntax;

TEST_CASE("quotes inside of identifiers and strings are doubled") {
  CHECK(sql::quote_identifier("user", sqlite_syntax) == R"("user")");
  CHECK(sql::quote_identifier(R"(a"b)", sqlite_syntax) == R"("a""b")");
  CHECK(sql::quote_identifier("a`b\"", backtick_syntax) == "`a``b\"`");
  CHECK(sql::quote_identifier("", sqlite_syntax) == R"("")");
  CHECK(sql::quote_string("it's", sqlite_syntax) == "'it''s'");
}

TEST_CASE("a writer appends what it is given") {
  sql::Writer writer(sqlite_syntax);
  writer.raw("INSERT INTO ").identifier("a \"b\"").raw("(").identifiers({"x", "y"}).raw(") VALUES (").string("'");
  writer.raw(", ").list(std::vector<int>{1, 2, 3}, [&](int i) { writer.raw(std::to_string(i)); }).raw(")");
  CHECK(writer.text() == R"(INSERT INTO "a ""b"""("x", "y") VALUES ('''', 1, 2, 3))");
  CHECK(writer.take() == R"(INSERT INTO "a ""b"""("x", "y") VALUES ('''', 1, 2, 3))");
}

TEST_CASE("a writer quotes as its database does") {
  sql::Writer writer(backtick_syntax);
  CHECK(writer.identifiers({"a", "b`"}).raw(", ").string("it's \\ \"").text() == "`a`, `b```, 'it''s \\\\ \"'");
  CHECK(sql::quote_string("a\\", postgres_syntax) == "'a\\'");
  CHECK(sql::quote_identifier("a\\", backtick_syntax) == "`a\\`");
}

TEST_CASE("what a writer quotes is read back as it was") {
  for (const sql::Syntax& syntax : {sqlite_syntax, postgres_syntax, backtick_syntax}) {
    for (const char* text : {"", "a", "it's", "\"", "`", "\\", "\\'", "'\\", "a\\\\'\"`b", "[a]", "--", "/*", "\\n"}) {
      CAPTURE(text);
      const std::string string = sql::quote_string(text, syntax);
      const auto strings = sql::tokenize(string, syntax);
      REQUIRE(strings.size() == 1);
      CHECK(strings[0].kind == sql::TokenKind::string);
      CHECK(strings[0].value() == text);
      const std::string name = sql::quote_identifier(text, syntax);
      const auto names = sql::tokenize(name, syntax);
      REQUIRE(names.size() == 1);
      CHECK(names[0].kind == sql::TokenKind::quoted_identifier);
      CHECK(names[0].value() == text);
    }
  }
}

TEST_CASE("placeholders are numbered where the database numbers them") {
  CHECK(sql::placeholder(2, postgres_syntax) == "$2");
  CHECK(sql::placeholder(2, sqlite_syntax) == "?");
  sql::Writer writer(postgres_syntax);
  CHECK(writer.raw("a = ").placeholder(12).text() == "a = $12");
}
