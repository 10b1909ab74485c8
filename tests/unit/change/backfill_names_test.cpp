#include <doctest/doctest.h>

#include "change/schema_source.h"
#include "unit/fixture/fixture.h"

// The names that a backfill reads while tables and columns are renamed.

using namespace whimbrel;
using fixture::mentions;

namespace {

struct Renames {
  std::vector<diff::Answers::ColumnRename> columns{};
  std::vector<diff::Answers::TableRename> tables{};
};

diff::Answers answers(const Renames& renames, const std::string& column, const std::string& value) {
  diff::Answers result;
  result.column_renames = renames.columns;
  result.table_renames = renames.tables;
  result.backfills[{"t", column}] = value;
  return result;
}

struct Way {
  std::string before, after;
  diff::Answers answers;
};

template <class Database>
change::SchemaChange change_of(const Database& there, const Database& wanted, const diff::Answers& given) {
  const auto& drivers = detail::linked_drivers();
  return change::compare_whole(change::read_database(drivers, there.url()),
                               change::read_database(drivers, wanted.url()), given);
}

template <class Database>
Error refusal(const Way& way) {
  const Database there;
  const Database wanted;
  there.query(way.before);
  wanted.query(way.after);
  return fixture::error_of([&] { static_cast<void>(change_of(there, wanted, way.answers)); });
}

/// Returns the value of column c of the only row.
template <class Database>
std::string filled(const Way& way) {
  const Database there;
  const Database wanted;
  there.query(way.before);
  wanted.query(way.after);
  std::string script;
  for (const sql::Statement& statement : change_of(there, wanted, way.answers).script.up) {
    script += statement.sql + ";\n";
  }
  there.query(script);
  return there.query("SELECT c FROM t");
}

const std::string two_columns = "CREATE TABLE t (id int PRIMARY KEY, a int, b int); INSERT INTO t VALUES (1, 10, 20)";
const Renames exchanged_columns{{{"t", "a", "b"}, {"t", "b", "a"}}, {}};
const Renames a_to_b{{{"t", "a", "b"}}, {}};
const Renames o_to_p{{}, {{"o", "p"}}};

}  // namespace

TEST_CASE_OF_EACH_DATABASE("a backfill that reads columns which exchange their names is refused") {
  const Error error =
      refusal<Database>({two_columns, "CREATE TABLE t (id int PRIMARY KEY, b int, a int, c int NOT NULL)",
                         answers(exchanged_columns, "c", "a")});
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error,
                 "Cannot backfill column \"c\" of table \"t\": its value reads column \"a\", which is another "
                 "column after the renames"));
  CHECK(mentions(error, "Rename first"));
}

TEST_CASE_OF_EACH_DATABASE("a backfill that reads a new column with the name of a renamed one is refused") {
  const std::string before = "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 10)";
  const Error own = refusal<Database>(
      {before, "CREATE TABLE t (id int PRIMARY KEY, b int, a int NOT NULL DEFAULT 5)", answers(a_to_b, "a", "a + 1")});
  CHECK(mentions(own, "column \"a\", which is another column after the renames"));
  CHECK(mentions(own, "Write the new name"));
  const Error other =
      refusal<Database>({before, "CREATE TABLE t (id int PRIMARY KEY, b int, a int NOT NULL DEFAULT 5, c int NOT NULL)",
                         answers(a_to_b, "c", "t.a")});
  CHECK(mentions(other, "column \"a\", which is another column after the renames"));
}

TEST_CASE_OF_EACH_DATABASE("a backfill that reads another table by the former name of a renamed one is refused") {
  const std::string before =
      "CREATE TABLE o (id int PRIMARY KEY, n int); CREATE TABLE t (id int PRIMARY KEY);"
      "INSERT INTO o VALUES (1, 7); INSERT INTO t VALUES (1)";
  const std::string after =
      "CREATE TABLE p (id int PRIMARY KEY, n int); CREATE TABLE o (id int PRIMARY KEY, n int);"
      "CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL)";
  const Renames exchanged{{}, {{"o", "p"}, {"q", "o"}}};
  const Error table = refusal<Database>({before + "; CREATE TABLE q (id int PRIMARY KEY, n int)", after,
                                         answers(exchanged, "c", "(SELECT n FROM o WHERE o.id = t.id)")});
  CHECK(mentions(table, "table \"o\", which is another table after the renames"));
}

TEST_CASE_OF_EACH_DATABASE(
    "a backfill may have the former name of a column as that of a column of a view or an alias") {
  const std::string before =
      "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 10); CREATE VIEW v AS SELECT 1 AS id, 5 AS "
      "a";
  const std::string after =
      "CREATE TABLE t (id int PRIMARY KEY, b int, c int NOT NULL); CREATE VIEW v AS SELECT 1 AS id, 5 AS a";
  for (const std::string value :
       {"(SELECT a FROM v WHERE v.id = t.id)", "(SELECT max(a) FROM (SELECT 5 AS a) s)", "(SELECT x.a FROM v x)"}) {
    CAPTURE(value);
    CHECK(filled<Database>({before, after, answers(a_to_b, "c", value)}) == "5");
  }
}

TEST_CASE_OF_EACH_DATABASE("a backfill reads columns and tables by their new names") {
  CHECK(filled<Database>({"CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 10)",
                          "CREATE TABLE t (id int PRIMARY KEY, b int, c int NOT NULL)",
                          answers(a_to_b, "c", "b + 1")}) == "11");
  CHECK(filled<Database>(
            {"CREATE TABLE o (id int PRIMARY KEY, n int); CREATE TABLE t (id int PRIMARY KEY);"
             "INSERT INTO o VALUES (1, 7); INSERT INTO t VALUES (1)",
             "CREATE TABLE p (id int PRIMARY KEY, n int); CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL)",
             answers(o_to_p, "c", "(SELECT n FROM p WHERE p.id = t.id)")}) == "7");
}

TEST_CASE_OF_EACH_DATABASE("a backfill may have the former name of a column as that of something else") {
  const std::string before =
      "CREATE TABLE o (id int PRIMARY KEY, a int); CREATE TABLE t (id int PRIMARY KEY, a int);"
      "INSERT INTO o VALUES (1, 7); INSERT INTO t VALUES (1, 8)";
  const std::string after =
      "CREATE TABLE o (id int PRIMARY KEY, a int); CREATE TABLE t (id int PRIMARY KEY, b int, c int NOT NULL)";
  CHECK(filled<Database>({before, after, answers(a_to_b, "c", "(SELECT a FROM o WHERE o.id = t.id)")}) == "7");
  CHECK(filled<Database>({before, after, answers(a_to_b, "c", "(SELECT max(x.a) AS a FROM o x)")}) == "7");
  CHECK(filled<Database>({before, after, answers(a_to_b, "c", "length('a')")}) == "1");
}
