#include <fstream>

#include "unit/change/privileges_there_and_back.h"
#include "whimbrel/postgres.h"
#include "whimbrel/sqlite.h"

// Owners and privileges of two databases are compared, and the statements make one the other's, as pg_dump says.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::go_there_and_back_with_privileges;
using test::OwnedWay;
using test::way_between;

namespace {

std::string texts(const std::vector<sql::Statement>& statements) {
  std::string lines;
  for (const sql::Statement& statement : statements) lines += statement.sql + '\n';
  return lines;
}

std::string descriptions(const std::vector<sql::Statement>& statements) {
  std::string lines;
  for (const sql::Statement& statement : statements) lines += statement.description + '\n';
  return lines;
}

constexpr const char* objects =
    "CREATE SCHEMA \"s \"\"x\"; CREATE TABLE t (a int, \"b \"\"c\" int, c int GENERATED ALWAYS AS IDENTITY);"
    "CREATE TABLE \"s \"\"x\".\"T\" (a serial); CREATE VIEW v AS SELECT a FROM t;"
    "CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE SEQUENCE q;"
    "CREATE FUNCTION f(x int, OUT y int) LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p(x text) LANGUAGE sql AS '';"
    "CREATE AGGREGATE g(int) (sfunc = int4pl, stype = int); CREATE AGGREGATE n(*) (sfunc = int8inc, stype = bigint, "
    "initcond = '0');"
    "CREATE TYPE e AS ENUM ('a'); CREATE TYPE k AS (a int); CREATE TYPE r AS RANGE (subtype = int);"
    "CREATE DOMAIN d AS int; CREATE STATISTICS z ON a, c FROM t; CREATE COLLATION l FROM \"C\";"
    "CREATE TABLE w (a int) PARTITION BY LIST (a); CREATE TABLE w1 PARTITION OF w FOR VALUES IN (1);";

constexpr const char* owners =
    "ALTER SCHEMA \"s \"\"x\" OWNER TO priv_a; ALTER TABLE t OWNER TO \"PUBLIC\"; ALTER VIEW v OWNER TO priv_a;"
    "ALTER TABLE \"s \"\"x\".\"T\" OWNER TO \"priv \"\"q'\"; ALTER MATERIALIZED VIEW m OWNER TO priv_b;"
    "ALTER SEQUENCE q OWNER TO priv_a; ALTER FUNCTION f(int) OWNER TO priv_a; ALTER PROCEDURE p(text) OWNER TO priv_a;"
    "ALTER AGGREGATE g(int) OWNER TO priv_a; ALTER AGGREGATE n(*) OWNER TO priv_b; ALTER TYPE e OWNER TO priv_a;"
    "ALTER TYPE k OWNER TO priv_b; ALTER TYPE r OWNER TO priv_b; ALTER DOMAIN d OWNER TO priv_b;"
    "ALTER STATISTICS z OWNER TO priv_a; ALTER COLLATION l OWNER TO priv_a; ALTER TABLE w1 OWNER TO priv_c;"
    "ALTER SCHEMA public OWNER TO priv_c;";

constexpr const char* grants =
    "GRANT USAGE ON SCHEMA \"s \"\"x\" TO priv_b WITH GRANT OPTION; REVOKE ALL ON SCHEMA public FROM PUBLIC;"
    "GRANT SELECT, INSERT ON t TO priv_b, \"PUBLIC\"; GRANT UPDATE ON t TO priv_b WITH GRANT OPTION;"
    "GRANT ALL ON t TO priv_c; GRANT SELECT ON t TO PUBLIC; REVOKE DELETE ON t FROM CURRENT_USER;"
    "GRANT SELECT (a), UPDATE (a), REFERENCES (\"b \"\"c\") ON t TO \"priv \"\"q'\"; GRANT SELECT (c) ON t TO PUBLIC;"
    "GRANT INSERT (a) ON t TO priv_a WITH GRANT OPTION; GRANT SELECT (a) ON v TO priv_b; GRANT SELECT ON m TO priv_a;"
    "GRANT ALL ON \"s \"\"x\".\"T\" TO priv_b; GRANT USAGE ON SEQUENCE \"s \"\"x\".\"T_a_seq\", q TO priv_b;"
    "GRANT SELECT ON SEQUENCE t_c_seq TO priv_a; REVOKE ALL ON FUNCTION f(int), g(int) FROM PUBLIC;"
    "GRANT EXECUTE ON FUNCTION f(int), n() TO priv_b WITH GRANT OPTION; REVOKE ALL ON PROCEDURE p(text) FROM PUBLIC;"
    "GRANT EXECUTE ON PROCEDURE p(text) TO priv_c; REVOKE ALL ON TYPE e, k FROM PUBLIC; GRANT USAGE ON TYPE e TO "
    "priv_b;"
    "GRANT USAGE ON DOMAIN d TO priv_b WITH GRANT OPTION; REVOKE ALL ON TYPE r FROM CURRENT_USER;"
    "GRANT SELECT ON w TO priv_a; GRANT INSERT (a) ON w1 TO priv_a;";

constexpr const char* defaults =
    "ALTER DEFAULT PRIVILEGES FOR ROLE priv_a GRANT SELECT ON TABLES TO priv_b WITH GRANT OPTION;"
    "ALTER DEFAULT PRIVILEGES FOR ROLE priv_a REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"
    "ALTER DEFAULT PRIVILEGES FOR ROLE \"PUBLIC\" REVOKE INSERT ON TABLES FROM \"PUBLIC\";"
    "ALTER DEFAULT PRIVILEGES FOR ROLE \"priv \"\"q'\" IN SCHEMA \"s \"\"x\" GRANT ALL ON TABLES TO PUBLIC;"
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO priv_c, \"PUBLIC\";"
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO priv_c;"
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO priv_a; ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO "
    "priv_a;";

}  // namespace

