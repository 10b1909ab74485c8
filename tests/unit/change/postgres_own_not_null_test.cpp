#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/change/declared_there_and_back.h"

// Columns that tables inherit, but that are NOT NULL only there.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::go_there_and_back;

namespace {

const std::string parts = "CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;";
const std::string parts_with_x =
    "CREATE TABLE p (k int, x int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;"
    "ALTER TABLE p1 ALTER x SET NOT NULL;";
const std::string note = "fails if \"p1\" has rows: column \"x\" is NOT NULL without a default";

change::SchemaChange compared(const std::string& from, const std::string& to, const diff::Answers& answers = {}) {
  const PostgresDatabase there, wanted;
  there.query(from);
  wanted.query(to);
  return test::compare(there, wanted, answers);
}

diff::Answers backfill(const std::string& table) {
  diff::Answers answers;
  answers.backfills[{table, "x"}] = "7";
  return answers;
}

}  // namespace

TEST_CASE("PostgreSQL: notes say that a new column is NOT NULL in a partition, and rows get the value for it") {
  CHECK(compared(parts, parts_with_x).notes == std::vector{note});
  CHECK(compared(parts_with_x, parts).down_notes == std::vector{note});
  CHECK(compared(parts_with_x, parts).losses == std::vector<std::string>{"the values of column \"x\" of \"p\""});
  const std::string row = "INSERT INTO p VALUES (1);";
  CHECK(compared(parts + row, parts_with_x).missing_backfills.size() == 1);
  for (const std::string table : {"p", "p1"}) {
    CHECK(compared(parts + row, parts_with_x, backfill(table)).notes.empty());
    CHECK(compared(parts + row, parts_with_x, backfill(table)).missing_backfills.empty());
    CHECK(compared(parts_with_x, parts, backfill(table)).down_notes.empty());
    go_there_and_back(parts, parts_with_x, row, backfill(table));
    go_there_and_back(parts_with_x, parts, "INSERT INTO p VALUES (1, 2)", backfill(table));
  }
}

TEST_CASE("PostgreSQL: rows get the default that a partition has of its own in a new column") {
  const std::string to = parts_with_x + "ALTER TABLE p1 ALTER x SET DEFAULT 5;";
  CHECK(compared(parts, to).notes.empty());
  go_there_and_back(parts, to, "INSERT INTO p VALUES (1)");
  const std::string whole = parts_with_x + "ALTER TABLE p ALTER x SET DEFAULT 3; ALTER TABLE p1 ALTER x DROP DEFAULT;";
  CHECK(compared(parts, whole).notes.empty());
}

TEST_CASE("PostgreSQL: a new column is NOT NULL in a child and in what inherits from it, or in one of these") {
  const auto schema = [](const std::string& columns, const std::string& table) {
    return "CREATE TABLE p (k int" + columns + "); CREATE TABLE a () INHERITS (p); CREATE TABLE b () INHERITS (a);" +
           (table.empty() ? "" : "ALTER TABLE " + table + " ALTER x SET NOT NULL;");
  };
  const std::string rows = "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)";
  for (const std::string table : {"a", "b"}) {
    go_there_and_back(schema("", ""), schema(", x int", table), rows, backfill(table));
    go_there_and_back(schema("", ""), schema(", x int", table), rows, backfill("p"));
  }
  go_there_and_back(schema("", ""), schema(", x int", "a") + "CREATE INDEX i ON a (x)", rows, backfill("a"));
}

TEST_CASE("PostgreSQL: a column that only its parent loses stays in one child and goes from the other") {
  test::go_there_and_back_declared(
      "CREATE TABLE p (k int, x int); CREATE TABLE a () INHERITS (p); CREATE TABLE b () INHERITS (p);"
      "ALTER TABLE a ALTER x SET NOT NULL",
      "CREATE TABLE p (k int); CREATE TABLE a () INHERITS (p); CREATE TABLE b (x int) INHERITS (p)",
      "INSERT INTO b VALUES (1, 2)");
}

TEST_CASE("PostgreSQL: a renamed column that becomes NOT NULL in a child is asked about by its former name") {
  const std::string from = "CREATE TABLE p (x int, y int); CREATE TABLE c () INHERITS (p);";
  diff::Answers answers;
  answers.column_renames.push_back({"p", "x", "z"});
  const std::string to =
      "CREATE TABLE p (z int, y int); CREATE TABLE c () INHERITS (p); ALTER TABLE c ALTER z SET NOT NULL;";
  CHECK(compared(from, to, answers).missing_backfills.empty());
  CHECK(compared(from + "INSERT INTO c VALUES (NULL, 1)", to, answers).missing_backfills.size() == 1);
  go_there_and_back(from, to, "INSERT INTO c VALUES (2, 1)", answers);
  answers = {};
  answers.table_renames = {{"p", "u"}, {"c", "d"}};
  answers.column_renames.push_back({"u", "x", "z"});
  go_there_and_back(
      from, "CREATE TABLE u (z int, y int); CREATE TABLE d () INHERITS (u); ALTER TABLE d ALTER z SET NOT NULL;",
      "INSERT INTO c VALUES (2, 1)", answers);
}

TEST_CASE("PostgreSQL: a table stays nullable below one that becomes NOT NULL only itself") {
  if (test::has_postgres(18)) {
    MESSAGE("skipped: NOT NULL has NO INHERIT since PostgreSQL 18, which is not read");
    return;
  }
  const std::string to =
      "CREATE TABLE p (x int); CREATE TABLE g () INHERITS (p); CREATE TABLE a () INHERITS (g);"
      "ALTER TABLE ONLY g ALTER x SET NOT NULL";
  go_there_and_back("SELECT 1", to, "SELECT 1");
  test::go_there_and_back_declared("CREATE TABLE p (x int); CREATE TABLE a () INHERITS (p)", to, "SELECT 1");
}
