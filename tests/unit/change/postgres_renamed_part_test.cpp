#include "support/environment.h"
#include "unit/change/there_and_back.h"

// Comments and settings of a constraint or an index go along when it is renamed. Which ones the new and the old name
// have afterwards is what counts.

using namespace whimbrel;
using test::go_there_and_back;

namespace {

struct Kind {
  std::string one, other;  ///< The parts, with $ for their names.
  std::string comment;
};

std::string with_name(std::string text, const std::string& name) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) text.replace(at, 1, name);
  return text;
}

const std::vector<Kind> kinds = {
    {"ALTER TABLE t ADD CONSTRAINT $ CHECK (a > 0)", "ALTER TABLE t ADD CONSTRAINT $ CHECK (b > 0)",
     "CONSTRAINT $ ON t"},
    {"ALTER TABLE t ADD CONSTRAINT $ UNIQUE (a)", "ALTER TABLE t ADD CONSTRAINT $ UNIQUE (b)", "CONSTRAINT $ ON t"},
    {"ALTER TABLE t ADD CONSTRAINT $ UNIQUE (a)", "ALTER TABLE t ADD CONSTRAINT $ UNIQUE (b)", "INDEX $"},
    {"ALTER TABLE t ADD CONSTRAINT $ FOREIGN KEY (a) REFERENCES t",
     "ALTER TABLE t ADD CONSTRAINT $ FOREIGN KEY (b) "
     "REFERENCES t",
     "CONSTRAINT $ ON t"},
    {"CREATE INDEX $ ON t (a)", "CREATE INDEX $ ON t (b)", "INDEX $"}};

/// The two parts with these names, and comments on the names that have one.
std::string schema(const Kind& kind, const std::string& one, const std::string& other, const std::string& on_x,
                   const std::string& on_y) {
  std::string text = "CREATE TABLE t (id int PRIMARY KEY, a int, b int);" + with_name(kind.one, one) + ';' +
                     with_name(kind.other, other) + ';';
  if (!on_x.empty()) text += "COMMENT ON " + with_name(kind.comment, "x") + " IS '" + on_x + "';";
  if (!on_y.empty()) text += "COMMENT ON " + with_name(kind.comment, "y") + " IS '" + on_y + "';";
  return text;
}

}  // namespace

TEST_CASE("PostgreSQL: comments are right after constraints or indexes exchange their names") {
  test::EveryNth is_tried("WHIMBREL_MATRIX_STEP");
  for (const Kind& kind : kinds) {
    if (!is_tried()) continue;
    CAPTURE(kind.comment);
    CAPTURE(kind.one);
    go_there_and_back(schema(kind, "x", "y", "A", "B"), schema(kind, "y", "x", "A", "B"), "SELECT 1");
    go_there_and_back(schema(kind, "x", "y", "A", ""), schema(kind, "y", "x", "A", "Z"), "SELECT 1");
    go_there_and_back(schema(kind, "x", "y", "A", ""), schema(kind, "y", "x", "", "A"), "SELECT 1");
  }
  for (const Kind& kind : {kinds.front(), kinds.back()}) {
    go_there_and_back(schema(kind, "x", "y", "A", ""), schema(kind, "y", "x", "A", ""), "SELECT 1");
    go_there_and_back(schema(kind, "x", "y", "A", "B"), schema(kind, "y", "x", "B", "A"), "SELECT 1");
    go_there_and_back(schema(kind, "x", "y", "A", ""), schema(kind, "y", "x", "C", ""), "SELECT 1");
  }
}

TEST_CASE("PostgreSQL: a comment stays with a name that another constraint or index takes over") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.comment);
    CAPTURE(kind.one);
    go_there_and_back(schema(kind, "x", "z", "A", ""), schema(kind, "y", "x", "A", ""), "SELECT 1");
  }
}

TEST_CASE("PostgreSQL: settings are right after indexes exchange their names") {
  const std::string table = "CREATE TABLE t (a int, b int);";
  const std::string names = table + "CREATE INDEX x ON t (a); CREATE INDEX y ON t (b);";
  const std::string exchanged = table + "CREATE INDEX y ON t (a); CREATE INDEX x ON t (b);";
  go_there_and_back(names + "ALTER TABLE t CLUSTER ON x", exchanged + "ALTER TABLE t CLUSTER ON x", "SELECT 1");
  go_there_and_back(names + "ALTER TABLE t CLUSTER ON x", exchanged + "ALTER TABLE t CLUSTER ON y", "SELECT 1");
}

TEST_CASE("PostgreSQL: names are exchanged although something has the name that one of them would get meanwhile") {
  for (const Kind& kind : kinds) {
    const std::string others =
        "CREATE TABLE o (c int, CONSTRAINT temporary_x CHECK (c > 0)); CREATE TABLE temporary_y (c int); CREATE "
        "SEQUENCE "
        "temporary_x; ALTER TABLE t ADD c int, ADD CONSTRAINT temporary_y CHECK (c > 0), ADD CONSTRAINT temporary_x "
        "CHECK "
        "(c > 1)";
    go_there_and_back(schema(kind, "x", "y", "", "") + others, schema(kind, "y", "x", "", "") + others, "SELECT 1");
  }
  const std::string one = "CREATE TABLE one (id serial, a int); CREATE TABLE two (id serial, b int);";
  const std::string others =
      "CREATE SEQUENCE temporary_one; CREATE SEQUENCE temporary_two; CREATE TABLE temporary_one_id_seq (c int); CREATE "
      "SEQUENCE temporary_two_id_seq;";
  diff::Answers answers;
  answers.table_renames = {{"one", "two"}, {"two", "one"}};
  go_there_and_back(one + others, "CREATE TABLE two (id serial, a int); CREATE TABLE one (id serial, b int);" + others,
                    "SELECT 1", answers);
}