TEST_CASE("PostgreSQL: owners, grants and default privileges of all kinds are changed, and changed back") {
  const std::string all = objects;
  go_there_and_back_with_privileges(all, all + owners);
  go_there_and_back_with_privileges(all, all + grants);
  go_there_and_back_with_privileges(all, all + grants + owners);
  go_there_and_back_with_privileges(all + grants, all + owners);
  go_there_and_back_with_privileges(all, all + defaults);
  go_there_and_back_with_privileges(all + owners + defaults, all + grants);
}

TEST_CASE("PostgreSQL: what a script creates has exactly the wanted owner and privileges") {
  const std::string all = objects;
  go_there_and_back_with_privileges("SELECT 1", all);
  go_there_and_back_with_privileges("SELECT 1", all + grants + owners);
  go_there_and_back_with_privileges("SELECT 1", all + owners + grants + defaults);
}

TEST_CASE("PostgreSQL: default privileges of the database open nothing that the script creates") {
  const std::string open =
      "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC, priv_c; ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES "
      "FROM CURRENT_USER; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO priv_c WITH GRANT OPTION;"
      "ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO priv_a; ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO "
      "priv_a;"
      "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO priv_a;";
  const std::string all = objects;
  const OwnedWay way = go_there_and_back_with_privileges(open, all + owners + grants);
  const std::string revoked = "REVOKE ALL ON TABLE \"m\" FROM PUBLIC, \"priv_b\", \"priv_c\"\n";
  CHECK(texts(way.up.statements).find(revoked) != std::string::npos);
}

TEST_CASE("PostgreSQL: what is recreated gets the privileges of the other database") {
  const auto change = [](const std::string& from, const std::string& to) {
    go_there_and_back_with_privileges(from, to);
  };
  // A view over a column that changes its type, with other privileges, columns and owner.
  change(
      "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; GRANT SELECT (a), UPDATE (b) ON v TO priv_a;"
      "GRANT SELECT ON v TO priv_b",
      "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a FROM t; GRANT INSERT (a) ON v TO priv_a;"
      "ALTER VIEW v OWNER TO priv_c");
  // One that stays as it is.
  change("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; GRANT SELECT (a) ON v TO priv_a",
         "CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT a FROM t; GRANT SELECT (a) ON v TO priv_a");
  // A function whose argument changes is given the privileges of the old one.
  change("CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f TO priv_a",
         "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f FROM PUBLIC;"
         "ALTER FUNCTION f OWNER TO priv_b");
  // A view that becomes a table, a generated column that changes, and an ordinary one of that name.
  change("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; GRANT SELECT ON v TO priv_a",
         "CREATE TABLE t (a int); CREATE TABLE v (a int); GRANT SELECT ON v TO priv_b");
  change("CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a) STORED); GRANT SELECT (g) ON t TO priv_a",
         "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED); GRANT SELECT (g) ON t TO priv_b");
  if (test::has_postgres(13)) {
    change("CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a) STORED); GRANT INSERT (g) ON t TO priv_a",
           "CREATE TABLE t (a int, g text); GRANT SELECT (g) ON t TO priv_b");
  }
  change("CREATE TABLE t (a serial); GRANT USAGE ON SEQUENCE t_a_seq TO priv_a",
         "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); GRANT USAGE ON SEQUENCE t_a_seq TO priv_b");
  change("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e); GRANT USAGE ON TYPE e TO priv_a WITH GRANT OPTION",
         "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e); REVOKE USAGE ON TYPE e FROM PUBLIC");
}

