#include <doctest/doctest.h>

#include "change/generate.h"
#include "unit/change/there_and_back.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// How columns and indexes are stored, what is collected about their values, and by which index a table is clustered:
// compared between complete schemas, and kept where something is recreated or gets another type.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;
using test::for_server;

namespace {

std::string with(std::string text, const std::string& mark, const std::string& word) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += word.size()) {
    text.replace(at, mark.size(), word);
  }
  return text;
}

void go(const std::string& from, const std::string& to, const std::string& rows = "",
        const diff::Answers& answers = {}) {
  test::go_there_and_back(for_server(from), for_server(to), rows, answers);
}

/// Makes the schema with one word instead of `@` the schema with another, and back.
void change_word(const std::string& schema, const std::string& from, const std::string& to,
                 const std::string& rows = "") {
  go(with(schema, "@", from), with(schema, "@", to), rows);
}

/// The statements from one schema to the other.
std::vector<std::string> way(const std::string& from, const std::string& to) {
  const PostgresDatabase first;
  const PostgresDatabase second;
  first.query(for_server(from));
  second.query(for_server(to));
  return fixture::texts(compare(first, second, {}).script.up);
}

/// Everything that can be set of the columns of a table.
const std::string settings =
    "ALTER TABLE t ALTER c SET STORAGE EXTERNAL, ALTER c SET (n_distinct=5, n_distinct_inherited=-0.5), ALTER c SET "
    "STATISTICS 9, ALTER c SET COMPRESSION pglz;";

const std::string keyed =
    "CREATE TABLE t (a int, b int, CONSTRAINT k PRIMARY KEY (a) WITH (fillfactor=70), CONSTRAINT u UNIQUE (a, b) WITH "
    "(fillfactor=60), CONSTRAINT x EXCLUDE (b WITH =) WITH (fillfactor=50)); CREATE INDEX \"I\" ON t (a, (b + 1));"
    "CREATE MATERIALIZED VIEW m AS SELECT a AS \"A\", b FROM t; CREATE INDEX mi ON m (b); ";

}  // namespace

TEST_CASE("PostgreSQL: settings of columns are compared, and change in place") {
  const std::string table = "CREATE SCHEMA \"s x\"; CREATE TABLE \"s x\".\"T\" (id int, \"b c\" text, d int[]);";
  const std::string alter = table + "ALTER TABLE \"s x\".\"T\" ALTER \"b c\" SET ";
  for (const auto& [first, second] :
       {std::pair("STORAGE MAIN", "STORAGE PLAIN"), std::pair("STORAGE EXTERNAL", "STORAGE EXTENDED"),
        std::pair("STATISTICS 0", "STATISTICS 7"), std::pair("STATISTICS 7", "STATISTICS -1"),
        std::pair("(n_distinct=5)", "(n_distinct=-0.5)"), std::pair("(n_distinct=5)", "(n_distinct_inherited=5)"),
        std::pair("(n_distinct=5, n_distinct_inherited=3)", "(n_distinct=5)")}) {
    go(alter + first, alter + second);
    go(table, alter + first);
    CHECK(way(alter + first, alter + first).empty());
  }
  CHECK(way(alter + "STORAGE MAIN", alter + "STORAGE EXTERNAL") ==
        std::vector<std::string>{"ALTER TABLE ONLY \"s x\".\"T\" ALTER COLUMN \"b c\" SET STORAGE EXTERNAL"});
  CHECK(way(alter + "STATISTICS 5", table) ==
        std::vector<std::string>{"ALTER TABLE ONLY \"s x\".\"T\" ALTER COLUMN \"b c\" SET STATISTICS -1"});
  go("CREATE TABLE t (a int, c text)", "CREATE TABLE t (a int, c text);" + settings);
  go("SELECT 1", "CREATE TABLE t (a int, c text);" + settings);
}

