#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "change/schema_source.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/postgres.h"

// A file that is compared makes a schema in a scratch database, and reaches nothing else of the server.

using namespace whimbrel;
using namespace whimbrel::change;
using test::fresh_database;
using test::postgres_server;

namespace {

class Files {
 public:
  /// Compared beside a database that is reached as the superuser.
  SchemaSource load(const std::string& script) { return load_at(url_, script); }
  SchemaSource load_at(const std::string& url, const std::string& script) {
    const std::string path = directory_.file("file.sql");
    std::ofstream(path, std::ios::binary) << script;
    return read_script(postgres::driver(), url, path);
  }
  Error refused(const std::string& script) {
    return fixture::error_of([&] { static_cast<void>(load(script)); });
  }
  [[nodiscard]] std::string path(const std::string& name) const { return directory_.file(name); }

 private:
  test::TemporaryDirectory directory_;
  std::string url_ = fresh_database();
};

std::string text(const std::string& query) {
  std::string result;
  for (const auto& row : postgres_server().run(query).values) {
    for (const Value& value : row) result += (value.is_null() ? "" : value.text()) + '|';
  }
  return result;
}

/// What a file must not change: databases, roles, settings, tablespaces, subscriptions, servers.
std::string server_state() {
  return text("SELECT datname::text, datdba::text, datconnlimit::text FROM pg_database ORDER BY 1") +
         text("SELECT rolname::text, rolsuper::text, coalesce(rolpassword, '') FROM pg_authid ORDER BY 1") +
         text("SELECT roleid::text, member::text FROM pg_auth_members ORDER BY 1, 2") +
         text("SELECT setdatabase::text, setrole::text, setconfig::text FROM pg_db_role_setting ORDER BY 1, 2") +
         text("SELECT name, setting FROM pg_file_settings ORDER BY 1, 2") +
         text("SELECT spcname::text FROM pg_tablespace ORDER BY 1") + text("SELECT subname::text FROM pg_subscription");
}

std::size_t tables(const SchemaSource& source) { return source.schema.tables.size(); }

}  // namespace

TEST_CASE("statements of a file that reach beyond its scratch database are refused by name and line") {
  Files files;
  postgres_server().run("CREATE DATABASE victim TEMPLATE template0");
  const std::string before = server_state();
  const std::string marker = files.path("marker");
  for (const std::string& statement : {
           std::string("CREATE ROLE mallory SUPERUSER LOGIN"),
           std::string("create /* /* */ TABLE t (a int); */ ROLE mallory SUPERUSER"),
           std::string("ALTER ROLE postgres PASSWORD 'known'"),
           std::string("CREATE USER mallory"),
           std::string("DROP OWNED BY postgres"),
           std::string("ALTER SYSTEM SET work_mem = '1MB'"),
           std::string("COPY pg_class TO PROGRAM 'touch " + marker + "'"),
           std::string("COPY pg_class TO '" + marker + "'"),
           std::string("CREATE TABLESPACE t LOCATION '/tmp'"),
           std::string("CREATE SUBSCRIPTION s CONNECTION 'dbname=victim' PUBLICATION p"),
           std::string("CREATE SERVER s FOREIGN DATA WRAPPER w"),
           std::string("LOAD '/tmp/library.so'"),
           std::string("PREPARE TRANSACTION 'left'"),
           std::string("NOTIFY channel"),
       }) {
    CAPTURE(statement);
    const Error error = files.refused("CREATE TABLE a (b int);\n-- here it comes;\n\n" + statement + ";\n");
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "file.sql cannot be loaded. Line 4: "));
    CHECK(error.statement() == statement);
  }
  CHECK(fixture::mentions(files.refused("\\! touch " + marker), "Line 1: The psql command is refused"));
  CHECK_FALSE(std::ifstream(marker).is_open());
  CHECK(server_state() == before);
  postgres_server().run("DROP DATABASE victim");
}

