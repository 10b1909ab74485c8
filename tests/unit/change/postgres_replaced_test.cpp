#include <doctest/doctest.h>

#include "operation/describe.h"
#include "unit/change/there_and_back.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Views and functions that are changed in place, so that what uses them stays.

using namespace whimbrel;
using test::go_there_and_back;
using test::script_of;

namespace {

const std::string tables = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text);";
const std::string rows = "INSERT INTO t (id, a) VALUES (1, 5), (2, 6)";

/// Everything that can use a view of the columns id and a.
const std::string users =
    "CREATE VIEW w AS SELECT id, a FROM v WHERE a < 100; CREATE VIEW x AS SELECT w.id FROM w JOIN v USING (id);"
    "CREATE MATERIALIZED VIEW m AS SELECT a FROM w; CREATE UNIQUE INDEX m_a ON m (a);"
    "CREATE FUNCTION of_row(v) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';"
    "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION nothing();"
    "CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;"
    "COMMENT ON VIEW v IS 'c'; COMMENT ON COLUMN v.a IS 'ca';"
    "ALTER VIEW v ALTER a SET DEFAULT 7; GRANT SELECT ON v TO PUBLIC; GRANT UPDATE (a) ON v TO PUBLIC;";

const std::string callers =
    "CREATE VIEW v AS SELECT f(a) AS fa FROM t; CREATE INDEX t_f ON t (f(a)); ALTER TABLE t ADD CHECK (f(a) > 0);"
    "ALTER TABLE t ADD g int GENERATED ALWAYS AS (f(a)) STORED; ALTER TABLE t ALTER a SET DEFAULT f(2);"
    "CREATE POLICY p ON t USING (f(a) > 0); REVOKE ALL ON FUNCTION f FROM PUBLIC; COMMENT ON FUNCTION f IS 'c';";

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

/// Checks that the change drops nothing, and makes it in both directions.
void replace(const std::string& from, const std::string& to) {
  const std::string script = script_of(from, to);
  CAPTURE(script);
  CHECK(has(script, "CREATE OR REPLACE "));
  CHECK_FALSE(has(script, "DROP "));
  go_there_and_back(from, to, rows);
}

// Queries name columns by their positions in what the server deparses, and the order of columns is not compared.
const std::string row = "INSERT INTO t (a, b) VALUES (1, 2)";
const std::string rows_of_t = "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';";
const std::string view_of_rows = rows_of_t + "CREATE VIEW v AS SELECT a, b FROM f();";

std::string table(const std::string& columns) { return "CREATE TABLE t (" + columns + ");"; }

/// Returns what the view shows after the change there, and after that back.
std::string shown(const std::string& from, const std::string& to) {
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query(from);
  there.query(row);
  wanted.query(to);
  const change::SchemaSource source = test::read(wanted);
  const change::SchemaChange change = change::compare_whole(test::read(there), source, {});
  const auto text = [&] { return there.query("SELECT array_to_string(array_agg(v::text), ';') FROM v"); };
  test::run_all(there, change.script.up);
  CHECK(change::compare_whole(test::read(there), source, {}).operations.empty());
  std::string result = text();
  test::run_all(there, change.script.down);
  return result + ' ' + text();
}

namespace before {
struct Thing {
  std::int32_t id{};
  std::int32_t size{};
  static void describe(Entity<Thing>& thing) {
    thing.primary_generated<&Thing::id>();
    thing.column<&Thing::size>();
  }
};
struct Small {
  static void describe(View<Small>& view) {
    view.query("SELECT id FROM thing WHERE size < 10");
    view.depends_on<Thing>();
  }
};
}  // namespace before

namespace after {
struct Thing {
  std::int32_t id{};
  std::int32_t size{};
  std::optional<std::string> note;
  static void describe(Entity<Thing>& thing) {
    thing.primary_generated<&Thing::id>();
    thing.column<&Thing::size>();
    thing.column<&Thing::note>();
  }
};
struct Small {
  static void describe(View<Small>& view) {
    view.query("SELECT id, note FROM thing WHERE size < 5");
    view.depends_on<Thing>();
  }
};
}  // namespace after

}  // namespace

TEST_CASE("PostgreSQL: the condition of a view changes under everything that uses it") {
  const std::string held = users + "CREATE TABLE held (v v);";
  replace(tables + "CREATE VIEW v AS SELECT id, a FROM t WHERE a > 1;" + held,
          tables + "CREATE VIEW v AS SELECT id, a FROM t WHERE a > 2 AND b IS NULL;" + held);
}

