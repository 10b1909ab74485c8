#include "unit/change/there_and_back.h"

#include "change/generate.h"
#include "whimbrel/entity.h"

// What is dropped and recreated keeps what its definition does not contain; pg_dump says whether it did.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;
using test::go_there_and_back;

namespace {

/// Makes the schema with one word the schema with another, and back.
void change_word(const std::string& schema, const std::string& from, const std::string& to,
                 const std::string& rows = "") {
  const auto with = [&](const std::string& word) {
    std::string text = schema;
    for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) text.replace(at, 1, word);
    return text;
  };
  go_there_and_back(with(from), with(to), rows);
}

}  // namespace

TEST_CASE("PostgreSQL: a recreated view keeps its owner, privileges, rules, defaults and comments") {
  change_word(
      "CREATE TABLE t (a @, \"b c\" int); CREATE VIEW \"V\" AS SELECT a, \"b c\" FROM t;"
      "ALTER VIEW \"V\" OWNER TO pg_monitor; GRANT SELECT ON \"V\" TO pg_read_all_stats WITH GRANT OPTION;"
      "GRANT UPDATE (\"b c\") ON \"V\" TO PUBLIC; REVOKE DELETE ON \"V\" FROM pg_monitor;"
      "COMMENT ON COLUMN \"V\".\"b c\" IS 'it''s'; ALTER VIEW \"V\" ALTER \"b c\" SET DEFAULT 7;"
      "CREATE RULE r AS ON DELETE TO \"V\" DO INSTEAD NOTHING; COMMENT ON RULE r ON \"V\" IS 'none';"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER g INSTEAD OF INSERT ON \"V\" FOR EACH ROW EXECUTE FUNCTION f();"
      "COMMENT ON TRIGGER g ON \"V\" IS 'instead'",
      "integer", "bigint", "INSERT INTO t VALUES (1, 2)");
}

TEST_CASE("PostgreSQL: a recreated view that nobody may read stays so, whatever a new one would get") {
  change_word(
      "CREATE TABLE t (a @); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;"
      "GRANT SELECT ON w TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor",
      "integer", "bigint");
}

TEST_CASE("PostgreSQL: a recreated view without privileges of its own gets none of the defaults for PUBLIC") {
  change_word(
      "CREATE TABLE t (a @); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t;"
      "CREATE FUNCTION f(x v) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f(v) FROM PUBLIC;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
      "integer", "bigint", "INSERT INTO t VALUES (1)");
}

TEST_CASE("PostgreSQL: a view keeps a cast that has an effect only after the change") {
  change_word(
      "CREATE TABLE t (a @, b int); CREATE VIEW v AS SELECT a::text AS a, b FROM t; CREATE VIEW w AS SELECT a::text "
      "FROM v;"
      "CREATE VIEW x AS SELECT a::int + 1 AS a FROM t WHERE a::text <> ''; CREATE VIEW y AS SELECT b FROM v",
      "text", "integer", "INSERT INTO t VALUES ('1', 2)");
}

