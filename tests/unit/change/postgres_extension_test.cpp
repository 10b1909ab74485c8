#include <doctest/doctest.h>

#include <string>

#include "unit/change/there_and_back.h"

// Extensions in another schema. They are moved, and what uses their types, functions and operators is not changed by
// it.

using namespace whimbrel;
using test::go_there_and_back;
using test::refusal_of;
using test::script_of;

namespace {

/// `prefix`: the schema of the extensions, with a dot.
std::string users(const std::string& prefix) {
  const std::string hstore = prefix + "hstore";
  const std::string citext = prefix + "citext";
  return "CREATE DOMAIN mail AS " + citext + " CHECK (length(VALUE::text) > 0); CREATE TYPE pair AS (h " + hstore +
         ", m mail[]);" + "CREATE TABLE t (id int PRIMARY KEY, h " + hstore + " DEFAULT 'a=>1', e " + citext +
         " UNIQUE, p pair, hs " + hstore + "[]); CREATE INDEX ON t USING gin (h); CREATE VIEW v AS SELECT h OPERATOR(" +
         (prefix.empty() ? "public." : prefix) + "->) 'a' AS a, e FROM t; CREATE FUNCTION f(" + hstore + ") RETURNS " +
         citext + " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; COMMENT ON FUNCTION f(" + hstore +
         ") IS 'f'; CREATE SEQUENCE s";
}

const std::string rows =
    "INSERT INTO t VALUES (1, 'a=>1', 'Foo', ROW('b=>2', '{x}'), '{c=>3}'), (2, NULL, NULL, NULL, NULL)";

}  // namespace

TEST_CASE("PostgreSQL: an extension moves to another schema, and what uses it does not change") {
  const std::string here = "CREATE EXTENSION hstore; CREATE EXTENSION citext;" + users("");
  const std::string there =
      "CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;" + users("ext.");
  go_there_and_back(here, there, rows);
  go_there_and_back(there, here, rows);
  CHECK(script_of(here, there) ==
        "CREATE SCHEMA \"ext\";\nALTER EXTENSION citext SET SCHEMA ext;\nALTER EXTENSION hstore SET SCHEMA ext;\n");
}

TEST_CASE("PostgreSQL: an extension moves between two schemas, and columns change with it") {
  const auto schema = [](const std::string& name, const std::string& type) {
    return "CREATE SCHEMA " + name + "; CREATE EXTENSION hstore SCHEMA " + name + "; CREATE EXTENSION ltree;" +
           "CREATE TABLE t (id int PRIMARY KEY, h " + type + ", p ltree); CREATE INDEX ON t USING gist (p)";
  };
  const std::string some_rows = "INSERT INTO t VALUES (1, 'a=>1', 'a.b')";
  go_there_and_back(schema("one", "one.hstore"), schema("\"t'wo\"", "\"t'wo\".hstore NOT NULL"), some_rows);
}

TEST_CASE("PostgreSQL: an extension that cannot be moved is a reason to refuse") {
  const std::string text =
      refusal_of("CREATE EXTENSION hstore; UPDATE pg_extension SET extrelocatable = false WHERE extname = 'hstore'",
                 "CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext");
  CHECK(text.find("Extension \"hstore\" is in different schemas, and it cannot be moved") == 0);
  CHECK(text.find("Create it in the same schema on both sides.") != std::string::npos);
}

TEST_CASE("PostgreSQL: values of hstore become JSON, but JSON does not become hstore") {
  const std::string schema = "CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE TABLE t (id int, h ";
  for (const std::string type : {"json", "jsonb"}) {
    const fixture::PostgresDatabase there;
    const fixture::PostgresDatabase wanted;
    there.query(schema + "ext.hstore); INSERT INTO t VALUES (1, 'a=>1, b=>NULL'), (2, NULL)");
    wanted.query(schema + type + ")");
    const change::SchemaChange change = test::compare(there, wanted, {});
    test::run_all(there, change.script.up);
    CHECK(test::compare(there, wanted, {}).operations.empty());
    CHECK(there.query("SELECT h->>'a', h->>'b' IS NULL FROM t WHERE id = 1") == "1|1");
    CHECK_THROWS_AS(static_cast<void>(change::reversed(change)), Error);
    const std::string text = refusal_of(schema + type + ")", schema + "ext.hstore)");
    CHECK(text.find("The values of column \"h\" of \"t\" cannot be converted from " + type + " to ext.hstore") == 0);
  }
}

TEST_CASE("PostgreSQL: what depends on an extension that is dropped stays") {
  const auto schema = [](const std::string& extension, const std::string& result, const std::string& marks) {
    return extension +
           "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE "
           "FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER tr AFTER INSERT "
           "ON "
           "t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE FUNCTION f() RETURNS " +
           result + " LANGUAGE sql AS 'SELECT 1::" + result + "';" + marks;
  };
  const std::string marks =
      "ALTER INDEX i DEPENDS ON EXTENSION citext; ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext; ALTER TRIGGER "
      "tr "
      "ON t DEPENDS ON EXTENSION citext; ALTER FUNCTION f() DEPENDS ON EXTENSION citext;";
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  if (std::stoi(there.query("SHOW server_version_num")) < 130000) return;  // It has no NO DEPENDS ON EXTENSION.
  there.query(schema("CREATE EXTENSION citext;", "int", marks));
  wanted.query(schema("", "bigint", ""));
  test::run_all(there, test::compare(there, wanted, {}).script.up);
  CHECK(test::difference(test::dump(there), test::dump(wanted)) == "");
}