TEST_CASE("PostgreSQL: a view gets more columns under everything that uses it") {
  replace(tables + "CREATE VIEW v AS SELECT id, a FROM t;" + users,
          tables + "CREATE VIEW v AS SELECT id, a, b, a + 1 AS more FROM t;" + users);
}

TEST_CASE("PostgreSQL: the options and triggers of a view change in place") {
  const std::string options = " WITH (security_barrier = true, check_option = local)";
  const std::string made = "CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION nothing();";
  const std::string other = "CREATE TRIGGER other INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION nothing();";
  const auto schema = [](const std::string& with, const std::string& triggers) {
    return tables + "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';" +
           "CREATE VIEW v" + with + " AS SELECT id, a FROM t; CREATE VIEW w AS SELECT id FROM v;" + triggers;
  };
  replace(schema("", ""), schema(options, ""));
  go_there_and_back(schema("", made), schema("", other), rows);
  const std::string script = script_of(schema("", made), schema("", made + other));
  CHECK_FALSE(has(script, "VIEW"));
}

TEST_CASE("PostgreSQL: a replaced view takes up what is new, and makes way for what goes") {
  const std::string changed = "CREATE TABLE t (id int PRIMARY KEY, b text, c int DEFAULT 4);";
  const auto view = [](const std::string& condition) {
    return "CREATE VIEW v AS SELECT id FROM t WHERE " + condition + "; CREATE VIEW w AS SELECT id FROM v;";
  };
  const std::string from = "CREATE TABLE t (id int PRIMARY KEY, b text, a int DEFAULT 3);" + view("a > 1");
  const std::string script = script_of(from, changed + view("c > 1"));
  CAPTURE(script);
  CHECK(has(script, "CREATE OR REPLACE VIEW"));
  CHECK_FALSE(has(script, "DROP VIEW"));
  go_there_and_back(from, changed + view("c > 1"), rows);
}

TEST_CASE("PostgreSQL: views that select from each other change places") {
  const auto views = [](const std::string& a, const std::string& b) { return tables + a + b; };
  replace(views("CREATE VIEW v AS SELECT id FROM t;", "CREATE VIEW w AS SELECT id FROM v;"),
          views("CREATE VIEW w AS SELECT id FROM t;", "CREATE VIEW v AS SELECT id FROM w;"));
  const std::string base = tables + "CREATE VIEW x AS SELECT id FROM t WHERE a > ";
  replace(base + "1; CREATE VIEW y AS SELECT id FROM t; CREATE VIEW z AS SELECT id FROM x",
          base + "2; CREATE VIEW y AS SELECT id FROM x; CREATE VIEW z AS SELECT id FROM y");
}

TEST_CASE("PostgreSQL: a view is recreated if its columns or what it uses change") {
  const auto schema = [](const std::string& type, const std::string& columns, const std::string& condition) {
    return "CREATE TABLE t (id int PRIMARY KEY, a " + type + " NOT NULL, b text); CREATE VIEW v AS SELECT " + columns +
           " FROM t WHERE " + condition + "; CREATE VIEW w AS SELECT id FROM v; GRANT SELECT ON v, w TO PUBLIC;";
  };
  go_there_and_back(schema("int", "id, a", "a > 1"), schema("bigint", "id, a", "a > 2"), rows);
  go_there_and_back(schema("int", "id", "a > 1"), schema("bigint", "id", "b > 'a'"), rows);
  go_there_and_back(schema("int", "id, a", "a > 1"), schema("int", "a, id", "a > 1"), rows);
  go_there_and_back(schema("int", "id, a", "a > 1"), schema("int", "id, a AS other", "a > 1"), rows);
  go_there_and_back(schema("int", "id, b", "a > 1"), schema("int", "id, b COLLATE \"C\" AS b", "a > 1"), rows);
}

TEST_CASE("PostgreSQL: a view is replaced when its table gets the primary key by which it groups") {
  const auto schema = [](const std::string& key, const std::string& a) {
    return "CREATE TABLE t (id int" + key + ", a int NOT NULL, b text); CREATE VIEW v AS SELECT id, " + a +
           " AS a FROM t GROUP BY id; CREATE VIEW w AS SELECT a FROM v;";
  };
  replace(schema("", "min(a)"), schema(" PRIMARY KEY", "a"));
  go_there_and_back(schema(" PRIMARY KEY", "a"), schema("", "min(a)"), rows);
}