TEST_CASE("PostgreSQL: a materialized view that is empty becomes a view") {
  go_there_and_back("CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t WITH NO DATA",
                    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t", "");
}

TEST_CASE("PostgreSQL: a recreated materialized view keeps its privileges and comments, and stays empty if it was") {
  change_word(
      "CREATE TABLE t (a @); CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA; CREATE INDEX i ON m (a);"
      "COMMENT ON INDEX i IS 'by a'; GRANT SELECT ON m TO pg_monitor; ALTER MATERIALIZED VIEW m OWNER TO pg_monitor",
      "integer", "bigint", "INSERT INTO t VALUES (1)");
}

TEST_CASE("PostgreSQL: a recreated function may be called by nobody else than before") {
  const std::string privileges =
      "REVOKE ALL ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(int) TO pg_monitor;"
      "ALTER FUNCTION f(int) OWNER TO pg_monitor; COMMENT ON FUNCTION f(int) IS 'f'";
  change_word("CREATE FUNCTION f(@ int) RETURNS int LANGUAGE sql AS 'SELECT 1';" + privileges, "a", "b");
  change_word("CREATE FUNCTION f(a int) RETURNS @ LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';" + privileges, "int",
              "text");
}

TEST_CASE("PostgreSQL: a function whose argument changes its type keeps its privileges") {
  change_word(
      "CREATE FUNCTION \"F\"(\"a b\" @) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "REVOKE ALL ON FUNCTION \"F\"(@) FROM PUBLIC; ALTER FUNCTION \"F\"(@) OWNER TO pg_monitor",
      "integer", "text");
  // A second function of that name is another one.
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  const std::string kept = "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';";
  there.query(kept + "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  wanted.query(
      "CREATE FUNCTION f(bigint) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION f(date) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  for (const sql::Statement& statement : compare(there, wanted, {}).script.up)
    CHECK_FALSE(statement.sql.starts_with("DO "));
}

TEST_CASE("PostgreSQL: a recreated enum keeps its owner, privileges and comment, and what uses it does, too") {
  change_word(
      "CREATE TYPE e AS ENUM (@); ALTER TYPE e OWNER TO pg_monitor; REVOKE ALL ON TYPE e FROM PUBLIC;"
      "COMMENT ON TYPE e IS 'moods'; CREATE TABLE t (k e);"
      "CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f(e) FROM PUBLIC",
      "'a', 'b'", "'a'", "INSERT INTO t VALUES ('a')");
}

TEST_CASE("PostgreSQL: a recreated generated column keeps its privileges and statistics target") {
  change_word(
      "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * @) STORED); GRANT SELECT (g) ON t TO pg_monitor;"
      "ALTER TABLE t ALTER g SET STATISTICS 77; ALTER TABLE t ALTER g SET (n_distinct = -0.5)",
      "2", "3", "INSERT INTO t VALUES (1)");
}

TEST_CASE("PostgreSQL: a rule is a part of the schema, and recreated with what it uses") {
  change_word(
      "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE RULE r AS ON INSERT TO t DO ALSO DELETE FROM u WHERE a = "
      "@",
      "1", "2");
  change_word(
      "CREATE TABLE t (a @); CREATE TABLE u (a int); CREATE RULE r AS ON INSERT TO u DO ALSO DELETE FROM t WHERE a = 1",
      "integer", "bigint", "INSERT INTO t VALUES (1)");
  go_there_and_back("CREATE TABLE t (a int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", "SELECT 1", "");
}

TEST_CASE("PostgreSQL: the sequence of a serial column that becomes an identity keeps its privileges") {
  const auto schema = [](const std::string& id) {
    return "CREATE SCHEMA x; ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT ALL ON SEQUENCES TO pg_signal_backend; CREATE "
           "TABLE x.t (id " +
           id + "); REVOKE ALL ON SEQUENCE x.t_id_seq FROM pg_signal_backend, CURRENT_USER; GRANT USAGE ON SEQUENCE " +
           "x.t_id_seq TO pg_monitor WITH GRANT OPTION; CREATE TABLE u (id " + id + ")";
  };
  test::go_there_and_back(schema("serial"), schema("int GENERATED ALWAYS AS IDENTITY"),
                          "INSERT INTO x.t DEFAULT VALUES");
  test::go_there_and_back(schema("int GENERATED ALWAYS AS IDENTITY"), schema("serial"), "");
}

TEST_CASE("PostgreSQL: children keep privileges and comments of a recreated generated column") {
  change_word(
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * @) STORED); CREATE SCHEMA s;"
      "CREATE TABLE s.\"K\" () INHERITS (p); CREATE TABLE l () INHERITS (s.\"K\");"
      "GRANT SELECT (g) ON s.\"K\" TO pg_monitor; GRANT UPDATE (g) ON l TO pg_monitor WITH GRANT OPTION;"
      "COMMENT ON COLUMN l.g IS 'of l'",
      "2", "5", "INSERT INTO l VALUES (1)");
}