TEST_CASE("PostgreSQL: a column that disappears with its privileges is not in a REVOKE") {
  go_there_and_back_with_privileges(
      "CREATE TABLE t (a int, b int); CREATE TABLE c () INHERITS (t); GRANT SELECT (b) ON t TO priv_a;"
      "GRANT SELECT (b) ON c TO priv_b",
      "CREATE TABLE t (a int); CREATE TABLE c () INHERITS (t); GRANT SELECT (a) ON c TO priv_b");
}

TEST_CASE("PostgreSQL: revoking from a table keeps what is granted on its columns") {
  go_there_and_back_with_privileges(
      "CREATE TABLE t (a int, b int); GRANT SELECT, UPDATE ON t TO priv_a WITH GRANT OPTION;"
      "GRANT SELECT (a), INSERT (b) ON t TO priv_a WITH GRANT OPTION",
      "CREATE TABLE t (a int, b int); GRANT UPDATE ON t TO priv_a;"
      "GRANT SELECT (a), INSERT (b) ON t TO priv_a WITH GRANT OPTION");
}

TEST_CASE("PostgreSQL: privileges follow a rename of their table, column or sequence") {
  diff::Answers answers;
  answers.table_renames.push_back({"t", "u", true});
  answers.column_renames.push_back({"u", "a", "b", true});
  const OwnedWay way = go_there_and_back_with_privileges(
      "CREATE TABLE t (i serial, a int); GRANT SELECT (a) ON t TO priv_a; GRANT SELECT ON t TO priv_b;"
      "GRANT USAGE ON SEQUENCE t_i_seq TO priv_b; ALTER TABLE t OWNER TO priv_c",
      "CREATE TABLE u (i serial, b int); GRANT SELECT (b) ON u TO priv_a; GRANT SELECT ON u TO priv_b;"
      "GRANT USAGE ON SEQUENCE u_i_seq TO priv_b; ALTER TABLE u OWNER TO priv_c",
      answers);
  CHECK(texts(way.up.statements) == "");
}

TEST_CASE("PostgreSQL: what another role than the owner granted is replaced, and a note says who grants it now") {
  test::make_roles();
  const PostgresDatabase from, to;
  const std::string table = "CREATE TABLE t (a int, b int); ALTER TABLE t OWNER TO priv_a;";
  const std::string granted =
      "GRANT SELECT ON t TO priv_b WITH GRANT OPTION; SET ROLE priv_b; GRANT SELECT ON t TO priv_c; RESET ROLE;";
  from.query(table + granted + "GRANT UPDATE (a) ON t TO priv_c");
  to.query(table + "GRANT SELECT ON t TO priv_b WITH GRANT OPTION; GRANT UPDATE (b) ON t TO priv_c");
  const OwnedWay way = way_between(from, to);
  CHECK(texts(way.up.statements) ==
        "REVOKE ALL ON TABLE \"t\" FROM PUBLIC, \"priv_a\", \"priv_b\", \"priv_c\" CASCADE\n"
        "GRANT ALL ON TABLE \"t\" TO \"priv_a\"\n"
        "GRANT SELECT ON TABLE \"t\" TO \"priv_b\" WITH GRANT OPTION\n"
        "GRANT UPDATE (\"b\") ON TABLE \"t\" TO \"priv_c\"\n");
  CHECK(way.up.notes.empty());
  CHECK(way.down.notes == std::vector<std::string>{"privileges on table \"t\" that were granted by roles other "
                                                   "than the owner become grants by the owner"});
  test::run_all(from, way.up.statements);
  CHECK(test::dumped_statements(from.url()) == test::dumped_statements(to.url()));
  test::run_all(from, way.down.statements);
  test::check_no_difference(from, from);
  // Who granted is not compared.
  const PostgresDatabase other;
  other.query(table + granted + "GRANT UPDATE (a) ON t TO priv_c");
  test::check_no_difference(from, other);
}

