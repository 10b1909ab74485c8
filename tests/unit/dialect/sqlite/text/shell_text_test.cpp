#include "dialect/sqlite/text/shell_text.h"

#include <doctest/doctest.h>

#include "whimbrel/error.h"

using namespace whimbrel;
using namespace whimbrel::dialect::sqlite;

namespace {

std::string written(std::string_view sql) { return shell_text(sql, CarriageReturns::kept).sql; }
std::string doubled(std::string_view sql) { return shell_text(sql, CarriageReturns::doubled).sql; }

}  // namespace

TEST_CASE("a comment that a statement leaves open is closed for the shell, and nothing else is taken for one") {
  CHECK(written("SELECT 1 /* half") == "SELECT 1 /* half */");
  CHECK(written("SELECT 1 /* half *") == "SELECT 1 /* half * */");
  CHECK(written("SELECT 1 /*/") == "SELECT 1 /*/ */");
  CHECK(written("SELECT 1 /* a */ -- /*") == "SELECT 1 /* a */ -- /*");
  CHECK(written("SELECT '/*', \"/*\", [/*], `/*`") == "SELECT '/*', \"/*\", [/*], `/*`");
}

TEST_CASE("what the shell takes for the end of a statement does not stand alone on a line") {
  CHECK(written("SELECT a\n/\nb") == "SELECT a /\nb");
  CHECK(written("SELECT a\n \t/ -- by\nb") == "SELECT a / -- by\nb");
  CHECK(written("SELECT a -- by\n/\nb") == "SELECT a /\nb");
  CHECK(written("SELECT a /* by\n*/\n/\n2") == "SELECT a /\n2");
  CHECK(written("SELECT a AS\ngo\n,b AS\n  Go /* x */\nFROM t") == "SELECT a AS go\n,b AS Go /* x */\nFROM t");
  for (const char* const untouched :
       {"SELECT a\n/* b */\n, 2", "SELECT 'a\n/\n', \"a\ngo\n\"", "SELECT a\n, going\n, b", "SELECT 1 -- a\n -- /\n"}) {
    CHECK(written(untouched) == untouched);
  }
}

TEST_CASE(
    "a carriage return that the shell would take away is written twice in quotes, and elsewhere it is white space") {
  CHECK(doubled("SELECT 'a\r\nb',\r\n\"c\r\r\nd\", 'e\rf\n'") == "SELECT 'a\r\r\nb',\r\n\"c\r\r\r\nd\", 'e\rf\n'");
  CHECK(shell_text("SELECT 'a\r\nb'", CarriageReturns::kept).has_carriage_returns);
  CHECK(written("SELECT 'a\r\nb'") == "SELECT 'a\r\nb'");
  CHECK(!shell_text("SELECT 'a\rb' -- c\r\n", CarriageReturns::kept).has_carriage_returns);
}

TEST_CASE("a NUL is refused, which no shell can be given") {
  try {
    static_cast<void>(written(std::string_view("SELECT 'a\0b'", 12)));
    FAIL("It was taken.");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(!error.remedy().empty());
  }
}
