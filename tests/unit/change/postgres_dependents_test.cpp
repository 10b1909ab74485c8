#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"
#include "unit/fixture/answers.h"

// What a change of a whole PostgreSQL schema has to recreate or to leave alone; pg_dump says whether it was right.

using namespace whimbrel;
using fixture::PostgresDatabase;
using fixture::renamed_column;
using fixture::renamed_table;
using test::compare;
using test::go_there_and_back;
using test::run_all;

TEST_CASE("PostgreSQL: a primary key over a recreated generated column comes back") {
  const auto schema = [](const std::string& factor) {
    return "CREATE TABLE t (id int, g int GENERATED ALWAYS AS (id * " + factor +
           ") STORED, CONSTRAINT tp PRIMARY KEY (g))";
  };
  go_there_and_back(schema("2"), schema("3"), "INSERT INTO t VALUES (1)");
}

TEST_CASE("PostgreSQL: a generated column that changes in place is recreated with what it uses") {
  const std::string rows = "INSERT INTO t VALUES (1)";
  const auto with_function = [](const std::string& parameter, const std::string& more) {
    return "CREATE FUNCTION f(" + parameter +
           " int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';"
           "CREATE TABLE t (id int, g int" +
           more;
  };
  const std::string generated = " GENERATED ALWAYS AS (f(id)) STORED); CREATE VIEW v AS SELECT g FROM t;";
  const std::string comment = "COMMENT ON COLUMN t.g IS 'c'";
  go_there_and_back(with_function("x", generated + comment), with_function("y", generated), rows);
  go_there_and_back(with_function("x", generated), with_function("y", " NOT NULL" + generated + comment), rows);
  const auto with_type = [](const std::string& type) {
    return "CREATE TABLE t (id " + type + ", g int GENERATED ALWAYS AS (id + 1) STORED); CREATE INDEX i ON t (g);";
  };
  go_there_and_back(with_type("int") + comment, with_type("bigint"), rows);
}

TEST_CASE("PostgreSQL: what uses a column of a child table is recreated when the parent's changes") {
  const auto schema = [](const std::string& type) {
    return "CREATE TABLE p (id " + type +
           ", v text); CREATE TABLE c (x int) INHERITS (p); CREATE TABLE d () INHERITS (c);"
           "CREATE VIEW vc AS SELECT id FROM c; CREATE VIEW vd AS SELECT id FROM d";
  };
  go_there_and_back(schema("integer"), schema("bigint"), "INSERT INTO c VALUES (1, 'x', 2)");
}

TEST_CASE("PostgreSQL: a child table that leaves its parent gets the columns that it then has by itself") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query("CREATE TABLE p (id int, v int); CREATE TABLE c (w int) INHERITS (p); INSERT INTO c VALUES (1, 2, 3)");
  wanted.query("CREATE TABLE p (id int, v int); CREATE TABLE c (id int NOT NULL DEFAULT 5, v bigint, w int)");
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(test::dumped_statements(there.url()) == test::dumped_statements(wanted.url()));
  CHECK(there.query("SELECT id, v, w FROM c") == "1|2|3");
  // The server now takes the columns for the child's own, so the dump differs.
  run_all(there, change.script.down);
  CHECK(there.query("SELECT id, pg_typeof(v) FROM p") == "1|integer");
  CHECK(
      there.query("SELECT attnotnull, atthasdef FROM pg_attribute WHERE attrelid = 'c'::regclass AND attname = 'id'") ==
      "0|0");
}

TEST_CASE("PostgreSQL: a table is attached once its columns and those of the parent fit") {
  go_there_and_back(
      "CREATE TABLE p (id int, k int) PARTITION BY LIST (k); CREATE TABLE p1 (id int, k int, v int)",
      "CREATE TABLE p (id int, k int, v bigint) PARTITION BY LIST (k); CREATE TABLE p1 (id int, k int, v bigint);"
      "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)",
      "INSERT INTO p1 VALUES (1, 1, 2)");
}

TEST_CASE("PostgreSQL: a partition that is detached from a table with an identity column has no identity to drop") {
  const std::string parent = "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, k int) PARTITION BY LIST (k);";
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(parent + "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p (k) VALUES (1)");
  wanted.query(parent + "CREATE TABLE p1 (id int NOT NULL, k int)");
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(test::dumped_statements(there.url()) == test::dumped_statements(wanted.url()));
  run_all(there, change.script.down);
  CHECK(there.query("SELECT id, k FROM p") == "1|1");
}