TEST_CASE("PostgreSQL: statements for privileges are few, and described") {
  test::make_roles();
  const PostgresDatabase from, to;
  from.query("CREATE TABLE t (a int); GRANT DELETE ON t TO priv_c; GRANT SELECT ON t TO priv_a WITH GRANT OPTION");
  to.query(
      "CREATE TABLE t (a int); GRANT ALL ON t TO \"PUBLIC\"; GRANT SELECT ON t TO priv_a; GRANT INSERT, UPDATE ON t TO "
      "priv_b, priv_c; GRANT SELECT (a) ON t TO PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE priv_a IN SCHEMA public "
      "GRANT "
      "SELECT ON TABLES TO priv_b; ALTER TABLE t OWNER TO priv_a");
  const dialect::PrivilegeChange change = way_between(from, to).up;
  CHECK(change.is_difference);
  CHECK(texts(change.statements) ==
        "ALTER TABLE \"t\" OWNER TO \"priv_a\"\n"
        "REVOKE DELETE ON TABLE \"t\" FROM \"priv_c\"\n"
        "REVOKE GRANT OPTION FOR SELECT ON TABLE \"t\" FROM \"priv_a\"\n"
        "GRANT ALL ON TABLE \"t\" TO \"PUBLIC\"\n"
        "GRANT INSERT, UPDATE ON TABLE \"t\" TO \"priv_b\", \"priv_c\"\n"
        "GRANT SELECT (\"a\") ON TABLE \"t\" TO PUBLIC\n"
        "ALTER DEFAULT PRIVILEGES FOR ROLE \"priv_a\" IN SCHEMA \"public\" GRANT SELECT ON TABLES TO \"priv_b\"\n");
  CHECK(descriptions(change.statements) ==
        "change the owner of table \"t\" to \"priv_a\"\n"
        "revoke DELETE on table \"t\" from \"priv_c\"\n"
        "revoke the right to grant SELECT on table \"t\" from \"priv_a\"\n"
        "grant ALL on table \"t\" to \"PUBLIC\"\n"
        "grant INSERT, UPDATE on table \"t\" to \"priv_b\", \"priv_c\"\n"
        "grant SELECT (\"a\") on table \"t\" to PUBLIC\n"
        "grant SELECT on new tables of \"priv_a\" in schema \"public\" to \"priv_b\"\n");
}

