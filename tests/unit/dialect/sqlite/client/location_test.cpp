#include "dialect/sqlite/client/location.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/text/statement_text.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::sqlite::database_path;

TEST_CASE("the plain form of a URL is a path as it stands") {
  CHECK(database_path("sqlite:app.db") == "app.db");
  CHECK(database_path("sqlite:../a b/100%25.db") == "../a b/100%25.db");
  CHECK(database_path("sqlite:/abs/app.db") == "/abs/app.db");
  CHECK(database_path("SQLite:app.db") == "app.db");
  CHECK(database_path("sqlite::memory:") == ":memory:");
}

TEST_CASE("the form with slashes is an absolute path with percent signs decoded") {
  CHECK(database_path("sqlite:///abs/a%20b%3f.db") == "/abs/a b?.db");
  CHECK(database_path("sqlite:///abs/%C3%A4.db") == "/abs/\xC3\xA4.db");
}

TEST_CASE("a URL with a mistake is an error that says what to write") {
  struct Case {
    const char* url;
    const char* problem;
    const char* remedy;
  };
  for (const Case& wrong :
       {Case{"sqlite:", "names no file", "sqlite:path"}, Case{"sqlite://", "names no file", "sqlite:path"},
        Case{"sqlite://app.db", "names a host", "sqlite:app.db"}, Case{"sqlite:///a%2", "hexadecimal", "%25"},
        Case{"sqlite:///a%zz", "hexadecimal", "%25"}, Case{"sqlite:app.db?mode=ro", "mode=ro", "no options"},
        Case{"sqlite:///app.db?cache=shared", "cache=shared", "%3F"}, Case{"sqlite:///a%00b", "NUL", ""},
        Case{"postgresql:x", "not an SQLite URL", "sqlite:path"}}) {
    CAPTURE(wrong.url);
    const auto error = error_of([&] { static_cast<void>(database_path(wrong.url)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::usage);
    CHECK(contains(error->what(), wrong.problem));
    CHECK(contains(error->remedy(), wrong.remedy));
  }
}

TEST_CASE("blank text before a statement is skipped") {
  using dialect::sqlite::skip_blank;
  CHECK(skip_blank("  ;\n-- a; b\n/* c; */ SELECT 1; ") == "SELECT 1; ");
  CHECK(skip_blank("-- only a comment") == "");
  CHECK(skip_blank("/* not closed") == "");
  CHECK(skip_blank("\xef\xbb\xbfSELECT 1") == "SELECT 1");
  CHECK(skip_blank("-1") == "-1");
}

TEST_CASE("a statement that does not compile ends at its own semicolon") {
  using dialect::sqlite::first_statement;
  CHECK(first_statement("SELECT ';' FORM x ; SELECT 2") == "SELECT ';' FORM x");
  CHECK(first_statement("SELECT 1 \n") == "SELECT 1");
  const std::string trigger =
      "CREATE TEMP TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM y; SELECT CASE WHEN 1 THEN 2 END; END";
  CHECK(first_statement(trigger + "; SELECT 2") == trigger);
}