TEST_CASE("PostgreSQL: policies and functions follow a rename") {
  const auto policy = [](const std::string& name, const std::string& member) {
    return "CREATE TABLE " + name + " (" + member + " int); CREATE POLICY p ON " + name + " USING (" + member + " > 0)";
  };
  go_there_and_back(policy("t", "a"), policy("u", "a"), "INSERT INTO t VALUES (1)", renamed_table("t", "u"));
  go_there_and_back(policy("t", "a"), policy("t", "b"), "INSERT INTO t VALUES (1)", renamed_column("t", "a", "b"));
  const auto function = [](const std::string& name) {
    return "CREATE TABLE " + name + " (a int); CREATE FUNCTION g(" + name + ") RETURNS int LANGUAGE sql AS 'SELECT 1'";
  };
  go_there_and_back(function("t"), function("u"), "INSERT INTO t VALUES (1)", renamed_table("t", "u"));
}

TEST_CASE("PostgreSQL: a foreign key to a unique index is recreated when the index becomes a constraint") {
  const auto schema = [](const std::string& key) {
    return "CREATE TABLE t (id int, k int); " + key +
           "; CREATE TABLE c (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES t (k))";
  };
  go_there_and_back(schema("CREATE UNIQUE INDEX tu ON t (k)"), schema("ALTER TABLE t ADD CONSTRAINT tu UNIQUE (k)"),
                    "INSERT INTO t VALUES (1, 2); INSERT INTO c VALUES (2)");
}

TEST_CASE("PostgreSQL: a type is not dropped under a column that stays") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query("CREATE TYPE d AS RANGE (subtype = timestamp); CREATE TABLE t (id int, k d)");
  wanted.query("CREATE TYPE d AS RANGE (subtype = date); CREATE TABLE t (id int, k d)");
  const Error error = fixture::error_of([&] { static_cast<void>(compare(there, wanted, {})); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "type \"d\" cannot be made in place"));
  CHECK(fixture::mentions(error, "Column \"k\" of \"t\""));
}

TEST_CASE("PostgreSQL: the default of a column that changes its type with a function follows the function") {
  const auto schema = [](const std::string& type) {
    return "CREATE FUNCTION f() RETURNS " + type + " LANGUAGE sql AS 'SELECT 1::" + type +
           "'; CREATE TABLE t (id int, a " + type + " DEFAULT f())";
  };
  go_there_and_back(schema("integer"), schema("bigint"), "INSERT INTO t (id) VALUES (1)");
}

TEST_CASE("PostgreSQL: what calls a function by a text that then means another one is recreated") {
  const auto schema = [](const std::string& more, const std::string& types) {
    return "CREATE FUNCTION norm(t text" + more + ") RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';" +
           "CREATE TABLE t (id int, d text DEFAULT norm('Q'), CONSTRAINT c CHECK (norm(d) <> ''),"
           "g text GENERATED ALWAYS AS (norm(d)) STORED); CREATE INDEX i ON t (norm(d)) WHERE norm(d) <> 'x';"
           "CREATE VIEW v AS SELECT norm('A') AS a; REVOKE ALL ON FUNCTION norm(" +
           types + ") FROM PUBLIC";
  };
  go_there_and_back(schema("", "text"), schema(", n int DEFAULT 1", "text, int"), "INSERT INTO t VALUES (1)");
}

TEST_CASE("PostgreSQL: a generated column of an enum that loses a value is recreated") {
  const auto schema = [](const std::string& values) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE t (id int, k e DEFAULT 'a'," +
           "g e GENERATED ALWAYS AS (CASE WHEN id > 0 THEN k ELSE 'a' END) STORED)";
  };
  go_there_and_back(schema("'a', 'b', 'c'"), schema("'a', 'c'"), "INSERT INTO t VALUES (1), (0)");
}