TEST_CASE("PostgreSQL: a view that is the type of a column gets more columns, but cannot lose them") {
  const auto schema = [](const std::string& columns) {
    return tables + "CREATE VIEW v AS SELECT " + columns + " FROM t; CREATE TABLE held (v v);";
  };
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query(schema("id, a"));
  wanted.query(schema("id, a, 1 AS more"));
  const change::SchemaSource source = test::read(wanted);
  const change::SchemaChange change = change::compare_whole(test::read(there), source, {});
  REQUIRE(change.irreversible_because.has_value());
  CHECK(has(change.irreversible_because->what(), "Cannot drop \"v\""));
  CHECK_THROWS_AS(static_cast<void>(change::reversed(change)), Error);
  test::run_all(there, change.script.up);
  CHECK(change::compare_whole(test::read(there), source, {}).operations.empty());
  CHECK_THROWS_AS(static_cast<void>(script_of(schema("id, a, 1 AS more"), schema("id, a"))), Error);
}

TEST_CASE("PostgreSQL: an overload replaces another that a default calls, too") {
  const auto schema = [](const std::string& type) {
    return "CREATE FUNCTION f(" + type +
           ") RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
           "CREATE TABLE t (n varchar(5), d int DEFAULT f('x'), g int GENERATED ALWAYS AS (f(n)) STORED, CHECK (f(n) > "
           "0)); CREATE INDEX i ON t (f(n));";
  };
  go_there_and_back(schema("text"), schema("varchar"), "INSERT INTO t (n) VALUES ('a')");
}

TEST_CASE("PostgreSQL: the summary shows a replaced view as one change") {
  const auto summary = [](const std::string& from, const std::string& to) {
    const fixture::PostgresDatabase there;
    const fixture::PostgresDatabase wanted;
    there.query(from);
    wanted.query(to);
    std::vector<std::string> lines;
    for (const operation::Operation& operation : change::displayed_operations(test::compare(there, wanted, {}))) {
      lines.push_back(operation::describe(operation));
    }
    return lines;
  };
  const auto schema = [](const std::string& columns, const std::string& condition) {
    return tables + "CREATE VIEW v AS SELECT " + columns + " FROM t WHERE " + condition + ";";
  };
  CHECK(summary(schema("id", "a > 1"), schema("id", "a > 2")) == std::vector<std::string>{"change view \"v\""});
  CHECK(summary(schema("id, a", "a > 1"), schema("id", "a > 2")) ==
        std::vector<std::string>{"drop view \"v\"", "create view \"v\""});
}

TEST_CASE("PostgreSQL: a function changes in place under everything that calls it, as long as it can be called so") {
  const auto schema = [](const std::string& function) {
    return tables + "CREATE FUNCTION " + function + ";" + callers;
  };
  const std::string plain = schema("f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'");
  replace(plain, schema("f(x int) RETURNS int LANGUAGE sql IMMUTABLE STRICT COST 7 AS 'SELECT x'"));
  replace(plain, schema("f(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog "
                        "AS 'BEGIN RETURN x; END'"));
  replace(plain, schema("f(x int DEFAULT 3) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'"));
  go_there_and_back(plain, schema("f(y int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT y'"), rows);
  go_there_and_back(schema("f(x int, OUT y int) LANGUAGE sql IMMUTABLE AS 'SELECT x'"),
                    schema("f(x int, OUT z int) LANGUAGE sql IMMUTABLE AS 'SELECT x'"), rows);
}

