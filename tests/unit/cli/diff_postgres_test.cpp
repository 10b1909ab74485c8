#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/commands.h"
#include "support/large_database.h"
#include "support/postgres_server.h"
#include "temporary_directory.h"
#include "unit/dialect/postgres/open.h"

// What `diff` prints of PostgreSQL databases, applied by psql and judged by pg_dump.

using namespace whimbrel;
using namespace whimbrel::cli;
using test::dumped_statements;
using test::fresh_database;

namespace {

struct Printed {
  std::string script;
  std::string remarks;
};

Printed way(const std::string& from, const std::string& to, std::vector<std::string> schemas = {}) {
  std::ostringstream out;
  std::ostringstream error;
  const Console console{out, error};
  const DataSourceOptions options;
  cli::Diff arguments;
  arguments.from = from;
  arguments.to = to;
  arguments.schemas = std::move(schemas);
  CHECK(execute(SchemaContext{options, console}, arguments) == done);
  return {out.str(), error.str()};
}

/// Whether psql ran all of it, in one transaction.
bool psql_runs(const std::string& script, const std::string& url) {
  const test::TemporaryDirectory directory;
  directory.write("script.sql", script);
  const std::string command =
      "psql -X -q -v ON_ERROR_STOP=1 -1 -f " + directory.file("script.sql") + " '" + url + "' >/dev/null";
  return std::system(command.c_str()) == 0;
}

/// As people call it.
bool plain_psql_runs(const std::string& script, const std::string& url, const std::string& environment) {
  const test::TemporaryDirectory directory;
  directory.write("script.sql", script);
  const std::string command =
      environment + " psql -X -q -f " + directory.file("script.sql") + " '" + url + "' >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

/// The statements that only one of the two has.
std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> only;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only));
  std::string text;
  for (const std::string& statement : only) text += statement;
  return text;
}

std::string made(const std::string& script) {
  std::string url = fresh_database();
  test::postgres::open(url)->run(script);
  return url;
}