TEST_CASE("PostgreSQL: a key to an index is recreated when a column that the index includes changes its type") {
  const auto schema = [](const std::string& type) {
    return "CREATE TABLE p (id int, k " + type + ", CONSTRAINT pk PRIMARY KEY (id) INCLUDE (k));" +
           "CREATE TABLE c (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES p (id))";
  };
  go_there_and_back(schema("integer"), schema("bigint"), "INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (1)");
}

TEST_CASE("PostgreSQL: a recreated index is again the replica identity of its table") {
  const auto schema = [](const std::string& index) {
    return "CREATE TABLE t (id int NOT NULL, k int NOT NULL); CREATE UNIQUE INDEX i ON t (" + index +
           "); ALTER TABLE t REPLICA IDENTITY USING INDEX i";
  };
  go_there_and_back(schema("id"), schema("id, k"), "INSERT INTO t VALUES (1, 2)");
}

TEST_CASE("PostgreSQL: an index is the replica identity of a table that is new, changes, or gets another index") {
  const std::string other = "CREATE TABLE u (a int);";
  const auto schema = [&](const std::string& columns, const std::string& indexes, const std::string& identity) {
    return other + "CREATE TABLE t (" + columns + ");" + indexes + "ALTER TABLE t REPLICA IDENTITY " + identity;
  };
  const std::string columns = "id int NOT NULL, k int NOT NULL";
  const std::string one = "CREATE UNIQUE INDEX i ON t (id);";
  const std::string two = "CREATE UNIQUE INDEX j ON t (id, k);";
  const std::string rows = "INSERT INTO t VALUES (1, 2)";
  const std::string by_index = schema(columns, one, "USING INDEX i");
  go_there_and_back(other, by_index, "SELECT 1");
  go_there_and_back(by_index, schema("id bigint NOT NULL, k int NOT NULL", one, "USING INDEX i"), rows);
  for (const std::string& from : {by_index, schema(columns, one + two, "USING INDEX i"), schema(columns, one, "FULL"),
                                  schema(columns, one, "DEFAULT")}) {
    go_there_and_back(from, schema(columns, two, "USING INDEX j"), rows);
    go_there_and_back(from, schema(columns + ", CONSTRAINT c UNIQUE (k)", one, "USING INDEX c"), rows);
  }
}

TEST_CASE("PostgreSQL: a function becomes a procedure or an aggregate with the same arguments") {
  const std::string function = "CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'";
  const std::string procedure = "CREATE PROCEDURE f(integer) LANGUAGE sql AS 'SELECT 1'";
  const std::string aggregate = "CREATE AGGREGATE f(integer) (sfunc = int4pl, stype = integer)";
  go_there_and_back(function, procedure, "");
  go_there_and_back(function, aggregate, "");
  go_there_and_back(procedure, aggregate, "");
}

TEST_CASE("PostgreSQL: a column that a policy uses is not dropped while the policy stays") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  const std::string policy = "CREATE POLICY mine ON t USING (EXISTS (SELECT FROM u WHERE u.k = id))";
  there.query("CREATE TABLE t (id int); CREATE TABLE u (k int, l int); " + policy);
  wanted.query("CREATE TABLE t (id int); CREATE TABLE u (l int)");
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(there.query("SELECT count(*) FROM pg_policies") == "0");
}

TEST_CASE("PostgreSQL: a table moves to another schema with what belongs to it, and back") {
  const auto schema = [](const std::string& table) {
    return "CREATE SCHEMA s; CREATE TABLE " + table + " (id serial PRIMARY KEY, a text); CREATE INDEX i ON " + table +
           " (a); CREATE VIEW v AS SELECT * FROM " + table;
  };
  diff::Answers answers;
  answers.table_renames.push_back({{"t"}, {"s", "t"}});
  go_there_and_back(schema("t"), schema("s.t"), "INSERT INTO t (a) VALUES ('x')", answers);
}