TEST_CASE("PostgreSQL: settings of indexes are compared, and change in place") {
  for (const auto& [first, second] :
       {std::pair("ALTER TABLE t CLUSTER ON k", "ALTER TABLE t CLUSTER ON \"I\""),
        std::pair("ALTER INDEX \"I\" ALTER COLUMN 2 SET STATISTICS 3", "ALTER INDEX \"I\" ALTER 2 SET STATISTICS 4"),
        std::pair("ALTER INDEX u SET (fillfactor=75)", "ALTER INDEX u RESET (fillfactor)"),
        std::pair("ALTER TABLE m CLUSTER ON mi; ALTER TABLE m ALTER \"A\" SET STATISTICS 7", "SELECT 1")}) {
    go(keyed + first, keyed + second);
    go(keyed, keyed + first);
    for (const std::string& statement : way(keyed + first, keyed + second)) {
      CHECK(statement.find("DROP") == statement.npos);
    }
    CHECK(way(keyed + first, keyed + first).empty());
  }
  go("SELECT 1", keyed + "ALTER TABLE t CLUSTER ON x; ALTER MATERIALIZED VIEW m CLUSTER ON mi");
}

TEST_CASE("PostgreSQL: a column that gets another type keeps how it is stored, if it can be stored so") {
  const std::string table = "CREATE TABLE t (a int, c @);" + settings;
  const std::string rows = "INSERT INTO t VALUES (1, '1')";
  change_word(table, "text", "varchar(30)", rows);
  change_word(table, "varchar(30)", "varchar(20)", rows);
  change_word(table, "text", "jsonb", rows);
  go("CREATE TABLE t (a int, c int)", with(table, "@", "text"));
  go("CREATE TABLE t (a int, c varchar(9))", with(table, "@", "text"));
  const auto stored = [](const std::string& type, const std::string& mode) {
    return "CREATE TABLE t (c " + type + "); ALTER TABLE t ALTER c SET STORAGE " + mode;
  };
  go(stored("text", "MAIN"), stored("varchar(7)", "EXTERNAL"));
  go(stored("text", "MAIN"), stored("varchar(7)", "EXTENDED"));
  go(stored("text", "EXTERNAL"), stored("numeric", "MAIN"), "INSERT INTO t VALUES ('5')");
}

TEST_CASE("PostgreSQL: a column whose type is recreated keeps how it is stored") {
  change_word(
      "CREATE TYPE e AS ENUM (@); CREATE TYPE ct AS (a e, b text); CREATE DOMAIN dt AS ct;"
      "CREATE TABLE t (a e[], c ct, d dt[], g text GENERATED ALWAYS AS ((c).b) STORED);" +
          settings +
          "ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER d SET STORAGE EXTERNAL, ALTER g SET STORAGE MAIN, ALTER g SET "
          "STATISTICS 4, ALTER g SET (n_distinct=3), ALTER d SET COMPRESSION pglz;",
      "'a', 'b'", "'b', 'a'", "INSERT INTO t VALUES ('{a}', '(b,x)', '{\"(a,y)\"}')");
}

TEST_CASE("PostgreSQL: child tables and partitions keep settings of their own when those of their parents change") {
  const std::string table =
      "CREATE TABLE t (id int, c @);"
      "CREATE TABLE kid (c @) INHERITS (t); CREATE TABLE other () INHERITS (kid);"
      "ALTER TABLE ONLY kid ALTER c SET STORAGE MAIN; ALTER TABLE ONLY other ALTER c SET STATISTICS 4, ALTER c SET "
      "COMPRESSION pglz; CREATE TABLE p (id int, c @) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR "
      "VALUES IN (1); ALTER TABLE ONLY p ALTER c SET STORAGE EXTERNAL; ALTER TABLE p1 ALTER c SET (n_distinct=5), "
      "ALTER c SET STORAGE PLAIN;";
  change_word(table, "text", "varchar(30)", "INSERT INTO t VALUES (1, 'a'); INSERT INTO p VALUES (1, 'b')");
  go(with(table, "@", "text"), with(table, "@", "text") + settings);
}

