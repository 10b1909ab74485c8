#include <doctest/doctest.h>

#include <algorithm>

#include "unit/dialect/postgres/inspect/inspected.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace test::postgres;
using Names = std::vector<std::string>;

/// The columns that are used, of whatever table.
Names columns(const model::Uses& uses) {
  REQUIRE(uses.value);
  Names names;
  for (const model::Reference& used : *uses.value) {
    if (used.kind.empty()) names.push_back(used.column);
  }
  return names;
}

/// All that is used: `t.a`, `t`, `function f()`, `constraint t.pk`.
Names used(const model::Uses& uses) {
  REQUIRE(uses.value);
  Names names;
  for (const model::Reference& one : *uses.value) {
    names.push_back((one.kind.empty() ? "" : one.kind + ' ') + to_string(one.name) +
                    (one.column.empty() ? "" : '.' + one.column));
  }
  return names;
}

}  // namespace

TEST_CASE("checks, indexes, exclusions, computed columns and triggers say which columns they use") {
  const Inspected db(R"sql(
    CREATE EXTENSION btree_gist;
    CREATE TABLE t (gone integer, first integer GENERATED ALWAYS AS (length(name)) STORED, name text, length integer,
      n integer, arr integer[], part integer[] GENERATED ALWAYS AS (arr[1:n]) STORED, lower text,
      CONSTRAINT c CHECK (length(name) > 3), CONSTRAINT two CHECK (name <> 'n' AND length > n),
      CONSTRAINT x EXCLUDE USING gist (n WITH =, abs(length) WITH =) WHERE (lower <> 'name'));
    ALTER TABLE t DROP COLUMN gone;
    CREATE INDEX i ON t (n, lower(name)) WHERE length > 3;
    CREATE INDEX j ON t (lower) INCLUDE (n);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER tr BEFORE UPDATE OF name ON t FOR EACH ROW WHEN (OLD.length > 1) EXECUTE FUNCTION f())sql");
  const model::Table& table = db.table("t");
  CHECK(columns(table.checks.at(1).uses) == Names{"length", "n", "name"});
  CHECK(columns(table.checks.at(0).uses) == Names{"name"});
  CHECK(columns(table.exclusions.at(0).uses) == Names{"length", "lower", "n"});
  CHECK(columns(db.column("t", "first").computed->uses) == Names{"name"});
  CHECK(columns(db.column("t", "part").computed->uses) == Names{"arr", "n"});
  CHECK(columns(table.indexes.at(0).uses) == Names{"length", "n", "name"});
  CHECK(columns(table.indexes.at(1).uses) == Names{"lower", "n"});
  CHECK(columns(table.triggers.at(0).uses) == Names{"length", "name"});
}

TEST_CASE("all that holds SQL says what it uses, as the server has recorded it") {
  const Inspected db(test::for_server(R"sql(
    CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('ok', 'sad');
    CREATE FUNCTION f(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
    CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE DOMAIN positive AS integer CHECK (f(VALUE) > 0);
    CREATE SEQUENCE numbers;
    CREATE TABLE other (id integer);
    CREATE TABLE t (id integer CONSTRAINT pk PRIMARY KEY, a integer DEFAULT f(1), m mood DEFAULT 'ok', p positive[],
      mail citext, b integer GENERATED ALWAYS AS (f(a)) STORED, n integer DEFAULT nextval('numbers'),
      CONSTRAINT c CHECK (f(a) > 0 AND m <> 'sad'), EXCLUDE USING btree (f(a) WITH =));
    CREATE INDEX i ON t (f(a)) WHERE m = 'ok';
    CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION g();
    CREATE VIEW v AS SELECT id, a, count(*) AS k FROM t GROUP BY id;
    CREATE VIEW w AS SELECT f(v.k::integer) AS fk, o.id FROM v, other o;
    CREATE FUNCTION whole(t) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION atomic() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;
    CREATE STATISTICS st ON a, m FROM t;
    CREATE POLICY pol ON t USING (f(a) > (SELECT max(id) FROM other)))sql"),
                     everything);
  const model::Table& table = db.table("t");
  CHECK(used(db.column("t", "a").default_uses) == Names{"function f(integer)"});
  CHECK(used(db.column("t", "id").default_uses).empty());
  CHECK(used(db.column("t", "m").default_uses) == Names{"enum mood"});
  CHECK(used(db.column("t", "m").type_uses) == Names{"enum mood"});
  CHECK(used(db.column("t", "p").type_uses) == Names{"domain positive"});
  CHECK(used(db.column("t", "mail").type_uses) == Names{"extension citext"});
  CHECK(used(db.column("t", "n").default_uses) == Names{"sequence numbers"});
  CHECK(used(db.column("t", "b").computed->uses) == Names{"function f(integer)", "t.a"});
  REQUIRE(table.checks.size() == 1);
  CHECK(used(table.checks[0].uses) == Names{"function f(integer)", "enum mood", "t.a", "t.m"});
  REQUIRE(table.exclusions.size() == 1);
  CHECK(used(table.exclusions[0].uses) == Names{"function f(integer)", "t.a"});
  REQUIRE(table.indexes.size() == 1);
  CHECK(used(table.indexes[0].uses) == Names{"function f(integer)", "enum mood", "t.a", "t.m"});
  CHECK(used(table.triggers[0].uses) == Names{"function g()", "t.a"});
  const auto view = [&](const std::string& name) -> const model::View& {
    return *std::find_if(db.schema.views.begin(), db.schema.views.end(),
                         [&](const model::View& one) { return one.name.name == name; });
  };
  CHECK(used(view("v").uses) == Names{"t.a", "t.id", "constraint t.pk"});
  CHECK(used(view("w").uses) == Names{"function f(integer)", "other.id", "v.k"});
  CHECK(used(db.object("domain", "positive").uses) == Names{"function f(integer)"});
  CHECK(used(db.object("function", "whole(t)").uses) == Names{"t"});
  CHECK(used(db.object("function", "atomic()").uses) == (test::has_postgres(14) ? Names{"t.a"} : Names{}));
  CHECK(used(db.object("statistics", "st").uses) == Names{"t.a", "t.m"});
  CHECK(used(db.object("policy", "pol of t").uses) == Names{"function f(integer)", "other.id", "t.a"});
}

}  // namespace whimbrel::dialect::postgres
