#include "dialect/postgres/guard/script_rules.h"

#include <doctest/doctest.h>

using namespace whimbrel::dialect::postgres;

TEST_CASE("PostgreSQL: a file chooses no role, however the setting is spelled") {
  for (const char* statement :
       {"SET ROLE boss", "set local role boss", "SET SESSION ROLE boss", "SET role = boss", "SET \"role\" = boss",
        "SET SESSION \"role\" TO boss", "SET SESSION AUTHORIZATION boss", "SET LOCAL SESSION AUTHORIZATION boss",
        "SET session_authorization = boss", "SET \"session_authorization\" TO boss", "RESET ROLE"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::leave_out);
  }
  CHECK(treatment_of("SET U&\"r\\006fle\" = boss") == Treatment::refuse);
  for (const char* statement :
       {"SELECT pg_catalog.set_config('role', 'boss', false)", "SELECT pg_catalog.set_config(E'rol\\x65', 'x', false)",
        "SELECT set_config('search_path', '', false)", "SELECT pg_catalog.set_config('search_path', f(), false)"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::code);
  }
}

TEST_CASE("PostgreSQL: the settings of dumps and their like are the session's") {
  for (const char* statement :
       {"SET statement_timeout = 0", "SET client_encoding = 'LATIN1'", "SET NAMES 'UTF8'", "SET xmloption = content",
        "SET standard_conforming_strings = on", "SELECT pg_catalog.set_config('search_path', '', false)",
        "SET search_path TO app, public", "SET TIME ZONE 'UTC'", "SET LOCAL work_mem = '5MB'", "RESET ALL",
        "SET app.user = 'x'", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "SET CONSTRAINTS ALL DEFERRED",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "BEGIN", "COMMIT"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::session);
  }
  // What follows them is not read here as the server reads it.
  for (const char* statement : {"SET standard_conforming_strings = off", "RESET standard_conforming_strings",
                                "SET client_encoding TO SJIS", "SET NAMES 'BIG-5'"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::code);
  }
}

TEST_CASE("PostgreSQL: a statement that changes the owner is left out only if it does nothing else") {
  for (const char* statement : {"ALTER TABLE t OWNER TO x", "ALTER FUNCTION f(a integer, b integer) OWNER TO x",
                                "ALTER TYPE t OWNER TO \"x,y\"", "ALTER TABLE ONLY public.t OWNER TO CURRENT_USER",
                                "SELECT pg_catalog.setval('s', 1, true)", "SELECT pg_catalog.lo_create('1')"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::leave_out);
  }
  for (const char* statement :
       {"ALTER TABLE t ADD COLUMN a int, OWNER TO x", "ALTER TABLE t RENAME owner TO x",
        "ALTER TABLE t RENAME COLUMN owner TO x", "ALTER TABLE t OWNER TO x, ADD COLUMN a int"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::run);
  }
  CHECK(treatment_of("SELECT pg_catalog.setval('s', 1), make()") == Treatment::code);
  CHECK(treatment_of("SELECT pg_catalog.setval('s', make())") == Treatment::code);
}

TEST_CASE("PostgreSQL: grants on objects of a schema are told from those of roles and of what is outside") {
  for (const char* statement :
       {"GRANT SELECT ON t TO x", "REVOKE ALL ON TABLE \"database\" FROM PUBLIC",
        "GRANT SELECT (a, \"on\") ON ONLY t TO x", "REVOKE GRANT OPTION FOR USAGE ON SCHEMA s FROM x",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA s TO x", "GRANT USAGE ON DOMAIN d TO x"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::privilege);
  }
  for (const char* statement :
       {"GRANT a TO b", "REVOKE \"ON\" FROM b", "GRANT CONNECT ON DATABASE d TO x", "GRANT USAGE ON LANGUAGE c TO x",
        "GRANT SET ON PARAMETER work_mem TO x", "GRANT CREATE ON TABLESPACE t TO x",
        "GRANT USAGE ON FOREIGN SERVER s TO x", "GRANT SELECT ON LARGE OBJECT 1 TO x",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x"}) {
    CAPTURE(statement);
    CHECK(treatment_of(statement) == Treatment::leave_out);
  }
}

TEST_CASE("PostgreSQL: what is made of a query is made without its rows") {
  const auto text = [](const char* statement) { return without_rows(statement); };
  CHECK(text("CREATE TABLE a AS SELECT 1") == "CREATE TABLE a AS SELECT 1\nWITH NO DATA");
  CHECK(text("create unlogged table if not exists a (b) with (fillfactor=70) as table c with data") ==
        "create unlogged table if not exists a (b) with (fillfactor=70) as table c \nWITH NO DATA");
  CHECK(text("CREATE MATERIALIZED VIEW a AS SELECT 1 AS data WITH NO DATA") ==
        "CREATE MATERIALIZED VIEW a AS SELECT 1 AS data \nWITH NO DATA");
  CHECK(text("CREATE TABLE a AS SELECT 1 AS data") == "CREATE TABLE a AS SELECT 1 AS data\nWITH NO DATA");
  for (const char* statement : {"CREATE TABLE a (b int GENERATED ALWAYS AS (1) STORED)", "CREATE VIEW a AS SELECT 1",
                                "CREATE RULE r AS ON INSERT TO a DO NOTHING"}) {
    CHECK(text(statement) == statement);
  }
}

TEST_CASE("PostgreSQL: a name in a statement is found in every spelling, and not within strings") {
  const std::set<std::string> names{"evil"};
  for (const char* statement : {"SELECT a[evil(1)]", "SELECT @EVIL(1)", "SELECT pg_catalog.\"evil\"(1)",
                                "SELECT 1+evil(1)", "SELECT U&\"ev\\0069l\"(1)"}) {
    CAPTURE(statement);
    CHECK_FALSE(named_of(statement, names).empty());
  }
  for (const char* statement : {"SELECT 'evil'", "SELECT $$ evil() $$", "SELECT evil1, \"EVIL\", U&'evil' -- evil"}) {
    CAPTURE(statement);
    CHECK(named_of(statement, names).empty());
  }
}