TEST_CASE("functions that a file calls have no rights but in its scratch database") {
  Files files;
  postgres_server().run("CREATE DATABASE victim TEMPLATE template0");
  const std::string before = server_state();
  const std::string marker = files.path("marker");
  const auto calling = [](const std::string& body) {
    return "CREATE FUNCTION evil() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN " + body +
           "; RETURN 1; END $f$;\nALTER FUNCTION evil() VOLATILE;\n";
  };
  for (const std::string& body : {
           std::string("COPY pg_class TO PROGRAM 'touch " + marker + "'"),
           std::string("RESET SESSION AUTHORIZATION; EXECUTE 'ALTER ROLE postgres PASSWORD ''x'''"),
           std::string("SET ROLE postgres"),
           std::string("EXECUTE 'ALTER DATABASE victim RENAME TO mine'"),
           std::string("EXECUTE 'CREATE ROLE mallory'"),
           std::string("PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"),
           std::string("PERFORM pg_read_file('postgresql.conf')"),
           std::string("PERFORM lo_export(lo_from_bytea(0, 'x'), '" + marker + "')"),
       }) {
    CAPTURE(body);
    for (const char* call : {"SELECT evil()", "DO $$ BEGIN PERFORM evil(); END $$"}) {
      CHECK(fixture::mentions(files.refused(calling(body) + call), "Line 3: "));
    }
  }
  CHECK_FALSE(std::ifstream(marker).is_open());
  CHECK(server_state() == before);
  const Error error = files.refused("CREATE EXTENSION postgres_fdw");
  CHECK(error.remedy().find("with psql, and compare that") != std::string::npos);
  // Functions that do no harm are a way to make a schema.
  CHECK(tables(files.load("DO $$ BEGIN CREATE TABLE a (b int); END $$; SELECT 1;")) == 1);
  postgres_server().run("DROP DATABASE victim");
}

TEST_CASE("a role that may make databases, but no roles, calls no functions of a file") {
  Files files;
  postgres_server().run("CREATE ROLE maker LOGIN CREATEDB");
  const std::string url = postgres_server().url_as("maker", "postgres");
  CHECK(tables(files.load_at(url,
                             "SELECT pg_catalog.set_config('search_path', '', false);\n"
                             "CREATE TABLE public.a (b int);")) == 1);
  const Error error = fixture::error_of([&] { static_cast<void>(files.load_at(url, "\n\nDO $$ BEGIN END $$")); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "Line 3: "));
  CHECK(fixture::mentions(error, "calls functions"));

  // Nor is one called in the course of something else, though a trigger can be made of it.
  postgres_server().run("CREATE DATABASE victim OWNER maker TEMPLATE template0");
  const std::string evil =
      "CREATE FUNCTION evil(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN RETURN worse(); END $f$;\n"
      "CREATE FUNCTION worse() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN "
      "EXECUTE 'ALTER DATABASE victim RENAME TO mine'; RETURN 1; END $f$;\n"
      "CREATE TABLE t (a int);\n";
  for (const char* statement :
       {"ALTER TABLE t ADD COLUMN b int DEFAULT evil(1)", "ALTER TABLE t ADD CHECK (evil(1) > 0)",
        "CREATE INDEX ON t (a) WHERE evil(1) > 0", "CREATE SCHEMA s GRANT EXECUTE ON FUNCTION evil(int) TO maker",
        "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION worse()"}) {
    CAPTURE(std::string(statement));
    CHECK(fixture::mentions(fixture::error_of([&] { static_cast<void>(files.load_at(url, evil + statement)); }),
                            "Line 4: "));
  }
  CHECK(text("SELECT count(*)::text FROM pg_database WHERE datname = 'victim'") == "1|");
  {
    const SchemaSource source =
        files.load_at(url,
                      "CREATE FUNCTION \"a b\"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
                      "CREATE TABLE t (a int); CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW "
                      "EXECUTE FUNCTION public.\"a b\"()");
    CHECK(source.schema.tables.at(0).triggers.size() == 1);
  }
  postgres_server().run("DROP DATABASE victim");
  postgres_server().run("DROP ROLE maker");
}