TEST_CASE("PostgreSQL: what is recreated keeps its settings, or gets those of the schema to which the script leads") {
  const std::string schema =
      "CREATE TABLE t (a int, b int, c int, CONSTRAINT k PRIMARY KEY (@) WITH (fillfactor=70), CONSTRAINT u UNIQUE (@, "
      "c) WITH "
      "(fillfactor=60), CONSTRAINT x EXCLUDE ((@ + 1) WITH =) WITH (fillfactor=50)); CREATE INDEX \"I\" ON t (@, (a + "
      "b)) WITH (fillfactor=40); CREATE MATERIALIZED VIEW m AS SELECT @ + 1 AS \"A\" FROM t; CREATE INDEX mi ON m "
      "((\"A\" + 1)); ALTER INDEX \"I\" ALTER COLUMN 2 SET STATISTICS 33; ALTER INDEX x ALTER COLUMN 1 SET STATISTICS "
      "34; ALTER INDEX mi ALTER COLUMN 1 SET STATISTICS 35; ALTER MATERIALIZED VIEW m ALTER \"A\" SET STATISTICS 36;"
      "ALTER MATERIALIZED VIEW m CLUSTER ON mi; ";
  for (const char* const index : {"k", "u", "x", "\"I\""}) {
    change_word(schema + "ALTER TABLE t CLUSTER ON " + index, "a", "b", "INSERT INTO t VALUES (1, 2)");
  }
  go(with(schema, "@", "a") + "ALTER TABLE t CLUSTER ON k; ALTER INDEX u SET (fillfactor=61)",
     with(schema, "@", "b") + "ALTER TABLE t CLUSTER ON u; ALTER INDEX \"I\" ALTER COLUMN 2 SET STATISTICS 3");
}

TEST_CASE("PostgreSQL: settings follow a renamed table, column and index") {
  const auto schema = [](const std::string& table, const std::string& column, const std::string& index) {
    return "CREATE TABLE " + table + " (id int CONSTRAINT key_" + index + " PRIMARY KEY WITH (fillfactor=70), " +
           column + " text); CREATE INDEX " + index + " ON " + table + " (lower(" + column + ")); ALTER TABLE " +
           table + " ALTER " + column + " SET STORAGE MAIN, ALTER " + column + " SET STATISTICS 5; ALTER INDEX " +
           index + " ALTER COLUMN 1 SET STATISTICS 5; ALTER TABLE " + table + " CLUSTER ON " + index;
  };
  diff::Answers answers;
  answers.table_renames.push_back({"t", "u"});
  answers.column_renames.push_back({"u", "x", "y"});
  go(schema("t", "x", "i"), schema("u", "y", "i"), "", answers);
  go(schema("t", "x", "i"), schema("t", "x", "j"));
}

namespace {

namespace before {
struct Note {
  std::int32_t id{};
  std::string text;
  std::string title;
  std::int32_t stars{};
  static void describe(Entity<Note>& note) {
    note.primary_generated<&Note::id>();
    note.column<&Note::text>({.length = 40});
    note.column<&Note::title>({.length = 40});
    note.column<&Note::stars>();
    note.unique<&Note::stars>({.name = "one"});
    note.index({expression("lower(text)")}, {.name = "by_text"});
  }
};
}  // namespace before

namespace after {
struct Note {
  std::int32_t id{};
  std::string text;
  std::string title;
  std::int32_t stars{};
  static void describe(Entity<Note>& note) {
    note.primary_generated<&Note::id>();
    note.column<&Note::text>({.length = 60});
    note.column<&Note::title>({.length = 60});
    note.column<&Note::stars>();
    note.unique<&Note::stars, &Note::id>({.name = "one"});
    note.index({expression("lower(text)"), expression("lower(title)")}, {.name = "by_text"});
  }
};
}  // namespace after

/// Returns what pg_dump says of settings.
std::string dumped_settings(const PostgresDatabase& database) {
  std::string text;
  for (const std::string& statement : test::dumped_statements(database.url())) {
    const bool is_one = statement.find("SET ST") != statement.npos || statement.find("CLUSTER") != statement.npos ||
                        statement.find("SET COMP") != statement.npos || statement.find("n_distinct") != statement.npos;
    if (is_one) text += statement;
  }
  return text + database.query("SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL ORDER BY 1");
}

}  // namespace