TEST_CASE("PostgreSQL: owners of new objects alone are no difference of privileges") {
  test::make_roles();
  const PostgresDatabase from, to;
  to.query("CREATE TABLE t (a serial); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  CHECK_FALSE(way_between(from, to).up.is_difference);
  CHECK_FALSE(way_between(from, to).down.is_difference);
  to.query("GRANT SELECT (a) ON t TO priv_a");
  CHECK(way_between(from, to).up.is_difference);
}

TEST_CASE("PostgreSQL: only privileges in the named schemas are compared") {
  test::make_roles();
  const PostgresDatabase from, to;
  from.query("CREATE SCHEMA s; CREATE SCHEMA o; CREATE TABLE s.t (a int); CREATE TABLE o.t (a int)");
  to.query(
      "CREATE SCHEMA s; CREATE SCHEMA o; CREATE TABLE s.t (a int); CREATE TABLE o.t (a int); GRANT SELECT ON o.t TO "
      "priv_a; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO priv_a; GRANT USAGE ON SCHEMA s TO priv_a;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA o GRANT SELECT ON TABLES TO priv_a");
  const auto& drivers = whimbrel::detail::linked_drivers();
  change::SchemaSource a = change::read_database(drivers, from.url(), true);
  change::SchemaSource b = change::read_database(drivers, to.url(), true);
  change::keep_schemas({&a, &b}, {"s"});
  CHECK(texts(way_between(a, b).up.statements) == "GRANT USAGE ON SCHEMA \"s\" TO \"priv_a\"\n");
}

TEST_CASE("PostgreSQL: owners and privileges are read with the schema, and only if they are wanted") {
  const PostgresDatabase database;
  const auto& drivers = whimbrel::detail::linked_drivers();
  CHECK_FALSE(change::read_database(drivers, database.url()).privileges);
  CHECK(change::read_database(drivers, database.url(), true).privileges);
  const fixture::Database without;
  without.query("CREATE TABLE t (a)");
  CHECK_FALSE(change::read_database(drivers, without.url(), true).privileges);
}

TEST_CASE("PostgreSQL: a file has privileges, but no owners") {
  test::make_roles();
  const test::TemporaryDirectory directory;
  const PostgresDatabase database;
  const auto load = [&](const std::string& script) {
    std::ofstream(directory.file("file.sql")) << script;
    return change::read_script(postgres::driver(), database.url(), directory.file("file.sql"),
                               dialect::ScriptContent::schema_and_privileges);
  };
  const std::string privileges =
      "GRANT SELECT ON t TO priv_b WITH GRANT OPTION; REVOKE ALL ON FUNCTION f() FROM PUBLIC;";
  const std::string schema = "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
  const std::string rest =
      "ALTER TABLE t OWNER TO priv_a; ALTER DEFAULT PRIVILEGES FOR ROLE priv_a GRANT SELECT ON TABLES TO priv_c;";
  database.query(schema + rest + privileges);
  const change::SchemaSource existing = change::read_database(whimbrel::detail::linked_drivers(), database.url(), true);
  CHECK(texts(way_between(existing, load(schema + rest + privileges)).up.statements) == "");
  CHECK(texts(way_between(load(schema + privileges), existing).up.statements) == "");
  CHECK(texts(way_between(load(schema + privileges), load(schema + privileges)).up.statements) == "");
  const std::string changed =
      "GRANT EXECUTE ON FUNCTION f() TO PUBLIC\n"
      "REVOKE SELECT ON TABLE \"t\" FROM \"priv_b\"\n"
      "GRANT INSERT (\"a\") ON TABLE \"t\" TO \"priv_c\"\n";
  CHECK(texts(way_between(existing, load(schema + "GRANT INSERT (a) ON t TO priv_c")).up.statements) == changed);
  CHECK(texts(way_between(load(schema + privileges), load(schema + "GRANT INSERT (a) ON t TO priv_c")).up.statements) ==
        changed);
  // An owner that a file cannot say is not in the script that creates the object.
  CHECK(texts(way_between(load("SELECT 1"), load("CREATE TABLE u (); GRANT SELECT ON u TO priv_b")).up.statements) ==
        "REVOKE ALL ON TABLE \"u\" FROM PUBLIC\nGRANT SELECT ON TABLE \"u\" TO \"priv_b\"\n");
}

TEST_CASE("PostgreSQL: a file with privileges is loaded only by a role that can reach nothing else") {
  test::postgres_server().run("CREATE ROLE may_create_privileged LOGIN CREATEDB");
  const test::TemporaryDirectory directory;
  std::ofstream(directory.file("file.sql")) << "CREATE TABLE t ()";
  const std::string url = test::postgres_server().url_as("may_create_privileged", "postgres");
  const Error error = fixture::error_of([&] {
    static_cast<void>(change::read_script(postgres::driver(), url, directory.file("file.sql"),
                                          dialect::ScriptContent::schema_and_privileges));
  });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "The privileges in the file cannot be read"));
  test::postgres_server().run("DROP ROLE may_create_privileged");
}

TEST_CASE("PostgreSQL: a file makes no role a member of another, and grants nothing outside its schema") {
  test::make_roles();
  const test::TemporaryDirectory directory;
  std::ofstream(directory.file("file.sql"))
      << "CREATE TABLE t (); GRANT priv_a TO priv_b; GRANT CONNECT ON DATABASE postgres TO priv_a;"
         "GRANT USAGE ON LANGUAGE sql TO priv_a; REVOKE priv_a FROM priv_b";
  const PostgresDatabase database;
  const change::SchemaSource source = change::read_script(
      postgres::driver(), database.url(), directory.file("file.sql"), dialect::ScriptContent::schema_and_privileges);
  CHECK(source.schema.tables.size() == 1);
  CHECK(database.query("SELECT count(*) FROM pg_auth_members WHERE roleid = 'priv_a'::regrole") == "0");
}