TEST_CASE("with the rights of a role that may make databases, nothing of a file is executed") {
  Files files;
  postgres_server().run("CREATE ROLE maker LOGIN CREATEDB");
  postgres_server().run("CREATE DATABASE victim OWNER maker TEMPLATE template0");
  const std::string url = postgres_server().url_as("maker", "victim");
  auto bystander = postgres::driver().open({.url = url});
  const std::string pid = bystander->run("SELECT pg_backend_pid()::text").values[0][0].text();
  const std::string before = server_state();
  const std::string kill = "pg_terminate_backend(" + pid + ")";
  const std::string set = "EXECUTE 'ALTER ROLE maker SET work_mem = 77'";
  const std::string file =
      "CREATE TABLE t (a int);\n"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " +
      set +
      "; RETURN NEW; END $$;\n"
      "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
      "CREATE TABLE parts (a bool) PARTITION BY LIST (a);\n";
  // Whatever is made of a query has no rows.
  const std::string insertion = "CREATE TABLE x AS WITH i AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM i";
  for (const char* end : {"", " WITH DATA"}) CHECK(tables(files.load_at(url, file + insertion + end)) == 3);
  for (const std::string& statement : {
           "CREATE TABLE x AS SELECT " + kill,
           "CREATE MATERIALIZED VIEW x AS SELECT " + kill + " AS a",
           "CREATE TABLE part PARTITION OF parts FOR VALUES IN (" + kill + ")",
           "CREATE TABLE part PARTITION OF parts FOR VALUES IN (\"pg_terminate_backend\"(" + pid + "))",
           "CREATE TABLE part (a bool); ALTER TABLE parts ATTACH PARTITION part FOR VALUES IN (" + kill + ")",
           std::string("CREATE OPERATOR !!! (FUNCTION = pg_sleep, RIGHTARG = float8)"),
           "CREATE DOMAIN d AS int CHECK (pg_terminate_backend(VALUE)); CREATE VIEW x AS SELECT '{" + pid + "}'::d[]",
           std::string("CREATE VIEW v AS SELECT set_config('role', 'postgres', false);"
                       "ALTER TABLE t ADD COLUMN b xml DEFAULT table_to_xml('v'::regclass, false, false, '')"),
           "ALTER TABLE t ADD COLUMN b bool DEFAULT U&\"pg\\005fterminate_backend\"(" + pid + ")",
           std::string("SELECT 1 INTO x"),
           std::string("SET standard_conforming_strings = off"),
       }) {
    CAPTURE(statement);
    const Error error = fixture::error_of([&] { static_cast<void>(files.load_at(url, file + statement)); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "Line 5: The statement is refused"));
    CHECK_FALSE(error.remedy().empty());
  }
  // Operators in a path of the file's cannot lie about what is called.
  CHECK_THROWS(static_cast<void>(
      files.load_at(url,
                    "CREATE SCHEMA app; CREATE OPERATOR app.= (FUNCTION = oidne, LEFTARG = oid, RIGHTARG = oid);"
                    "SET search_path = app, public, pg_catalog;"
                    "CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN " +
                        set +
                        "; RETURN 1; END $$; CREATE TABLE app.t (a int);"
                        "ALTER TABLE app.t ADD COLUMN b int DEFAULT app.f()")));
  // Nor is the function of a trigger let be called while the trigger is made.
  CHECK_THROWS(static_cast<void>(
      files.load_at(url, file + "CREATE FUNCTION g() RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN " + set +
                             "; RETURN true; END $$; CREATE DOMAIN d AS int CHECK (g());"
                             "CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW WHEN ('{1}'::d[] IS NOT NULL) "
                             "EXECUTE FUNCTION g()")));
  CHECK(bystander->run("SELECT 1").values.size() == 1);
  CHECK(server_state() == before);
  // What is usual is understood.
  CHECK(tables(files.load_at(
            url,
            "CREATE TABLE a (id uuid DEFAULT md5(random()::text)::uuid, b timestamptz DEFAULT now(), c xml);"
            "ALTER TABLE a ADD COLUMN d float8 DEFAULT random(), ADD COLUMN e date DEFAULT now();"
            "CREATE SEQUENCE s; ALTER TABLE a ALTER id SET DEFAULT md5(nextval('s')::text)::uuid;"
            "CREATE VIEW v AS SELECT * FROM a")) == 1);
  CHECK(text("SELECT count(*)::text FROM pg_database WHERE datname LIKE 'whimbrel\\_scratch%'") == "0|");
  bystander.reset();
  postgres_server().run("DROP DATABASE victim");
  postgres_server().run("DROP ROLE maker");
}

TEST_CASE("a member of a role that could do harm loads no file with its own rights") {
  Files files;
  postgres_server().run("CREATE ROLE boss SUPERUSER; CREATE ROLE dev LOGIN CREATEDB; GRANT boss TO dev");
  const std::string url = postgres_server().url_as("dev", "postgres");
  const auto load = [&] { static_cast<void>(files.load_at(url, "CREATE TABLE a (b int)")); };
  const Error error = fixture::error_of(load);
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "the role \"dev\" has privileges beyond creating a schema"));
  postgres_server().run("REVOKE boss FROM dev; GRANT pg_read_server_files TO dev");
  CHECK(fixture::error_of(load).kind() == ErrorKind::unsafe);
  postgres_server().run("DROP ROLE dev; DROP ROLE boss");
}