TEST_CASE("PostgreSQL: entities say nothing of settings, and their migrations keep those that they find") {
  const std::string in_known =
      "ALTER TABLE note ALTER text SET STORAGE EXTERNAL, ALTER text SET COMPRESSION pglz, ALTER title SET STATISTICS 4";
  fixture::Script first, second;
  {
    const PostgresDatabase database;
    first = fixture::generated("A1000000000001", {}, entities<before::Note>(), database.url());
    second =
        fixture::generated("B1000000000003", {first}, entities<after::Note>(), database.url(), {for_server(in_known)});
  }
  const PostgresDatabase there;
  fixture::run_all(there, {first});
  there.query(for_server(in_known) +
              "; ALTER TABLE note ALTER text SET STORAGE MAIN, ALTER text SET (n_distinct=4); ALTER TABLE note CLUSTER "
              "ON by_text; ALTER INDEX by_text ALTER COLUMN 1 SET STATISTICS 6; ALTER INDEX by_text SET "
              "(fillfactor=55); ALTER INDEX one SET (fillfactor=65)");
  const std::string expected = dumped_settings(there);
  CAPTURE(expected);
  fixture::run_all(there, {first, second});
  CHECK(dumped_settings(there) == expected);
  fixture::revert(there, {first, second});
  CHECK(dumped_settings(there) == expected);
  session::Session session(DataSourceOptions{.url = there.url(), .entities = entities<before::Note>()});
  CHECK(change::generate(session).empty());
}

TEST_CASE("PostgreSQL: the order of columns in statistics has no meaning") {
  const auto schema = [](const std::string& columns, const std::string& statistics) {
    return "CREATE SCHEMA s; CREATE TABLE t (" + columns + "); " + statistics;
  };
  const std::string one = "\"b,\" int, a int, \" ON \" int";
  const std::string other = "a int, \" ON \" int, \"b,\" int";
  for (const std::string name : {"s", "s.s", "\" ON a\""}) {
    for (const std::string kinds : {"", " (ndistinct, mcv)"}) {
      const std::string made = "CREATE STATISTICS " + name + kinds + " ON a, \"b,\", \" ON \" FROM t";
      CHECK(test::script_of(schema(one, made), schema(other, made)) == "");
      const std::string less = "CREATE STATISTICS " + name + kinds + " ON a, \" ON \" FROM t";
      test::go_there_and_back(schema(one, made), schema(one, less), "INSERT INTO t VALUES (1, 2, 3)");
    }
  }
  if (!test::has_postgres(14)) return;
  const std::string computed = "CREATE STATISTICS s ON a, (a + 1), \"b,\", (a || ' ON ') FROM t";
  CHECK(test::script_of(schema(one, computed), schema(other, computed)) == "");
}

TEST_CASE("PostgreSQL: tables with foreign keys become unlogged, and logged again") {
  const std::string schema =
      "CREATE @ TABLE c (id int PRIMARY KEY); CREATE @ TABLE b (id int PRIMARY KEY REFERENCES c, up int REFERENCES b);"
      "CREATE @ TABLE a (id int PRIMARY KEY REFERENCES b, c int REFERENCES c)";
  const std::string rows = "INSERT INTO c VALUES (1); INSERT INTO b VALUES (1, 1); INSERT INTO a VALUES (1, 1)";
  change_word(schema, "", "UNLOGGED", rows);
  change_word(schema, "UNLOGGED", "", rows);
  go(with(schema, "@", ""),
     "CREATE UNLOGGED TABLE c (id int PRIMARY KEY, more int);" + with(schema.substr(39), "@", "UNLOGGED"), rows);
}
