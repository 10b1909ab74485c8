#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// Casts, operators and aggregates over types that are recreated.

using namespace whimbrel;
using test::go_there_and_back;
using test::script_of;

TEST_CASE("PostgreSQL: casts are created, dropped and changed") {
  const std::string type = "CREATE TYPE e AS ENUM ('a', 'b');";
  const std::string assigned = "CREATE CAST (varchar AS e) WITH INOUT AS ASSIGNMENT;";
  const std::string implicit =
      "CREATE CAST (varchar AS e) WITH INOUT AS IMPLICIT; COMMENT ON CAST (varchar AS e) IS 'c'";
  go_there_and_back(type + assigned, type + implicit, "");
  CHECK(script_of(type, type + assigned) == "CREATE CAST (character varying AS e) WITH INOUT AS ASSIGNMENT;\n");
  go_there_and_back(type,
                    "CREATE SCHEMA s; CREATE TYPE s.ct AS (a int); CREATE FUNCTION s.f(s.ct) RETURNS int IMMUTABLE "
                    "LANGUAGE sql AS 'SELECT $1.a'; CREATE CAST (s.ct AS int) WITH FUNCTION s.f(s.ct);" +
                        type,
                    "");
}

TEST_CASE("PostgreSQL: casts over an enum come back, and do not take part in the conversion of columns") {
  const auto schema = [](const std::string& values) {
    return "CREATE TYPE e AS ENUM (" + values +
           "); CREATE FUNCTION loud(e) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN ''!'' || "
           "format(''%s'', "
           "$1); END'; CREATE CAST (e AS text) WITH FUNCTION loud(e) AS ASSIGNMENT; COMMENT ON CAST (e AS text) IS "
           "'loud'; CREATE CAST (varchar AS e) WITH INOUT AS IMPLICIT; CREATE TABLE t (id int PRIMARY KEY, r e DEFAULT "
           "'a', rs e[], g text GENERATED ALWAYS AS (r::text) STORED, CONSTRAINT k CHECK (r::text <> '!x')); CREATE "
           "INDEX ON t ((r::text)); CREATE VIEW v AS SELECT r::text AS r FROM t";
  };
  go_there_and_back(schema("'a', 'b', 'c'"), schema("'b', 'a'"),
                    "INSERT INTO t VALUES (1, 'a', '{b}'), (2, NULL, NULL)");
}

TEST_CASE("PostgreSQL: a cast that a check constraint calls is there when the constraint is recreated") {
  const auto schema = [](const std::string& values) {
    return "CREATE TYPE e AS ENUM (" + values +
           "); CREATE FUNCTION loud(e) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN ''!'' || "
           "format(''%s'', "
           "$1); END'; CREATE CAST (e AS text) WITH FUNCTION loud(e); CREATE TABLE t (r e, CONSTRAINT k CHECK (r::text "
           "<> 'a'))";
  };
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query(schema("'a', 'b', 'c'") + "; INSERT INTO t VALUES ('a')");
  wanted.query(schema("'b', 'a'"));
  test::run_all(there, test::compare(there, wanted, {}).script.up);
  CHECK(there.query("SELECT count(*) FROM pg_depend WHERE classid = 'pg_constraint'::regclass AND refobjid = "
                    "'loud'::regproc") == "1");
}

TEST_CASE("PostgreSQL: casts over composite types and their domains come back") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base +
           "; CREATE TYPE ct AS (a d, b text); CREATE FUNCTION f(ct) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN "
           "RETURN ''!'' || format(''%s'', $1); END'; CREATE CAST (ct AS text) WITH FUNCTION f(ct); CREATE TABLE t (id "
           "int PRIMARY KEY, r ct, rs ct[])";
  };
  go_there_and_back(schema("int"), schema("bigint"),
                    "INSERT INTO t VALUES (1, ROW(1, 'x, \"y\"'), ARRAY[ROW(2, '')::ct]), (2, NULL, NULL)");
}