TEST_CASE("the settings of a file end with it") {
  Files files;
  const std::string path = files.path("dump.sql");
  const std::string url = fresh_database();
  postgres::driver().open({.url = url})->run("CREATE TABLE t (\"größe\" int, d text DEFAULT 'a\\b')");
  const auto dump = [&](const std::string& options) {
    REQUIRE(std::system(("pg_dump -s " + options + " '" + url + "' > " + path).c_str()) == 0);
  };
  const auto is_equal = [&] {
    const SchemaSource from = read_database(detail::linked_drivers(), url);
    const SchemaSource to = read_script(postgres::driver(), url, path);
    return compare_whole(from, to, {}).operations.empty() && compare_whole(to, from, {}).operations.empty();
  };
  dump("-E LATIN1");
  CHECK(is_equal());
  for (const char* end :
       {"SET standard_conforming_strings = off", "SET search_path = pg_catalog", "SET statement_timeout = 1",
        "SET default_transaction_read_only = on", "SET quote_all_identifiers = on", "SET DateStyle = German"}) {
    CAPTURE(end);
    dump("");
    std::ofstream(path, std::ios::app) << end << ";\n";
    CHECK(is_equal());
  }
  const Error error = files.refused("CREATE TABLE a (b int);\nBEGIN;\nCREATE TABLE c (d int);\n");
  CHECK(fixture::mentions(error, "begins a transaction and does not end it"));
}

TEST_CASE("a time limit that the server does not have yet is passed over, and no other setting") {
  Files files;
  CHECK(tables(files.load("SET later_timeout = 0;\nCREATE TABLE t (a int);")) == 1);
  for (const char* script : {"SET later_path = a;\nCREATE TABLE t (a int);", "BEGIN; SET later_timeout = 0; COMMIT;"}) {
    CAPTURE(script);
    CHECK(fixture::mentions(files.refused(script), "unrecognized configuration parameter \"later_"));
  }
}

TEST_CASE("a statement of a file that changes the owner besides other things is not passed over") {
  Files files;
  const Error error = files.refused("CREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN b int, OWNER TO postgres;");
  CHECK(fixture::mentions(error, "Line 2: "));
  const SchemaSource source =
      files.load("CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int, OWNER TO CURRENT_USER;");
  CHECK(source.schema.tables.at(0).columns.size() == 2);
}

TEST_CASE("a file that makes its scratch database a template leaves nothing behind") {
  Files files;
  CHECK(tables(files.load("CREATE TABLE t (a int); DO $$ BEGIN EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', "
                          "current_database()); END $$")) == 1);
  CHECK(text("SELECT count(*)::text FROM pg_database WHERE datname LIKE 'whimbrel\\_scratch%'") == "0|");
  CHECK(text("SELECT count(*)::text FROM pg_roles WHERE rolname LIKE 'whimbrel\\_scratch%'") == "0|");
}

TEST_CASE("what pg_dump writes about databases, owners and privileges is understood, and changes nothing") {
  Files files;
  postgres_server().run(
      "CREATE ROLE keeper; CREATE ROLE reader; CREATE DATABASE \"my shop\" OWNER keeper TEMPLATE template0");
  const std::string shop = postgres_server().url("my%20shop");
  postgres::driver()
      .open({.url = shop})
      ->run(
          "CREATE TABLE book (id serial PRIMARY KEY, owner text DEFAULT E'\\n\\\\.'); ALTER TABLE book OWNER TO keeper;"
          "ALTER TABLE book RENAME owner TO holder; INSERT INTO book VALUES (1, 'DROP TABLE book;'), (2, '\\');"
          "GRANT SELECT ON book TO reader; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;"
          "COMMENT ON DATABASE \"my shop\" IS 'mine'; ALTER DATABASE \"my shop\" SET work_mem = '5MB';"
          "SELECT lo_from_bytea(0, 'abc'); CREATE PUBLICATION p FOR ALL TABLES;"
          "CREATE FUNCTION two() RETURNS text LANGUAGE sql AS $$ SELECT '\n\\connect postgres\n\\.\n' $$");
  const std::string before = server_state();
  for (const char* options : {"", "--create --clean --if-exists", "--inserts"}) {
    const std::string path = files.path("dump.sql");
    const std::string command = std::string("pg_dump ") + options + " '" + shop + "' > " + path;
    REQUIRE(std::system(command.c_str()) == 0);
    const SchemaSource from = read_database(detail::linked_drivers(), shop);
    const SchemaSource to = read_script(postgres::driver(), shop, path);
    CHECK(compare_whole(from, to, {}).operations.empty());
    CHECK(tables(to) == 1);
  }
  CHECK(server_state() == before);
  postgres_server().run("DROP DATABASE \"my shop\"; DROP ROLE keeper; DROP ROLE reader");
}

TEST_CASE("a file that makes two databases is not taken for one") {
  Files files;
  const Error error = files.refused("\\connect one\nCREATE TABLE a (b int);\n\\connect two\nCREATE TABLE a (c int);");
  CHECK(fixture::mentions(error, "Line 3: The file creates more than one database."));
}
