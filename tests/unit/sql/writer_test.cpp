#include "sql/writer.h"

#include <doctest/doctest.h>

using namespace whimbrel;

TEST_CASE("quotes inside of identifiers and strings are doubled") {
  CHECK(sql::quote_identifier("user") == R"("user")");
  CHECK(sql::quote_identifier(R"(a"b)") == R"("a""b")");
  CHECK(sql::quote_identifier("a`b\"", '`') == "`a``b\"`");
  CHECK(sql::quote_identifier("") == R"("")");
  CHECK(sql::quote_string("it's") == "'it''s'");
}

TEST_CASE("a writer appends what it is given") {
  sql::Writer writer;
  writer.raw("INSERT INTO ").identifier("a \"b\"").raw("(").identifiers({"x", "y"}).raw(") VALUES (").string("'");
  writer.raw(", ").list(std::vector<int>{1, 2, 3}, [&](int i) { writer.raw(std::to_string(i)); }).raw(")");
  CHECK(writer.text() == R"(INSERT INTO "a ""b"""("x", "y") VALUES ('''', 1, 2, 3))");
  CHECK(writer.take() == R"(INSERT INTO "a ""b"""("x", "y") VALUES ('''', 1, 2, 3))");
}

TEST_CASE("a writer quotes identifiers as its database does") {
  sql::Writer writer(sql::Quoting{'`'});
  CHECK(writer.identifiers({"a", "b`"}).text() == "`a`, `b```");
}