std::string everything() {
  std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/postgres/everything.sql");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The error of `diff FROM TO --rename ...`.
std::string diff_error(const std::string& from, const std::string& to, std::vector<TableColumnValue> renames = {}) {
  std::ostringstream out;
  const Console console{out, out};
  const DataSourceOptions options;
  cli::Diff arguments;
  arguments.from = from;
  arguments.to = to;
  arguments.renames = std::move(renames);
  try {
    static_cast<void>(execute(SchemaContext{options, console}, arguments));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the way from an empty database to a large one makes it as it is, and the way back leaves nothing") {
  for (const std::string& script : {test::large_database(1, 200), test::large_database(2, 200), everything()}) {
    const std::string database = made(test::for_server(script));
    const std::string copy = fresh_database();
    const std::vector<std::string> empty = dumped_statements(copy);

    const Printed there = way(copy, database);
    // Before trusted extensions, the restricted role that verifies a script cannot create any.
    if (test::has_postgres(13)) CHECK(there.remarks == "");
    REQUIRE(psql_runs(there.script, copy));
    const std::vector<std::string> expected = dumped_statements(database);
    CHECK(expected.size() > 150);
    CHECK(difference(expected, dumped_statements(copy)) == "");
    CHECK(way(copy, database).script.empty());
    CHECK(way(database, copy).script.empty());

    REQUIRE(psql_runs(way(copy, fresh_database()).script, copy));
    CHECK(difference(empty, dumped_statements(copy)) == "");
  }
}

TEST_CASE("a table that inherits keeps a column that the other loses, with its values") {
  const std::string database = made(
      "CREATE TABLE p (id integer, a text, b text); CREATE TABLE c (z integer) INHERITS (p);"
      "INSERT INTO c VALUES (2, 'kept', 'gone', 4)");
  const std::string other = made("CREATE TABLE p (id integer); CREATE TABLE c (a text, z integer) INHERITS (p)");
  const Printed there = way(database, other);
  const Printed back = way(other, database);
  REQUIRE(psql_runs(there.script, database));
  CHECK(way(database, other).script.empty());
  CHECK(test::postgres::value(*test::postgres::open(database), "SELECT c::text FROM c").text() == "(2,kept,4)");
  REQUIRE(psql_runs(back.script, database));
  CHECK(test::postgres::value(*test::postgres::open(database), "SELECT id::text || a || z::text FROM c").text() ==
        "2kept4");
}

TEST_CASE("a partition that stays leaves a table that goes, and one that is not compared keeps it from going") {
  const std::string whole =
      "CREATE SCHEMA parts; CREATE TABLE p (id integer) PARTITION BY LIST (id);"
      "CREATE TABLE parts.pa PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (1)";
  const std::string other = made("CREATE SCHEMA parts; CREATE TABLE parts.pa (id integer)");
  const std::string database = made(whole);
  std::ostringstream out;
  const Console quiet{out, out};
  const DataSourceOptions options;
  cli::Diff arguments;
  arguments.from = database;
  arguments.to = other;
  arguments.schemas = {"public"};
  CHECK_THROWS_WITH_AS(
      execute(SchemaContext{options, quiet}, arguments),
      doctest::Contains("would also drop its child tables in schemas that are not compared: parts.pa."), Error);
  const std::string script = way(database, other).script;
  CHECK(script.find("DETACH PARTITION") < script.find("DROP TABLE"));
  REQUIRE(psql_runs(script, database));
  CHECK(test::postgres::value(*test::postgres::open(database), "SELECT id::text FROM parts.pa").text() == "1");
}

TEST_CASE("psql takes a script for what it says, whatever the encoding and the settings of the database") {
  for (const char* name : {"one_latin", "other_latin"}) {
    test::postgres_server().run("CREATE DATABASE " + std::string(name) +
                                " TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  }
  test::postgres_server().run(
      "ALTER DATABASE one_latin SET standard_conforming_strings = off;"
      "ALTER DATABASE one_latin SET DateStyle = 'German'");
  const std::string one = test::postgres_server().url("one_latin");
  const std::string other = test::postgres_server().url("other_latin");
  test::postgres::open(one)->run("CREATE TABLE t (id int, d date); INSERT INTO t VALUES (1, '2020-03-04')");
  test::postgres::open(other)->run("CREATE TABLE t (id int, d text, \"größe\" text NOT NULL DEFAULT 'für\\alle')");
  REQUIRE(plain_psql_runs(way(one, other).script, one, "PGCLIENTENCODING=LATIN1"));
  CHECK(way(one, other).script.empty());
  {
    const auto connection = test::postgres::open(one);
    CHECK(test::postgres::value(*connection, "SELECT d || \"größe\" FROM t") == Value("2020-03-04für\\alle"));
  }
  for (const char* name : {"one_latin", "other_latin"}) {
    test::postgres_server().run("DROP DATABASE " + std::string(name));
  }
}

TEST_CASE("psql says that a script of several statements has failed, and nothing of it stays") {
  const std::string from = made("CREATE TABLE t (id int, a int); INSERT INTO t VALUES (1, NULL)");
  const std::string to = made("CREATE TABLE t (id int, a int NOT NULL); CREATE TABLE u (id int)");
  const std::vector<std::string> before = dumped_statements(from);
  CHECK_FALSE(plain_psql_runs(way(from, to).script, from, ""));
  CHECK(difference(before, dumped_statements(from)) == "");
}

TEST_CASE("one database becomes another in place, with its rows, and comes back") {
  const char* const first = R"sql(
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
    CREATE TYPE size AS ENUM ('s', 'l');
    CREATE TABLE logged (id serial PRIMARY KEY, m mood DEFAULT 'ok', s size DEFAULT 's', n integer)
      WITH (fillfactor=70);
    CREATE TABLE counting (id integer GENERATED BY DEFAULT AS IDENTITY, big serial, plain integer, a text,
                           b varchar(10), c text GENERATED ALWAYS AS (a || 'x') STORED);
    CREATE TABLE whole (id integer NOT NULL, note text) PARTITION BY LIST (id);
    CREATE TABLE first PARTITION OF whole FOR VALUES IN (1);
    CREATE TABLE second (id integer NOT NULL, note text);
    CREATE TABLE base (a integer);
    CREATE TABLE heir (a integer, b integer) INHERITS (base);
    CREATE TABLE alone (a integer, b integer);
    CREATE TABLE named (id integer CONSTRAINT old_key PRIMARY KEY, u integer CONSTRAINT old_unique UNIQUE,
                        r integer CONSTRAINT old_reference REFERENCES named, CONSTRAINT old_check CHECK (u > 0),
                        CONSTRAINT old_exclusion EXCLUDE (r WITH =));
    CREATE INDEX old_index ON named (u DESC);
    CREATE VIEW seen AS SELECT a, b FROM counting;
    CREATE VIEW seen_again AS SELECT a FROM seen;
    CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION g(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE POLICY p ON logged USING (n > 0);
    CREATE TABLE dropped (id integer);
    COMMENT ON TABLE logged IS 'before';
    INSERT INTO logged(n) VALUES (1), (2);
    INSERT INTO counting(plain, a, b) VALUES (5, 'a', 'b');
    INSERT INTO whole VALUES (1, 'one');
    INSERT INTO named VALUES (1, 1, NULL);
  )sql";
  const std::string before = made(first);
  const std::string old = made(first);
  const std::string after = made(R"sql(
    CREATE TYPE mood AS ENUM ('new', 'sad', 'ok');
    CREATE TYPE size AS ENUM ('s', 'm', 'l');
    CREATE UNLOGGED TABLE logged (id bigserial PRIMARY KEY, m mood DEFAULT 'new', s size DEFAULT 'm', n integer)
      WITH (autovacuum_enabled=false);
    CREATE TABLE counting (id integer GENERATED ALWAYS AS IDENTITY, big integer GENERATED BY DEFAULT AS IDENTITY,
                           plain serial, a text COLLATE "C" NOT NULL DEFAULT 'q', b text,
                           c text GENERATED ALWAYS AS (a || 'y') STORED);
    CREATE TABLE whole (id integer NOT NULL, note text) PARTITION BY LIST (id);
    CREATE TABLE first PARTITION OF whole FOR VALUES IN (1, 3);
    CREATE TABLE second PARTITION OF whole FOR VALUES IN (2);
    CREATE TABLE base (a integer);
    CREATE TABLE heir (a integer, b integer);
    CREATE TABLE alone (a integer, b integer) INHERITS (base);
    CREATE TABLE named (id integer CONSTRAINT new_key PRIMARY KEY, u integer CONSTRAINT new_unique UNIQUE,
                        r integer CONSTRAINT new_reference REFERENCES named, CONSTRAINT new_check CHECK (u > 0),
                        CONSTRAINT new_exclusion EXCLUDE (r WITH =));
    CREATE INDEX new_index ON named (u DESC);
    CREATE VIEW seen AS SELECT a, b FROM counting;
    CREATE VIEW seen_again AS SELECT a, a AS b FROM seen;
    CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2';
    CREATE FUNCTION g(a bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE POLICY p ON logged USING (n > 1);
    ALTER TABLE logged ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE logged REPLICA IDENTITY FULL;
    CREATE TABLE made (id integer);
    COMMENT ON TABLE logged IS 'after';
    COMMENT ON COLUMN counting.plain IS 'counts now';
  )sql");
  REQUIRE(psql_runs(way(before, after).script, before));
  CHECK(difference(dumped_statements(after), dumped_statements(before)) == "");
  const auto connection = test::postgres::open(before);
  CHECK(test::postgres::number(*connection, "SELECT count(*) FROM logged WHERE m = 'ok' AND s = 's'") == 2);
  CHECK(test::postgres::number(*connection, "INSERT INTO logged(n) VALUES (3) RETURNING id") == 3);
  CHECK(test::postgres::value(*connection, "INSERT INTO counting(a) VALUES ('z') RETURNING plain || c") ==
        Value("6zy"));
  CHECK(test::postgres::value(*connection, "SELECT c FROM counting WHERE b = 'b'") == Value("ay"));
  CHECK(test::postgres::value(*connection, "SELECT note FROM first") == Value("one"));
  connection->run("UPDATE logged SET m = 'sad', s = 'l'");
  connection->run("DELETE FROM counting WHERE a = 'z'");
  REQUIRE(psql_runs(way(before, old).script, before));
  CHECK(difference(dumped_statements(old), dumped_statements(before)) == "");
}

TEST_CASE("functions and views that are made from each other are made and dropped in turn") {
  const std::string database = made(test::for_server(R"sql(
    CREATE TABLE tag (id integer, n integer);
    CREATE VIEW z AS SELECT id FROM tag;
    CREATE FUNCTION y(x z) RETURNS integer LANGUAGE sql AS 'SELECT $1.id';
    CREATE VIEW x AS SELECT y(z.*) AS w FROM z;
    CREATE FUNCTION a(b x) RETURNS integer LANGUAGE sql AS 'SELECT $1.w';
    CREATE FUNCTION weight(t tag) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.n';
    ALTER TABLE tag ADD CHECK (weight(tag.*) > 0);
    CREATE INDEX ON tag (weight(tag.*));
    CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM tag; END;
    ALTER TABLE tag ADD COLUMN place bigint DEFAULT counted();
    CREATE POLICY seen ON tag USING (id IN (SELECT w FROM x));
  )sql"));
  const std::string copy = fresh_database();
  const std::vector<std::string> empty = dumped_statements(copy);
  REQUIRE(psql_runs(way(copy, database).script, copy));
  CHECK(difference(dumped_statements(database), dumped_statements(copy)) == "");
  REQUIRE(psql_runs(way(copy, fresh_database()).script, copy));
  CHECK(difference(empty, dumped_statements(copy)) == "");
}

TEST_CASE("--schema leaves out what is in other PostgreSQL schemas, whatever it is") {
  const std::string database = made(R"sql(
    CREATE SCHEMA shop;
    CREATE TYPE mood AS ENUM ('ok');
    CREATE TYPE shop.size AS ENUM ('s');
    CREATE SEQUENCE counted;
    CREATE FUNCTION shop.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE person (id integer);
    CREATE TABLE shop.there (id integer, s shop.size)
  )sql");
  const std::string script = way(fresh_database(), database, {"shop"}).script;
  for (const char* const part : {"SCHEMA \"shop\"", "\"size\"", "shop.one()", "\"there\""}) {
    CAPTURE(part);
    CHECK(script.find(part) != std::string::npos);
  }
  for (const char* const part : {"mood", "counted", "person"}) {
    CAPTURE(part);
    CHECK(script.find(part) == std::string::npos);
  }
}

TEST_CASE("a computed column gets another type, or stops being computed") {
  const std::string table = "CREATE TABLE t (id integer PRIMARY KEY, a integer, g ";
  const std::string computed = " GENERATED ALWAYS AS (a * 2) STORED)";
  const std::vector<std::string> forms = {"integer" + computed, "bigint" + computed, "text" + computed,
                                          "bigint NOT NULL DEFAULT 5)", "integer DEFAULT 6)"};
  for (const std::string& from : forms) {
    for (const std::string& to : forms) {
      CAPTURE(from);
      CAPTURE(to);
      const std::string database = made(table + from + "; INSERT INTO t(id, a) VALUES (1, 4)");
      const std::string other = made(table + to);
      const auto connection = test::postgres::open(database);
      const std::string value = "SELECT g::text FROM t";
      const std::string before = connection->run(value).values.at(0).at(0).text();
      const bool is_computed = to.find("GENERATED") != std::string::npos;
      const bool stops = !is_computed && from.find("GENERATED") != std::string::npos;
      if (stops && !test::has_postgres(13)) {
        CHECK(test::contains(diff_error(database, other), "which PostgreSQL 13 introduced"));
        continue;
      }
      CHECK(psql_runs(way(database, other).script, database));
      CHECK(way(database, other).script.empty());
      const std::string after = connection->run(value).values.at(0).at(0).text();
      CHECK(after == (is_computed ? "8" : before));
    }
  }
}

TEST_CASE("a generated column remains when a function that it uses is made anew") {
  const auto made_with = [](const std::string& type) {
    return made("CREATE FUNCTION twice(integer) RETURNS " + type +
                " IMMUTABLE LANGUAGE sql AS 'SELECT ($1 * 2)::" + type + "';" +
                "CREATE TABLE t (a integer, g bigint GENERATED ALWAYS AS (twice(a)) STORED); INSERT INTO t VALUES (4)");
  };
  const std::string database = made_with("integer");
  const std::string other = made_with("bigint");
  REQUIRE(psql_runs(way(database, other).script, database));
  CHECK(way(database, other).script.empty());
  CHECK(test::postgres::value(*test::postgres::open(database), "SELECT t::text FROM t").text() == "(4,8)");
}

TEST_CASE("a script that looks for rows says that policies may hide some of them") {
  const std::string forced = "; ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY";
  const std::string plain = "CREATE TABLE t (id integer PRIMARY KEY)";
  const std::string counting = "CREATE TABLE t (id serial PRIMARY KEY)";
  const std::string note = "derives the next value of column \"id\" only from the rows of \"t\" that the role may see";
  CHECK(way(made(plain + forced), made(counting + forced)).remarks.find(note) != std::string::npos);
  CHECK(way(made(plain), made(counting)).remarks.find(note) == std::string::npos);
}

TEST_CASE("a rename onto a name that something else keeps says what is in the way") {
  const std::string from = made("CREATE TABLE t (a text, b text); CREATE TABLE u (c text)");
  const std::string to = made("CREATE TABLE u (b text); CREATE TABLE t (b text)");
  const auto message = [&](const TableColumnValue& rename) { return diff_error(from, to, {rename}); };
  CHECK(message({{"t", "a"}, "b"}) ==
        "Cannot rename column \"t.a\" to \"t.b\": a column of that name already exists and is not renamed.");
  CHECK(message({{"t"}, "u"}) ==
        "Cannot rename table \"t\" to \"u\": a table of that name already exists and is not renamed.");
}

TEST_CASE("a rename without an effect says which name does not exist") {
  const std::string from = made("CREATE TABLE t (a text)");
  const std::string to = made("CREATE TABLE t (b text)");
  const auto message = [&](const TableColumnValue& rename) { return diff_error(from, to, {rename}); };
  CHECK(message({{"t", "x"}, "b"}) == "Cannot rename column \"t.x\" to \"b\": table \"t\" has no column \"x\".");
  CHECK(message({{"t", "a"}, "c"}) ==
        "Cannot rename column \"t.a\" to \"c\": the desired table \"t\" has no column \"c\".");
  CHECK(message({{"q", "a"}, "b"}) ==
        "Cannot rename column or value \"q.a\" to \"b\": no table or enum \"q\" has such a column or value.");
  CHECK(message({{"q"}, "t"}) == "Cannot rename table \"q\" to \"t\": table \"q\" does not exist.");
  CHECK(message({{"t"}, "q"}) == "Cannot rename table \"t\" to \"q\": the desired schema has no table \"q\".");
}

TEST_CASE("a script says which schema its names are in if that is not the one that psql assumes") {
  const std::string both = "CREATE SCHEMA app; CREATE TABLE public.t (x integer); INSERT INTO public.t VALUES (1);";
  const std::string from = made(both + "CREATE TABLE app.t (x integer)");
  const std::string to = made(both + "CREATE TABLE app.t (y integer)");
  const std::string path = std::string(from.find('?') == from.npos ? "?" : "&") + "options=-csearch_path%3Dapp,public";
  const std::string script = way(from + path, to + path).script;
  CHECK(script.find("SET search_path TO app, public;\n") != std::string::npos);
  REQUIRE(psql_runs(script, from));
  CHECK(way(from, to).script.empty());
  CHECK(way(from + path, to + path).script.empty());
  CHECK(way(made("SELECT 1"), to).script.find("search_path") == std::string::npos);
}

TEST_CASE("a table can be renamed into another schema") {
  const std::string from = made("CREATE TABLE t (a text)");
  const std::string to = made("CREATE SCHEMA n; CREATE TABLE n.u (a text)");
  CHECK(diff_error(from, to, {{{"t"}, "n.u"}}).empty());
  CHECK(diff_error(to, from, {{{"n", "u"}, "t"}}) ==
        "Cannot rename table \"n.u\" to \"t\": the new name needs its schema, too.");
}