TEST_CASE("PostgreSQL: children keep primary keys over a recreated generated column") {
  change_word(
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * @) STORED);"
      "CREATE TABLE k (CONSTRAINT kp PRIMARY KEY (g)) INHERITS (p); CREATE TABLE r (g int REFERENCES k (g))",
      "2", "5", "INSERT INTO k VALUES (1)");
  change_word(
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * @) STORED) PARTITION BY LIST (a);"
      "CREATE TABLE k PARTITION OF p DEFAULT; ALTER TABLE k ADD PRIMARY KEY (a) INCLUDE (g)",
      "2", "5", "INSERT INTO p VALUES (1)");
}

TEST_CASE("PostgreSQL: NOT NULL of a child on a generated column is compared and kept") {
  const std::string table =
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY LIST (a);"
      "CREATE TABLE k PARTITION OF p DEFAULT;";
  go_there_and_back(table, table + "ALTER TABLE k ALTER g SET NOT NULL", "INSERT INTO p VALUES (1)");
  change_word(
      "CREATE TABLE p (a int, g @ GENERATED ALWAYS AS (a * 2) STORED); CREATE TABLE k () INHERITS (p);"
      "ALTER TABLE k ALTER g SET NOT NULL",
      "integer", "bigint", "INSERT INTO k VALUES (1)");
}

TEST_CASE("PostgreSQL: a column that becomes a generated one keeps its privileges") {
  if (std::stoi(PostgresDatabase().query("SHOW server_version_num")) < 130000) {
    MESSAGE("skipped: a generated column becomes an ordinary one since PostgreSQL 13");
    return;
  }
  const std::string grant = "; GRANT SELECT (h) ON t TO pg_monitor";
  go_there_and_back("CREATE TABLE t (a int, h int)" + grant,
                    "CREATE TABLE t (a int, h int GENERATED ALWAYS AS (a + 2) STORED)" + grant, "");
}

TEST_CASE("PostgreSQL: what is recreated goes on to depend on its extension") {
  change_word(
      "CREATE EXTENSION citext; CREATE FUNCTION f(@ int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "ALTER FUNCTION f(int) DEPENDS ON EXTENSION citext; CREATE TABLE t (a int);"
      "CREATE MATERIALIZED VIEW m AS SELECT f(a) AS a FROM t; ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext",
      "a", "b");
}

TEST_CASE("PostgreSQL: owners and privileges are read only of the kinds of objects that are recreated") {
  const auto schema = [](const std::string& values) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE t (e e)";
  };
  const std::string script = test::script_of(schema("'a', 'b'"), schema("'b'"));
  CHECK(script.find("FROM pg_type t") != script.npos);
  for (const char* const other : {"pg_proc", "pg_operator", "pg_statistic_ext"}) {
    CHECK(script.find(other) == script.npos);
  }
}

namespace {

struct Reading {
  std::int32_t day{};
  std::string place;
  static void describe(Entity<Reading>& reading) {
    reading.primary_column<&Reading::day>();
    reading.column<&Reading::place>();
    reading.index({expression("lower(place)"), expression("upper(place)")}, {.name = "by_place"});
  }
};

/// Makes a partitioned table by hand, changes it for the entities, and back. The names that the server gives the
/// indexes of partitions may change.
void keep_in_both_directions(const std::string& more, const std::string& facts) {
  const PostgresDatabase there;
  there.query(
      "CREATE TABLE reading (day integer NOT NULL, place varchar(40) NOT NULL, PRIMARY KEY (day)) PARTITION BY RANGE "
      "(day); CREATE INDEX by_place ON reading (lower(place)); CREATE SCHEMA \"S 1\";"
      "CREATE TABLE p PARTITION OF reading FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE \"S 1\".\"Q\" PARTITION OF reading FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (day);"
      "CREATE TABLE \"S 1\".\"R\" PARTITION OF \"S 1\".\"Q\" FOR VALUES FROM (10) TO (20);" +
      more);
  const std::string expected = there.query(facts);
  REQUIRE(expected != "");
  session::Session session(DataSourceOptions{.url = there.url(), .entities = entities<Reading>()});
  const change::SchemaChange change = change::generate(session);
  test::run_all(there, change.script.up);
  CHECK(there.query("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%upper%'") != "0");
  CHECK(there.query(facts) == expected);
  test::run_all(there, change.script.down);
  CHECK(there.query("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%upper%'") == "0");
  CHECK(there.query(facts) == expected);
}

}  // namespace