TEST_CASE("PostgreSQL: a function gets a parameter with a default together with something that calls it") {
  const auto schema = [](const std::string& parameters, const std::string& callers) {
    return "CREATE FUNCTION f(" + parameters +
           ") RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int, b int);" + callers;
  };
  const std::string one = "a int";
  const std::string two = "a int, n int DEFAULT 3";
  const std::string rows = "INSERT INTO t VALUES (1, 2)";
  const std::string index = "CREATE INDEX i ON t (f(a))";
  const std::string view = "CREATE VIEW v AS SELECT f(a) AS x FROM t";
  go_there_and_back(schema(one, ""), schema(two, index), rows);
  if (test::has_postgres(14)) {
    go_there_and_back(schema(one, ""), schema(two, "CREATE STATISTICS s ON (f(a)), b FROM t"), rows);
  }
  go_there_and_back(schema(one, ""), schema(two, "ALTER TABLE t ALTER b SET DEFAULT f(1)"), rows);
  go_there_and_back(schema(one, ""), schema(two, "ALTER TABLE t ADD CONSTRAINT k CHECK (f(a) > 0)"), rows);
  go_there_and_back(schema(one, ""), schema(two, view), rows);
  go_there_and_back(schema(one, index), schema(two, index), rows);
  go_there_and_back(schema(one, view), schema(two, view), rows);
  go_there_and_back(schema(one, view), schema(two, view + ';' + index), rows);
}

TEST_CASE("PostgreSQL: a table whose column counts becomes a partition or a child table, in which it does not") {
  const std::string whole = "CREATE TABLE p (id int, x int) PARTITION BY LIST (x);";
  const std::string rows = "INSERT INTO p1 (x) VALUES (1), (1)";
  for (const std::string counts : {"GENERATED ALWAYS AS IDENTITY", "GENERATED BY DEFAULT AS IDENTITY (START 5)"}) {
    const std::string part = "CREATE TABLE p1 (id int " + counts + ", x int);";
    go_there_and_back(whole + part, whole + "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", rows);
    go_there_and_back("CREATE TABLE p (id int);" + part,
                      "CREATE TABLE p (id int NOT NULL); CREATE TABLE p1 (id int NOT NULL, x int) INHERITS (p)", rows);
    // A partition has the identity of its table since PostgreSQL 17.
    const std::string counting = "CREATE TABLE p (id int " + counts + ", x int) PARTITION BY LIST (x);";
    go_there_and_back(counting + part, counting + "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", rows);
  }
}

TEST_CASE("PostgreSQL: a column of a table changes its type around one that has the rows of the table as its type") {
  const auto table = [](const std::string& type) { return "CREATE TABLE t (a int, c " + type + ");"; };
  const std::string rows = "INSERT INTO t VALUES (1, '2')";
  for (const std::string type : {"t", "t[]"}) {
    const std::string user = "CREATE TABLE u (a int, r " + type + ")";
    go_there_and_back(table("text") + user, table("varchar(20)") + "CREATE TABLE u (a int)", rows);
    go_there_and_back(table("text") + user, table("varchar(20)"), rows);
    go_there_and_back(table("text") + user, table("varchar(20)") + "CREATE TABLE u (a int, r int)", rows);
  }
}

TEST_CASE("PostgreSQL: a foreign key to a primary key waits for no other unique index on its column") {
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY); CREATE UNIQUE INDEX i ON t (id); CREATE TABLE u (t bigint)",
                    "CREATE TABLE t (id bigint PRIMARY KEY); CREATE TABLE u (t bigint REFERENCES t)",
                    "INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)");
}

TEST_CASE("PostgreSQL: rows that functions and views make by position keep their values in another order of columns") {
  if (!test::has_postgres(14)) return;
  const std::string made =
      "; CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t; END; CREATE FUNCTION g() "
      "RETURNS "
      "t LANGUAGE sql RETURN (SELECT row(x.*)::t FROM t x LIMIT 1); CREATE VIEW v AS SELECT (row(x.*)::t).a FROM t x";
  const fixture::PostgresDatabase there, swapped, longer;
  there.query("CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2)" + made);
  swapped.query("CREATE TABLE t (b int, a int)" + made);
  longer.query("CREATE TABLE t (b int, c int, a int)" + made);
  for (const fixture::PostgresDatabase* const wanted : {&swapped, &longer}) {
    test::run_all(there, test::compare(there, *wanted, {}).script.up);
    CHECK(there.query("SELECT f.a, f.b, g.a, g.b, v.a FROM f(), g(), v") == "1|2|1|2|1");
    CHECK(test::compare(there, *wanted, {}).operations.empty());
  }
}

