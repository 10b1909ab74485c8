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
  const change::SchemaChange change = compare(there.url(), wanted.url(), answers);
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
  const change::SchemaChange change = compare(there.url(), wanted.url(), fixture::renamed_column("t", "a", "c"));
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

TEST_CASE("MariaDB and MySQL: generated columns keep their places while columns that they use are renamed") {
  const auto schema = [](const std::string& a, const std::string& b, const std::string& columns) {
    std::string text = "CREATE TABLE t (" + columns + ", CONSTRAINT x CHECK (A + B > 0));";
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == 'A' && text[i + 1] == ' ') text.replace(i, 1, a);
      if (text[i] == 'B' && text[i + 1] == ' ') text.replace(i, 1, b);
    }
    return text;
  };
  diff::Answers answers;
  answers.column_renames = {{"t", "a", "p"}, {"t", "b", "q"}};
  diff::Answers others;
  others.column_renames = {{"t", "b", "q"}, {"t", "a", "p"}};
  for (const std::string columns :
       {"A int, g int AS (A + 1), h int AS (A + 2), B int, k int AS (B + 1), l int AS (A + B ), z int",
        "g int AS (A + B ), h int AS (B + 1), k int AS (A + 1), l int AS (A + B ) STORED, A int, B int, m int AS (B + "
        "2)",
        "h int AS (B + 1), g int AS (A + 1), A int, k int AS (A + 3), l int AS (B + 3), B int",
        "k int AS (A + 1), l int AS (B + 1), A int, B int, m int AS (B + 4), n int AS (A + 4), o int AS (B + 5)"}) {
    CAPTURE(columns);
    go_there_and_back(schema("a", "b", columns), schema("p", "q", columns), answers);
    go_there_and_back(schema("a", "b", columns), schema("p", "q", columns), others);
    go_there_and_back(schema("a", "b", columns), schema("b", "a", columns), exchanged("a", "b"));
  }
}

TEST_CASE("MariaDB and MySQL: what uses a generated column that uses a renamed one follows the rename") {
  const auto schema = [](const std::string& a, const std::string& more) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + a + " int, g int AS (" + a + " + 1) STORED, h int AS (g + 1), " +
           "d int DEFAULT 1, KEY kh (h), CONSTRAINT c CHECK (g > h - 9), CONSTRAINT e CHECK (" + a + " > 0)" + more +
           "); INSERT INTO t (id, " + a + ") VALUES (1, 2);";
  };
  go_there_and_back(schema("a", ""), schema("b", ""), fixture::renamed_column("t", "a", "b"));
  if (test::is_mariadb()) return;
  const std::string keys = ", KEY ke ((g * 2)), UNIQUE KEY ku (d, (h + 1))";
  go_there_and_back(schema("a", keys), schema("b", keys), fixture::renamed_column("t", "a", "b"));
}

TEST_CASE("MariaDB and MySQL: foreign keys over a generated column, or that need a key of it, follow a rename") {
  const auto table_of = [](const std::string& a, const std::string& more) {
    return "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (2), (3);" + table(a + " int, b int, " + more) +
           "INSERT INTO t (id, " + a + ", b) VALUES (1, 2, 3);";
  };
  const auto go = [&](const std::string& before, const std::string& after, const std::string& more) {
    go_there_and_back(table_of("a", before) + more, table_of("z", after) + more,
                      fixture::renamed_column("t", "a", "z"));
  };
  const std::string child = "CREATE TABLE c (x int, CONSTRAINT fx FOREIGN KEY (x) REFERENCES t (g));";
  go("g int AS (a + 1) STORED, UNIQUE KEY u (g)", "g int AS (z + 1) STORED, UNIQUE KEY u (g)",
     child + "INSERT INTO c VALUES (3);");
  for (const std::string& more :
       {std::string("KEY k (g), CONSTRAINT f FOREIGN KEY (g) REFERENCES p (id)"),
        std::string("KEY k (b, g), CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id)"),
        std::string("KEY k (b, g), KEY l (b), CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id)")}) {
    go("g int AS (a + 1) STORED, " + more, "g int AS (z + 1) STORED, " + more, "");
  }
  go("g int AS (a + 1) STORED, KEY k (a, g), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)",
     "g int AS (z + 1) STORED, KEY k (z, g), CONSTRAINT f FOREIGN KEY (z) REFERENCES p (id)", "");
  go("g int AS (a + 1) STORED, UNIQUE KEY u (a), KEY k (a, g)",
     "g int AS (z + 1) STORED, UNIQUE KEY u (z), KEY k (z, g)", "");
}

TEST_CASE("MySQL: a column that a generated one in the primary key uses is not renamed, and the error says why") {
  if (test::is_mariadb()) return;
  const Error error = refusal("CREATE TABLE t (a int NOT NULL, g int AS (a + 1) STORED NOT NULL PRIMARY KEY)",
                              "CREATE TABLE t (z int NOT NULL, g int AS (z + 1) STORED NOT NULL PRIMARY KEY)",
                              fixture::renamed_column("t", "a", "z"));
  CHECK(
      fixture::mentions(error, "Column \"a\" of table \"t\" cannot be renamed: a generated column in the primary key"));
}