TEST_CASE("PostgreSQL: operators and aggregates over a recreated type come back with their comments and owners") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base + R"sql(;
      CREATE FUNCTION plus(d, d) RETURNS d IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1::bigint + $2::bigint; END';
      CREATE FUNCTION minus(d) RETURNS d IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN -$1::bigint; END';
      CREATE FUNCTION same(d, d) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1::bigint = $2::bigint';
      CREATE FUNCTION other(d, d) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1::bigint <> $2::bigint';
      CREATE OPERATOR ##+ (function = plus, leftarg = d, rightarg = d, commutator = ##+);
      CREATE OPERATOR ##= (function = same, leftarg = d, rightarg = d, commutator = ##=, negator = ##<, restrict = eqsel,
                           join = eqjoinsel);
      CREATE OPERATOR ##< (function = other, leftarg = d, rightarg = d, commutator = ##<, negator = ##=);
      CREATE OPERATOR ##- (function = minus, rightarg = d);
      COMMENT ON OPERATOR ##+ (d, d) IS 'plus'; ALTER OPERATOR ##+ (d, d) OWNER TO pg_monitor;
      CREATE AGGREGATE total(d) (sfunc = plus, stype = d, initcond = '0');
      COMMENT ON AGGREGATE total(d) IS 't'; ALTER AGGREGATE total(d) OWNER TO pg_monitor;
      CREATE TABLE t (id int, r d, CONSTRAINT k CHECK (r ##+ r > 0)); CREATE INDEX ON t ((r ##+ 1::d));
      CREATE VIEW v AS SELECT total(r) AS total, ##- min(r)::d AS least FROM t)sql";
  };
  go_there_and_back(schema("int"), schema("bigint"), "INSERT INTO t VALUES (1, 1), (2, NULL)");
}

TEST_CASE("PostgreSQL: operators are created, dropped and changed") {
  const std::string function =
      "CREATE SCHEMA s; CREATE FUNCTION s.f(int, text) RETURNS bool LANGUAGE sql AS 'SELECT true'; CREATE FUNCTION "
      "f(int, "
      "text) RETURNS bool LANGUAGE sql AS 'SELECT true';";
  const std::string here = "CREATE OPERATOR ~~~ (function = f, leftarg = int, rightarg = text);";
  go_there_and_back(function, function + here, "");
  go_there_and_back(function + here,
                    function +
                        "CREATE OPERATOR ~~~ (function = s.f, leftarg = int, rightarg = text); CREATE OPERATOR s.~~~ "
                        "(function = s.f, leftarg = int, rightarg = text)",
                    "");
  CHECK(script_of(function, function + here) ==
        "CREATE OPERATOR ~~~ (function = f, leftarg = integer, rightarg = text);\n");
}

TEST_CASE("PostgreSQL: operator classes and families over a recreated type come back, with the indexes that use them") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base + R"sql(; CREATE TYPE ct AS (a d, b text);
      CREATE FUNCTION same(ct, ct) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1.b = $2.b';
      CREATE FUNCTION hash(ct) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT hashtext($1.b)';
      CREATE OPERATOR ##= (function = same, leftarg = ct, rightarg = ct, commutator = ##=, hashes);
      CREATE OPERATOR CLASS by_b FOR TYPE ct USING hash AS OPERATOR 1 ##=, FUNCTION 1 hash(ct);
      COMMENT ON OPERATOR CLASS by_b USING hash IS 'b'; ALTER OPERATOR CLASS by_b USING hash OWNER TO pg_monitor;
      CREATE OPERATOR FAMILY "lo'ose" USING hash;
      ALTER OPERATOR FAMILY "lo'ose" USING hash ADD OPERATOR 1 ##= (ct, ct), FUNCTION 1 (ct, ct) hash(ct);
      CREATE TABLE t (id int, r ct); CREATE INDEX ON t USING hash (r by_b))sql";
  };
  go_there_and_back(schema("int"), schema("bigint"), "INSERT INTO t VALUES (1, ROW(1, 'x')), (2, NULL)");
  const std::string classes =
      "CREATE SCHEMA s; CREATE OPERATOR CLASS s.ints FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION "
      "1 "
      "btint4cmp(int, int); CREATE TABLE t (a int); CREATE INDEX ON t (a s.ints)";
  go_there_and_back("CREATE TABLE t (a int)", classes, "INSERT INTO t VALUES (1)");
}
