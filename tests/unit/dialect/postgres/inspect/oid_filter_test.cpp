#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/postgres/dialect.h"
#include "unit/dialect/postgres/open.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace test::postgres;
using Names = std::vector<std::string>;

template <class Item>
void add_names(Names& names, const std::vector<Item>& items) {
  for (const Item& item : items) names.push_back(to_string(item.name));
}

/// All that is in the schema, by name, without what every test has.
Names names_in(const model::Schema& schema) {
  Names names;
  add_names(names, schema.tables);
  add_names(names, schema.views);
  add_names(names, schema.enums);
  for (const model::Object& object : schema.objects) {
    if (object.kind != "extension") names.push_back(object.kind + ' ' + to_string(object.name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

InspectScope scope_of(std::vector<model::Name> changed, std::set<std::string> named = {}) {
  InspectScope scope;
  scope.objects = true;
  scope.part = AffectedObjects{std::move(changed), std::move(named), 0};
  return scope;
}

std::string joined(const Names& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

std::string part(Connection& connection, std::vector<model::Name> changed, std::set<std::string> named = {}) {
  return joined(names_in(inspect(connection, scope_of(std::move(changed), std::move(named)))));
}

/// A database with a table that has nothing to do with anything, and the statements.
std::unique_ptr<Connection> open_with(const std::string& statements) {
  std::unique_ptr<Connection> connection = open_fresh();
  connection->run("CREATE TABLE stranger (id integer PRIMARY KEY); CREATE VIEW strangers AS SELECT * FROM stranger");
  connection->run(statements);
  return connection;
}

}  // namespace

TEST_CASE("views over what changes belong to a part, however far") {
  const auto connection = open_with(R"sql(
    CREATE TABLE item (id integer, price numeric);
    CREATE TABLE other (id integer);
    CREATE VIEW one AS SELECT price FROM item;
    CREATE MATERIALIZED VIEW two AS SELECT price FROM one;
    CREATE VIEW three AS SELECT two.price, other.id FROM two, other;
    CREATE VIEW over_other AS SELECT id FROM other)sql");
  CHECK(part(*connection, {"item"}) == "item, one, other, three, two");
  CHECK(part(*connection, {"two"}) == "item, one, other, three, two");
  CHECK(part(*connection, {"over_other"}) == "other, over_other");
  CHECK(part(*connection, {"nothing"}) == std::string());
}

TEST_CASE("tables that refer to what changes belong to a part, and not those that refer to them") {
  const auto connection = open_with(R"sql(
    CREATE TABLE country (id integer PRIMARY KEY);
    CREATE TABLE city (id integer PRIMARY KEY, country_id integer REFERENCES country);
    CREATE TABLE street (id integer PRIMARY KEY, city_id integer REFERENCES city);
    CREATE TABLE house (id integer PRIMARY KEY, street_id integer REFERENCES street);
    CREATE VIEW streets AS SELECT id FROM street)sql");
  CHECK(part(*connection, {"city"}) == "city, country, street");
  CHECK(part(*connection, {"street"}) == "city, house, street, streets");

  const model::Schema schema = inspect(*connection, scope_of({"street"}));
  CHECK(schema.find_table({"street"})->foreign_keys.size() == 1);
  CHECK(schema.find_table({"house"})->foreign_keys.size() == 1);
  // It is only needed, and country with it would lead on and on.
  CHECK(schema.find_table({"city"})->foreign_keys.empty());
}

TEST_CASE("what is only named is needed: what depends on it is not") {
  const auto connection = open_with(R"sql(
    CREATE TYPE mood AS ENUM ('glad', 'sad');
    CREATE TABLE owner (id integer PRIMARY KEY, mood mood);
    CREATE TABLE item (id integer, owner_id integer REFERENCES owner);
    CREATE VIEW owners AS SELECT id FROM owner;
    CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2')sql");
  CHECK(part(*connection, {"thing"}, {"thing", "owner", "id"}) == "mood, owner");
  CHECK(part(*connection, {"thing"}, {"twice"}) == "function twice(integer)");
  CHECK(part(*connection, {}, {"owners"}) == "mood, owner, owners");
}

TEST_CASE("all that uses a type belongs to a part that changes it") {
  const auto connection = open_with(R"sql(
    CREATE TYPE mood AS ENUM ('glad', 'sad');
    CREATE DOMAIN good_mood AS mood CHECK (VALUE = 'glad');
    CREATE TYPE pair AS (a mood, b integer);
    CREATE TABLE plain (m mood);
    CREATE TABLE many (m mood[]);
    CREATE TABLE by_domain (m good_mood);
    CREATE TABLE by_pair (p pair);
    CREATE TABLE by_default (t text DEFAULT 'sad'::mood::text);
    CREATE FUNCTION describe(mood) RETURNS text LANGUAGE sql AS 'SELECT 1::text';
    CREATE TABLE by_function (t text DEFAULT describe('glad'));
    CREATE VIEW moods AS SELECT m FROM plain;
    CREATE TABLE unrelated (t text))sql");
  CHECK(part(*connection, {"mood"}) ==
        "by_default, by_domain, by_function, by_pair, domain good_mood, function describe(mood), many, mood, moods, "
        "plain, type pair");
}

TEST_CASE("what a table consists of brings along what it needs") {
  const auto connection = open_with(R"sql(
    CREATE SEQUENCE numbers;
    CREATE FUNCTION half(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2';
    CREATE FUNCTION third(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 3';
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION unused() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE allowed (id integer);
    CREATE TABLE item (id integer DEFAULT nextval('numbers'), n integer CHECK (half(n) > 0));
    CREATE INDEX item_third ON item (third(n));
    CREATE STATISTICS item_statistics ON id, n FROM item;
    CREATE TRIGGER item_touch BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE POLICY only_some ON item USING (id IN (SELECT id FROM allowed)))sql");
  const std::string expected =
      "allowed, function half(integer), function third(integer), function touch(), item, policy only_some of item, "
      "sequence numbers, statistics item_statistics";
  CHECK(part(*connection, {"item"}) == expected);
  CHECK(part(*connection, {}, {"item"}) == expected);
  // The policy of item uses it.
  CHECK(part(*connection, {"allowed"}) == expected);
}

TEST_CASE("partitions and heirs belong to a part with their parent, and the parent with them") {
  const auto connection = open_with(R"sql(
    CREATE TABLE log (id integer, at date) PARTITION BY RANGE (at);
    CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    CREATE TABLE base (id integer);
    CREATE TABLE heir (n integer) INHERITS (base))sql");
  CHECK(part(*connection, {"log"}) == "log, log_1, log_2");
  CHECK(part(*connection, {"log_1"}) == "log, log_1");
  CHECK(part(*connection, {"base"}) == "base, heir");
  CHECK(part(*connection, {"heir"}) == "base, heir");
}

TEST_CASE("functions over a table's rows, or whose body the server knows, belong to a part with the table") {
  const auto connection = open_with(R"sql(
    CREATE TABLE item (id integer);
    CREATE TABLE other (id integer);
    CREATE FUNCTION first_of(item) RETURNS integer LANGUAGE sql AS 'SELECT $1.id';
    CREATE VIEW firsts AS SELECT first_of(item) FROM item)sql");
  CHECK(part(*connection, {"item"}) == "firsts, function first_of(item), item");
  if (connection->version() < 140000) return;
  connection->run("CREATE FUNCTION items() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM item; END");
  connection->run("CREATE TABLE counted (n bigint DEFAULT items())");
  CHECK(part(*connection, {"item"}) == "counted, firsts, function first_of(item), function items(), item");
}

TEST_CASE("a part is copied by as little as it is, and runs the statements that it was asked for") {
  const auto connection = open_with(R"sql(
    CREATE TABLE item (id integer PRIMARY KEY, n integer);
    CREATE VIEW one AS SELECT n FROM item;
    CREATE VIEW two AS SELECT n FROM one;
    CREATE VIEW three AS SELECT n FROM two)sql");
  Names left_out;
  const auto copy = copy_schema(*connection, scope_of({"item"}), CopyUse::generated_statements, left_out);
  CHECK(left_out == Names{});
  InspectScope all;
  all.objects = true;
  CHECK(names_in(inspect(*copy, all)) == Names{"item", "one", "three", "two"});
  // Without the view behind it, this would go through.
  CHECK(error_of([&] { copy->run("DROP VIEW two"); }));
  CHECK(error_of([&] { copy->run("ALTER TABLE item ALTER COLUMN n TYPE bigint"); }));
  copy->run("DROP VIEW three; DROP VIEW two; DROP VIEW one; ALTER TABLE item ALTER COLUMN n TYPE bigint");
}

TEST_CASE("what would take more locks than a transaction can have is tried in a database of its own") {
  const auto connection = open_fresh();
  const auto is_schema = [](Connection& scratch) {
    return value(scratch, "SELECT current_schema()").text() == "whimbrel_scratch";
  };
  CHECK(is_schema(*open_scratch(*connection, 100)));
  CHECK_FALSE(is_schema(*open_scratch(*connection, 100000)));

  InspectScope scope = scope_of({"item"});
  Names left_out;
  CHECK(is_schema(*copy_schema(*connection, scope, CopyUse::generated_statements, left_out)));
  scope.part->statements = 100000;
  CHECK_FALSE(is_schema(*copy_schema(*connection, scope, CopyUse::generated_statements, left_out)));
}

}  // namespace whimbrel::dialect::postgres