TEST_CASE("PostgreSQL: a note names what keeps the values of a replaced view or function") {
  const auto notes = [](const std::string& from, const std::string& to) {
    const fixture::PostgresDatabase there;
    const fixture::PostgresDatabase wanted;
    there.query(from);
    wanted.query(to);
    std::string text;
    for (const std::string& note : test::compare(there, wanted, {}).notes) text += note + '\n';
    return text;
  };
  const auto with_function = [](const std::string& options, const std::string& more) {
    return tables + "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE " + options +
           " AS 'SELECT x'; ALTER TABLE t ADD g int GENERATED ALWAYS AS (f(a)) STORED, ADD CONSTRAINT c CHECK (f(a) > "
           "0);"
           "CREATE INDEX i ON t (f(a)); CREATE VIEW v AS SELECT f(a) AS fa FROM t; CREATE MATERIALIZED VIEW m AS "
           "SELECT "
           "fa FROM v;" +
           more;
  };
  const std::string how = "; REINDEX, REFRESH MATERIALIZED VIEW, or an UPDATE of the rows does\n";
  CHECK(notes(with_function("", ""), with_function("STRICT", "CREATE INDEX j ON t (f(id));")) ==
        "does not recompute what used the old function \"f(integer)\": column \"g\" of \"t\", check \"c\" of \"t\", "
        "index \"i\" of \"t\", materialized view \"m\"" +
            how);
  const auto with_view = [](const std::string& least) {
    return tables + "CREATE VIEW v AS SELECT id FROM t WHERE a > " + least +
           "; CREATE MATERIALIZED VIEW m AS SELECT id FROM v;";
  };
  CHECK(notes(with_view("1"), with_view("2")) ==
        "does not recompute what used the old view \"v\": materialized view \"m\"" + how);
  CHECK(notes(with_view("1"), with_view("1") + "CREATE VIEW w AS SELECT id FROM v").empty());
}

TEST_CASE("PostgreSQL: the result of a function, and a default of any type") {
  const auto schema = [](const std::string& function) {
    return tables + "CREATE FUNCTION " + function + "; CREATE VIEW v AS SELECT * FROM f(1);";
  };
  go_there_and_back(schema("f(x int) RETURNS TABLE (y int) LANGUAGE sql AS 'SELECT 1'"),
                    schema("f(x int) RETURNS TABLE (y int, z int) LANGUAGE sql AS 'SELECT 1, 2'"), rows);
  const auto generic = [](const std::string& value) {
    return tables + "CREATE FUNCTION f(x anyelement DEFAULT " + value +
           ") RETURNS text LANGUAGE sql AS 'SELECT x::text';";
  };
  go_there_and_back(generic("1"), generic("'a'::text"), rows);
}

TEST_CASE("PostgreSQL: a view of the entities is replaced, even if it selects a column that is new") {
  fixture::Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Thing, before::Small>());
  trial.query("CREATE VIEW above AS SELECT id FROM small");
  trial.query("INSERT INTO thing (size) VALUES (4), (7)");
  const std::string number = trial.query("SELECT 'above'::regclass::oid");
  const change::SchemaChange generated = trial.arrive_at(entities<after::Thing, after::Small>());
  CHECK(trial.query("SELECT id FROM above") == "1");
  CHECK(trial.query("SELECT 'above'::regclass::oid") == number);
  REQUIRE(generated.notes.size() == 1);
  CHECK(has(generated.notes.front(), "fails in a database without view \"above\""));
  trial.revert_last();
  CHECK(trial.query("SELECT count(*) FROM above") == "2");
}

TEST_CASE("PostgreSQL: a view over a function's rows stays as it is if only the order of columns differs") {
  CHECK(script_of(table("a int, b int") + view_of_rows, table("b int, a int") + view_of_rows).empty());
}

TEST_CASE("PostgreSQL: a view over a function's rows shows the same columns after its table got one in the middle") {
  CHECK(shown(table("a int, b int") + view_of_rows, table("a int, c int, b int") + view_of_rows) == "(1,2) (1,2)");
  CHECK(shown(table("a int, c int, b int") + view_of_rows, table("b int, a int") + view_of_rows) == "(1,2) (1,2)");
  const auto numbered = [](const std::string& names) {
    return rows_of_t + "CREATE VIEW v AS SELECT x, o FROM f() WITH ORDINALITY g(" + names + ", o);";
  };
  CHECK(shown(table("a int, b int") + numbered("y, x"), table("a int, c int, b int") + numbered("y, z, x")) ==
        "(2,1) (2,1)");
}

TEST_CASE("PostgreSQL: a view over the rows of a child shows the same columns when its parent gets one") {
  const auto schema = [](const std::string& columns, const std::string& child) {
    return "CREATE TABLE p (" + columns + ")" + child +
           "CREATE FUNCTION g() RETURNS SETOF c LANGUAGE sql STABLE AS 'SELECT * FROM c';"
           "CREATE FUNCTION h() RETURNS c[] LANGUAGE sql STABLE AS 'SELECT array_agg(c) FROM c';"
           "CREATE VIEW v AS SELECT a, b FROM g(); CREATE VIEW w AS SELECT array_length(h, 1) FROM h();";
  };
  const std::string partition = " PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p FOR VALUES IN (1);";
  const std::string heir = "; CREATE TABLE c () INHERITS (p);";
  for (const std::string& child : {partition, heir}) {
    go_there_and_back(schema("a int, b int", child), schema("a int, b int, n int", child),
                      "INSERT INTO c (a, b) VALUES (1, 2)");
  }
}