TEST_CASE("PostgreSQL: a table becomes a logged one after it lost its foreign key to an unlogged one") {
  go_there_and_back("CREATE UNLOGGED TABLE p (id int PRIMARY KEY); CREATE UNLOGGED TABLE c (p int REFERENCES p)",
                    "CREATE UNLOGGED TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int)",
                    "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)");
}

TEST_CASE("PostgreSQL: a function that returns a record is not one that makes rows of a table called record") {
  if (!test::has_postgres(14)) return;
  const auto function = [](const std::string& value) {
    return "; CREATE FUNCTION f(OUT x int, OUT y text, OUT z text) LANGUAGE sql BEGIN ATOMIC SELECT " + value +
           " AS x, 'y' AS y, 'z' AS z FROM record; END; CREATE FUNCTION g() RETURNS TABLE (x int, y text) LANGUAGE sql "
           "BEGIN ATOMIC SELECT " +
           value + " AS x, b AS y FROM \"TABLE\"; END";
  };
  const fixture::PostgresDatabase there, wanted;
  there.query(
      "CREATE TABLE record (id int, a text, b text); CREATE TABLE \"TABLE\" (a text, b text);"
      "INSERT INTO record VALUES (1, 'a', 'b'); INSERT INTO \"TABLE\" VALUES ('a', 'b')" +
      function("1"));
  wanted.query("CREATE TABLE record (id int, b text, a text); CREATE TABLE \"TABLE\" (b text, a text)" + function("2"));
  test::run_all(there, test::compare(there, wanted, {}).script.up);
  CHECK(there.query("SELECT f.*, g.* FROM f(), g()") == "2|y|z|2|b");
  CHECK(test::compare(there, wanted, {}).operations.empty());
}

TEST_CASE("PostgreSQL: a column is dropped from a table whose rows a function returns that changes or selects them") {
  if (!test::has_postgres(14)) return;
  const std::string made =
      "; CREATE FUNCTION f() RETURNS t LANGUAGE sql BEGIN ATOMIC INSERT INTO t (b) VALUES ('b') RETURNING *; END;"
      "CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC WITH x AS (SELECT 1) SELECT DISTINCT ON (t.b) t.* "
      "FROM t, x ORDER BY t.b; END";
  const fixture::PostgresDatabase there, wanted;
  there.query("CREATE TABLE t (id int DEFAULT 7, a int, b text, c int DEFAULT 8)" + made);
  wanted.query("CREATE TABLE t (id int DEFAULT 7, b text, c int DEFAULT 8)" + made);
  const change::SchemaChange change = test::compare(there, wanted, {});
  test::run_all(there, change.script.up);
  CHECK(there.query("SELECT f.id, f.b, f.c FROM f()") == "7|b|8");
  CHECK(there.query("SELECT g.id, g.b, g.c FROM g()") == "7|b|8");
  CHECK(test::compare(there, wanted, {}).operations.empty());
  test::run_all(there, change.script.down);
  CHECK(there.query("SELECT f.id, f.a, f.b, f.c FROM f()") == "7|NULL|b|8");
  CHECK(there.query("SELECT DISTINCT g.id, g.a, g.b, g.c FROM g()") == "7|NULL|b|8");
}

TEST_CASE("PostgreSQL: a script is possible if only the way back would need values of a function in an unknown order") {
  if (!test::has_postgres(14)) return;
  const std::string made =
      "; CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t UNION SELECT * FROM t ";
  for (const std::string order : {"; END", "ORDER BY 1 DESC; END"}) {
    CAPTURE(order);
    const fixture::PostgresDatabase there, wanted;
    there.query("CREATE TABLE t (id int, a int, b text); INSERT INTO t VALUES (1, 2, 'b')" + made + order);
    wanted.query("CREATE TABLE t (id int, b text)" + made + order);
    const change::SchemaChange change = change::compare_whole(test::read(there), test::read(wanted), {});
    test::run_all(there, change.script.up);
    CHECK(there.query("SELECT id, b FROM f()") == "1|b");
    CHECK(test::compare(there, wanted, {}).operations.empty());
    CHECK(change.irreversible_because.has_value() == (order != "; END"));
    if (change.irreversible_because) continue;
    test::run_all(there, change.script.down);
    CHECK(there.query("SELECT id, a, b FROM f()") == "1|NULL|b");
  }
}