TEST_CASE("PostgreSQL: a table moves into a schema that is new, and comes back") {
  diff::Answers answers;
  answers.table_renames.push_back({{"s", "t"}, {"n", "u"}});
  const std::string rows = "INSERT INTO s.t VALUES (1)";
  test::go_there_and_back("CREATE SCHEMA s; CREATE TABLE s.t (id int)",
                          "CREATE SCHEMA s; CREATE SCHEMA n; CREATE TABLE n.u (id int)", rows, answers);
  test::go_there_and_back("CREATE SCHEMA s; CREATE TABLE s.t (id int)", "CREATE SCHEMA n; CREATE TABLE n.u (id int)",
                          rows, answers);
}

TEST_CASE("PostgreSQL: tables of one name exchange their schemas with indexes and sequences of the same names") {
  const auto tables = [](const std::string& one, const std::string& other) {
    return "CREATE SCHEMA s; CREATE TABLE " + one + "t (id serial PRIMARY KEY, a text UNIQUE); CREATE INDEX i ON " +
           one + "t (id); COMMENT ON INDEX " + one + "i IS 'one'; CREATE TABLE " + other +
           "t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text UNIQUE); CREATE INDEX i ON " + other +
           "t (b); CREATE VIEW v AS SELECT a, b FROM " + one + "t JOIN " + other + "t USING (id);";
  };
  const fixture::PostgresDatabase there, wanted;
  there.query(tables("", "s.") + "INSERT INTO t (a) VALUES ('a'); INSERT INTO s.t (b) VALUES ('b')");
  wanted.query(tables("s.", ""));
  diff::Answers answers;
  answers.table_renames = {{"t", {"s", "t"}}, {{"s", "t"}, "t"}};
  const change::SchemaChange change = test::compare(there, wanted, answers);
  test::run_all(there, change.script.up);
  CHECK(there.query("SELECT a, b FROM v") == "a|b");
  CHECK(there.query("SELECT a FROM s.t") == "a");
  CHECK(test::compare(there, wanted, {}).operations.empty());
  test::run_all(there, change.script.down);
  CHECK(there.query("SELECT a, b FROM v") == "a|b");
  CHECK(there.query("SELECT b FROM s.t") == "b");
}

TEST_CASE("PostgreSQL: tables exchange their schemas and names beside a table of the old name") {
  const std::string others = "CREATE SCHEMA s; CREATE TABLE s.t (i int);";
  const fixture::PostgresDatabase there, wanted;
  there.query(others +
              "CREATE TABLE t (id int PRIMARY KEY, x int); CREATE TABLE s.u (id int PRIMARY KEY, "
              "z int); INSERT INTO t VALUES (1, 2); INSERT INTO s.u VALUES (3, 4)");
  wanted.query(others +
               "CREATE TABLE s.u (id int CONSTRAINT t_pkey PRIMARY KEY, x int);"
               "CREATE TABLE t (id int CONSTRAINT u_pkey PRIMARY KEY, z int)");
  diff::Answers answers;
  answers.table_renames = {{"t", {"s", "u"}}, {{"s", "u"}, "t"}};
  const change::SchemaChange change = test::compare(there, wanted, answers);
  test::run_all(there, change.script.up);
  CHECK(there.query("SELECT x, z FROM s.u, t") == "2|4");
  CHECK(test::compare(there, wanted, {}).operations.empty());
  test::run_all(there, change.script.down);
  CHECK(there.query("SELECT x, z FROM t, s.u") == "2|4");
}

TEST_CASE("PostgreSQL: what uses a table follows it into a new schema, while others exchange their schemas") {
  const auto schema = [](const std::string& one, const std::string& other, const std::string& moved) {
    return "CREATE SCHEMA s; CREATE SCHEMA o; CREATE SCHEMA m; CREATE SCHEMA " + moved + "; CREATE TABLE " + one +
           ".t (id int PRIMARY KEY, a int); CREATE TABLE " + other + ".t (id int PRIMARY KEY, b int REFERENCES " + one +
           ".t); CREATE TABLE " + moved +
           ".u (c serial PRIMARY KEY, d int CHECK (d > 0)); CREATE VIEW m.v AS SELECT u.c, t.a FROM " + moved + ".u, " +
           one + ".t; CREATE FUNCTION m.f(" + moved + ".u) RETURNS int LANGUAGE sql AS 'SELECT 1'";
  };
  diff::Answers answers;
  answers.table_renames = {{{"k", "u"}, {"n", "u"}}};
  test::go_there_and_back(schema("s", "o", "k"), schema("s", "o", "n"), "INSERT INTO k.u VALUES (1, 1)", answers);
  answers.table_renames.push_back({{"s", "t"}, {"o", "t"}});
  answers.table_renames.push_back({{"o", "t"}, {"s", "t"}});
  test::go_there_and_back(schema("s", "o", "k"), schema("o", "s", "n"), "INSERT INTO k.u VALUES (1, 1)", answers);
}