TEST_CASE("PostgreSQL: a view that renames the columns of a table shows the same ones") {
  const auto renamed = [](const std::string& names) { return "CREATE VIEW v AS SELECT q FROM t x(" + names + ");"; };
  CHECK(script_of(table("a int, b int") + renamed("p, q"), table("b int, a int") + renamed("q, p")).empty());
  CHECK(shown(table("a int, b int") + renamed("p, q"), table("a int, n int, b int") + renamed("p, m, q")) == "(2) (2)");
  CHECK(shown(table("a int, n int, b int") + renamed("p, m, q"), table("b int, a int") + renamed("q, p")) == "(2) (2)");
}

TEST_CASE("PostgreSQL: policies and functions keep the columns that they name by their positions") {
  const auto policy = [](const std::string& names, const std::string& condition) {
    return "CREATE TABLE u (id int); CREATE POLICY p ON u USING (EXISTS (SELECT FROM t x(" + names + ") WHERE " +
           condition + "));";
  };
  CHECK(
      script_of(table("a int, b int") + policy("p, q", "x.q = id"), table("b int, a int") + policy("q, p", "x.q = id"))
          .empty());
  CHECK(
      script_of(table("a int, b int") + policy("p, q", "x.q = id"), table("b int, a int") + policy("q, p", "x.q > id"))
          .find("x(p, q)") != std::string::npos);
}

TEST_CASE("PostgreSQL: a changed view is refused if it renames the columns of a join whose order differs") {
  const auto joined = [](const std::string& columns, const std::string& names, const std::string& condition) {
    return table(columns) + "CREATE TABLE u (c int); CREATE VIEW v AS SELECT j.p FROM (t CROSS JOIN u) j(" + names +
           ") WHERE j.r > " + condition + ";";
  };
  CHECK(test::refusal_of(joined("a int, b int", "p, q, r", "1"), joined("b int, a int", "q, p, r", "2"))
            .find("view \"v\" names columns by their positions") != std::string::npos);
  go_there_and_back(joined("a int, b int", "p, q, r", "1"), joined("a int, b int", "p, q, r", "2"), row);
}

TEST_CASE("PostgreSQL: a view over a function's rows is made after the columns that the table gets") {
  const auto schema = [](const std::string& type, const std::string& generated, const std::string& columns) {
    return "CREATE TABLE t (a int, b " + type + ", g " + generated + " STORED);" + rows_of_t +
           "CREATE VIEW v AS SELECT " + columns + " FROM f();";
  };
  go_there_and_back(schema("bigint", "int GENERATED ALWAYS AS (a + 1)", "a, b"),
                    schema("text", "text GENERATED ALWAYS AS (b || 'x')", "a"), row);
}

TEST_CASE("PostgreSQL: functions that differ only in the names of the columns of their results are not replaced") {
  if (!test::has_postgres(14)) return;
  const auto body = [](const std::string& result, const std::string& query) {
    return "CREATE FUNCTION f(a text) RETURNS " + result + " LANGUAGE sql BEGIN ATOMIC " + query + "; END;";
  };
  const auto is_same = [&](const std::string& one, const std::string& other) {
    const fixture::PostgresDatabase there, wanted;
    there.query("CREATE TABLE t (c text);" + one);
    wanted.query("CREATE TABLE t (c text);" + other);
    return test::compare(there, wanted, {}).operations.empty();
  };
  CHECK(is_same(body("text", "SELECT $1"), body("text", "SELECT a")));
  CHECK(is_same(body("text", "SELECT 'x'"), body("text", "SELECT 'x'::text")));
  CHECK(is_same(body("text", "INSERT INTO t VALUES ('x') RETURNING $1"),
                body("text", "INSERT INTO t VALUES ('x') RETURNING a AS other")));
  CHECK(is_same(body("SETOF t", "SELECT c FROM t UNION SELECT $1"),
                body("SETOF t", "SELECT c AS x FROM t UNION SELECT a")));
  CHECK_FALSE(is_same(body("text", "SELECT $1"), body("text", "SELECT $1 || ''")));
  CHECK_FALSE(is_same(body("record", "SELECT $1, 1 AS x"), body("record", "SELECT $1, 1 AS y")));
}
