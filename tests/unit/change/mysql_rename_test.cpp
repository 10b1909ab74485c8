#include <doctest/doctest.h>

#include "cli/answers.h"
#include "unit/change/mysql_there_and_back.h"
#include "unit/fixture/answers.h"

// Renames on MariaDB and MySQL, and what uses the renamed names.

using namespace whimbrel;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::go_there_and_back;
using test::mysql::run_all;

namespace {

diff::Answers exchanged(const std::string& a, const std::string& b) {
  diff::Answers answers;
  answers.column_renames = {{"t", a, b}, {"t", b, a}};
  return answers;
}

/// The server opens the table first under another name.
void open_under_alias(const Database& database) {
  database.query("FLUSH TABLES");
  database.query("SELECT * FROM t AS x");
}

void go_under_alias(const std::string& before, const std::string& after, const diff::Answers& answers) {
  CAPTURE(before);
  CAPTURE(after);
  const Database there;
  const Database first;
  const Database wanted;
  there.query(before);
  first.query(before);
  wanted.query(after);
  const run::SchemaChange change = compare(there.url(), wanted.url(), answers);
  open_under_alias(there);
  run_all(there, change.script.up);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  open_under_alias(there);
  run_all(there, change.script.down);
  CHECK(compare(there.url(), first.url()).operations.empty());
}

std::string table(const std::string& columns) { return "CREATE TABLE t (id int PRIMARY KEY, " + columns + ");"; }

Error refusal(const std::string& from, const std::string& to, const diff::Answers& answers) {
  const Database there;
  const Database wanted;
  there.query(from);
  wanted.query(to);
  const auto dialect =
      whimbrel::mysql::driver().make_dialect(whimbrel::mysql::driver().open({.url = there.url()})->server());
  return fixture::error_of(
      [&] { cli::require_effect(*dialect, answers, compare(there.url(), wanted.url(), answers)); });
}

}  // namespace

TEST_CASE("MariaDB: a column in an expression is renamed after its table was opened under an alias") {
  const diff::Answers a_to_c = fixture::renamed_column("t", "a", "c");
  go_under_alias(table("a int CHECK (a > 0)"), table("c int CHECK (c > 0)"), a_to_c);
  go_under_alias(table("a int, CONSTRAINT k CHECK (a > 0)"), table("c int, d int, CONSTRAINT k CHECK (c > 0)"), a_to_c);
  go_under_alias(table("a int, g int AS (a + 1) STORED, h int AS (a + 2)"),
                 table("c int, g int AS (c + 1) STORED, h int AS (c + 2)"), a_to_c);
  go_under_alias(table("a int, d int DEFAULT (a + 1)"), table("c int, d int DEFAULT (c + 1)"), a_to_c);
  go_under_alias(table("a json"), table("c json, d int"), a_to_c);
  go_under_alias(table("a int, b int, CONSTRAINT k CHECK (a < b)"), table("b int, a int, CONSTRAINT k CHECK (b < a)"),
                 exchanged("a", "b"));
}

TEST_CASE("MariaDB: a rename is tried in a copy with a view that has an alias for the table") {
  const std::string view = "CREATE VIEW v AS SELECT x.id FROM t AS x";
  const Database there;
  const Database wanted;
  there.query(table("a int CHECK (a > 0)") + view);
  wanted.query(table("c int CHECK (c > 0)") + view);
  there.query("FLUSH TABLES");
  const run::SchemaChange change = compare(there.url(), wanted.url(), fixture::renamed_column("t", "a", "c"));
  CHECK(change.operations.size() == (test::is_mariadb() ? 1U : 3U));  // MySQL recreates the check.
  run_all(there, change.script.up);
}

TEST_CASE("MariaDB: a column that no expression uses is renamed in one statement") {
  const std::string check = "b int CHECK (b > 0)";
  const std::vector<std::string> statements =
      go_there_and_back(table("a int, " + check), table("c int, " + check), fixture::renamed_column("t", "a", "c"));
  CHECK(statements.size() == 1);
}

TEST_CASE("MariaDB and MySQL: columns that a check and a generated column use exchange their names") {
  const auto schema = [](const std::string& a, const std::string& b) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + a + " int DEFAULT 1, " + b + " int DEFAULT 2, g int AS (" + a +
           " - " + b + ") STORED, CONSTRAINT k CHECK (" + a + " < " + b + "), KEY i (" + a + "), UNIQUE KEY u (" + b +
           "), KEY ig (g)); INSERT INTO t (id, " + a + ", " + b + ") VALUES (1, 1, 2), (2, 3, 4);";
  };
  go_there_and_back(schema("a", "b"), schema("b", "a"), exchanged("a", "b"));
}

TEST_CASE("MariaDB and MySQL: a trigger that cannot follow a rename becomes the one of the second schema") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + column + " int); CREATE TABLE l (x int);" +
           "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW INSERT INTO l VALUES (NEW." + column + ");" +
           "CREATE TRIGGER s AFTER INSERT ON l FOR EACH ROW SET @q = (SELECT max(" + column + ") FROM t);" +
           "CREATE TRIGGER f AFTER INSERT ON l FOR EACH ROW FOLLOWS s SET @p = 1;";
  };
  go_there_and_back(schema("a"), schema("b"), fixture::renamed_column("t", "a", "b"));
}

TEST_CASE("MariaDB and MySQL: a rename that differs only in case is no change, and the error says so") {
  const Error error = refusal(table("Foo int"), table("foo int"), fixture::renamed_column("t", "Foo", "foo"));
  CHECK(fixture::mentions(error,
                          "Cannot rename column \"t.Foo\" to \"foo\": the database takes these names for the same"));
}

TEST_CASE("MariaDB and MySQL: values of a set are not renamed, and the error says so") {
  diff::Answers answers;
  answers.column_renames.push_back({{"t", "s"}, "a", "c"});
  const Error error = refusal(table("s set('a','b')"), table("s set('c','b')"), answers);
  CHECK(fixture::mentions(error,
                          "column \"s\" of \"t\" has the type set('a','b'), and only values of an enum are renamed"));
}

TEST_CASE("MariaDB: a sequence is not renamed, and the error says so") {
  if (!test::is_mariadb()) return;
  const Error error = refusal("CREATE SEQUENCE s", "CREATE SEQUENCE r", fixture::renamed_table("s", "r"));
  CHECK(fixture::mentions(error, "\"s\" is a sequence"));
}