TEST_CASE(
    "PostgreSQL: the indexes of partitions keep their comments and settings when that of the table is recreated") {
  keep_in_both_directions(
      "CREATE EXTENSION citext; DROP INDEX by_place; CREATE INDEX by_place ON ONLY reading (lower(place));"
      "CREATE INDEX \"own 'name\" ON p (lower(place)) WITH (fillfactor = 70);"
      "ALTER INDEX by_place ATTACH PARTITION \"own 'name\"; CREATE INDEX q ON \"S 1\".\"Q\" (lower(place));"
      "ALTER INDEX by_place ATTACH PARTITION \"S 1\".q;"
      "COMMENT ON INDEX \"own 'name\" IS 'it''s \\ of % p'; COMMENT ON INDEX \"S 1\".q IS 'of q';"
      "COMMENT ON INDEX \"S 1\".\"R_lower_idx\" IS 'of r'; ALTER TABLE p CLUSTER ON \"own 'name\";"
      "ALTER INDEX \"S 1\".\"R_lower_idx\" ALTER COLUMN 1 SET STATISTICS 7;"
      "ALTER INDEX \"S 1\".\"R_lower_idx\" DEPENDS ON EXTENSION citext;"
      "CREATE TABLE s PARTITION OF reading DEFAULT; COMMENT ON INDEX by_place IS 'of all'",
      "SELECT x.indrelid::regclass, d.description, c.reloptions, x.indisclustered, a.attstattarget, e.deptype "
      "FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum "
      "= 1 "
      "LEFT JOIN pg_description d ON d.objoid = c.oid LEFT JOIN pg_depend e ON e.objid = c.oid AND e.deptype = 'x' "
      "WHERE pg_get_indexdef(c.oid) LIKE '%lower%' ORDER BY 1");
}

TEST_CASE("PostgreSQL: the indexes of partitions keep the storage parameters that differ from those of the table's") {
  keep_in_both_directions(
      "DROP INDEX by_place; CREATE INDEX by_place ON reading (lower(place)) WITH (fillfactor = 80);"
      "ALTER INDEX p_lower_idx SET (fillfactor = 60)",
      "SELECT x.indrelid::regclass, c.reloptions FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid "
      "WHERE pg_get_indexdef(c.oid) LIKE '%lower%' AND c.relname LIKE 'p%'");
}

TEST_CASE("PostgreSQL: a recreated trigger goes on to depend on its extension") {
  keep_in_both_directions(
      "CREATE EXTENSION citext; CREATE EXTENSION hstore;"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER \"g 1\" AFTER INSERT ON reading FOR EACH ROW WHEN (new.place > 'a') EXECUTE FUNCTION f();"
      "ALTER TRIGGER \"g 1\" ON reading DEPENDS ON EXTENSION citext; ALTER TRIGGER \"g 1\" ON reading DEPENDS ON "
      "EXTENSION hstore; ALTER TRIGGER \"g 1\" ON \"S 1\".\"R\" DEPENDS ON EXTENSION citext;"
      "CREATE VIEW v AS SELECT place FROM reading; CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE "
      "FUNCTION f(); ALTER TRIGGER i ON v DEPENDS ON EXTENSION citext",
      "SELECT t.tgrelid::regclass, t.tgname, e.extname FROM pg_depend d JOIN pg_trigger t ON t.oid = d.objid "
      "JOIN pg_extension e ON e.oid = d.refobjid WHERE d.deptype = 'x' ORDER BY 1, 2, 3");
}
