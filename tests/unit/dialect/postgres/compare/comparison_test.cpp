#include <doctest/doctest.h>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"
#include "support/dialects.h"
#include "unit/dialect/postgres/open.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace test::postgres;
using diff::ExpressionUse;

/// A database with a table that a script made, and the table as it is read.
struct Made {
  explicit Made(const std::string& script) : connection(open_fresh()) {
    connection->run(script);
    schema = inspect(*connection, {});
  }

  [[nodiscard]] bool says_same(ExpressionUse use, const std::string& current, const std::string& desired,
                               const std::string& column = {}) const {
    const std::vector<diff::ExpressionPair> pairs = {{schema.tables.data(), use, column, current, desired}};
    return make_comparison(test::postgres_dialect(), *connection)->same_expressions(pairs).at(0);
  }

  std::unique_ptr<Connection> connection;
  model::Schema schema;
};

struct Default {
  const char* type;
  const char* expression;
};

// The types, and the spellings that people give defaults in.
constexpr Default defaults[] = {
    {"numeric(10,2)", "1.5"},
    {"numeric(10,2)", "'0.00'"},
    {"numeric", "0"},
    {"numeric", "'0'"},
    {"numeric", "-1.5"},
    {"numeric", "99999999999999999999"},
    {"integer", "1 + 2"},
    {"integer", "-1"},
    {"integer", "'5'"},
    {"integer", "-2147483648"},
    {"smallint", "'-7'"},
    {"bigint", "-1"},
    {"bigint", "'5'"},
    {"bigint", "99999999999"},
    {"bigint", "-9223372036854775808"},
    {"real", "0.1"},
    {"double precision", "'1.50'"},
    {"double precision", "'NaN'"},
    {"timestamptz", "now() + interval '1 day'"},
    {"timestamp", "now() at time zone 'utc'"},
    {"timestamptz", "CURRENT_TIMESTAMP"},
    {"timestamptz(3)", "CURRENT_TIMESTAMP(3)"},
    {"timestamp", "LOCALTIMESTAMP"},
    {"timestamptz", "'2020-01-01 00:00:00+02'"},
    {"date", "CURRENT_DATE"},
    {"date", "('now'::text)::date"},
    {"date", "'2020-01-01'"},
    {"time", "'12:00'"},
    {"interval", "'1 day 02:00'"},
    {"jsonb", "'{}'::jsonb"},
    {"jsonb", "'{\"b\": 1, \"a\": \"it''s\"}'"},
    {"json", "'{\"b\":1}'"},
    {"varchar[]", "ARRAY[]::varchar[]"},
    {"text[]", "'{}'"},
    {"text[]", "'{\"a b\",\"c,d\"}'"},
    {"integer[]", "ARRAY[1, 2]"},
    {"uuid", "gen_random_uuid()"},
    {"uuid", "'00000000-0000-0000-0000-000000000000'"},
    {"boolean", "'false'"},
    {"boolean", "true"},
    {"money", "'12.30'"},
    {"varchar", "'a::b'"},
    {"varchar(10)", "'x'"},
    {"varchar(10)", "'x'::text"},
    {"varchar", "'it''s \\ here'"},
    {"varchar", "upper('abc')"},
    {"varchar", "NULL"},
    {"char(3)", "'abc'"},
    {"\"char\"", "'a'"},
    {"text", "'a' || 'b'"},
    {"text", "E'\\n'"},
    {"text", "current_user"},
    {"bytea", "'\\xdeadbeef'"},
    {"bit(4)", "B'1010'"},
    {"bit varying(8)", "'1010'"},
    {"inet", "'127.0.0.1'"},
    {"point", "'(1,2)'"},
    {"tstzrange", "'[2020-01-01,2021-01-01)'"},
    {"mood", "'ok'"},
    {"mood[]", "'{ok}'"},
    {"mood[]", "ARRAY['ok'::mood]"},
    {"name_domain", "'x'"},
    {"mood_domain", "'ok'"},
};

std::string add_columns() {
  std::string script =
      "CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE DOMAIN name_domain AS varchar(5); "
      "CREATE DOMAIN mood_domain AS mood; CREATE TABLE t (";
  int number = 0;
  for (const Default& one : defaults) {
    script += (number == 0 ? "" : ", ") + ("c" + std::to_string(number)) + ' ' + one.type + " DEFAULT (" +
              one.expression + ')';
    ++number;
  }
  return test::for_server(script + ')');
}

const char* const stored_defaults =
    "SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = "
    "d.adrelid AND a.attnum = d.adnum ORDER BY a.attnum";

}  // namespace

TEST_CASE("no default is taken for changed that was made as it is declared") {
  const Made made(add_columns());
  const model::Table& table = made.schema.tables.at(0);
  std::vector<diff::ExpressionPair> pairs;
  for (std::size_t i = 0; i < std::size(defaults); ++i) {
    const std::optional<std::string>& current = table.columns.at(i).default_expression;
    CHECK(current.has_value() == (std::string_view(defaults[i].expression) != "NULL"));
    if (current) {
      pairs.push_back({&table, ExpressionUse::default_value, table.columns[i].name, *current,
                       test::for_server(defaults[i].expression)});
    }
  }
  const std::vector<bool> same = make_comparison(test::postgres_dialect(), *made.connection)->same_expressions(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) CHECK_MESSAGE(same[i], pairs[i].current, " | ", pairs[i].desired);
}

TEST_CASE("a column made from the default that was read is the same column") {
  const Made made(add_columns());
  std::string script =
      "CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE DOMAIN name_domain AS varchar(5); "
      "CREATE DOMAIN mood_domain AS mood; CREATE TABLE t (\"whimbrel\" integer";
  for (const model::Column& column : made.schema.tables.at(0).columns) {
    script +=
        ", " + sql::quote_identifier(column.name, dialect::postgres::postgres_syntax) + ' ' + to_string(column.type);
    if (column.default_expression) script += " DEFAULT (" + *column.default_expression + ')';
  }
  const std::unique_ptr<Connection> again = open_fresh();
  again->run(script + ')');
  CHECK(again->run(stored_defaults).values == made.connection->run(stored_defaults).values);
}

TEST_CASE("a default that is another one is changed") {
  const Made made("CREATE TABLE t (n integer DEFAULT 1, s varchar DEFAULT 'x', b boolean DEFAULT true, d timestamptz)");
  const auto same = [&](const char* column, const char* current, const char* desired) {
    return made.says_same(ExpressionUse::default_value, current, desired, column);
  };
  CHECK_FALSE(same("n", "1", "2"));
  CHECK_FALSE(same("n", "1", "-1"));
  CHECK(same("n", "1", "'1'"));
  CHECK(same("n", "1", "01"));
  CHECK_FALSE(same("s", "'1'", "1"));
  CHECK_FALSE(same("s", "'x'", "'X'"));
  CHECK_FALSE(same("b", "true", "'false'"));
  CHECK_FALSE(same("d", "now()", "now() + interval '1 day'"));
  CHECK(same("d", "CURRENT_TIMESTAMP", "now()"));
  CHECK(same("d", "now() + '1 day'::interval", "current_timestamp + interval '1 day'"));
  CHECK_FALSE(same("d", "now()", "no_such_function()"));
}

TEST_CASE("TypeORM's two ways to make a random UUID are one") {
  const Made made("CREATE TABLE t (id uuid)");
  CHECK(made.says_same(ExpressionUse::default_value, "gen_random_uuid()", "uuid_generate_v4()", "id"));
  CHECK(made.says_same(ExpressionUse::default_value, "uuid_generate_v4()", "gen_random_uuid()", "id"));
}

TEST_CASE("checks, predicates, keys, computed columns and exclusions are compared as the server spells them") {
  const Made made(R"sql(CREATE EXTENSION btree_gist;
    CREATE TABLE "order" (n bigint, name varchar, note text, j jsonb, p point, during tstzrange))sql");
  CHECK(
      made.says_same(ExpressionUse::check, "(n > 0) AND ((name)::text <> ''::text)", "n > 0 and \"order\".name != ''"));
  CHECK_FALSE(made.says_same(ExpressionUse::check, "n > 0", "n >= 0"));
  CHECK(made.says_same(ExpressionUse::check,
                       "(name)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
                       "varying])::text[])",
                       "name IN ('a', 'b')"));
  CHECK(made.says_same(ExpressionUse::predicate, "(note IS NOT NULL) AND (n > 0)", "note is not null AND n>0"));
  CHECK(made.says_same(ExpressionUse::key_part, "lower((name)::text)", "lower(name)"));
  CHECK(made.says_same(ExpressionUse::key_part, "(j ->> 'a'::text)", "j->>'a'"));
  CHECK(made.says_same(ExpressionUse::key_part, "p <-> '(0,0)'::point", "p <-> '(0,0)'"));
  CHECK_FALSE(made.says_same(ExpressionUse::key_part, "lower((name)::text)", "upper(name)"));
  CHECK(made.says_same(ExpressionUse::computed, "((name)::text || 'a'::text)", "name || 'a'", "note"));
  CHECK_FALSE(made.says_same(ExpressionUse::computed, "n + 1", "n + 2", "n"));
  CHECK(made.says_same(ExpressionUse::exclusion, "USING gist (n WITH =, during WITH &&) WHERE ((n > 0))",
                       "using gist (n with =, during with &&) where (n>0)"));
  CHECK_FALSE(made.says_same(ExpressionUse::exclusion, "USING gist (n WITH =)", "USING gist (n WITH <>)"));
}

TEST_CASE("one expression that the server refuses hides no other, and nothing stays behind") {
  const Made made("CREATE TABLE t (a integer, b integer)");
  model::Table other = made.schema.tables.at(0);
  other.name = "u";
  other.columns.push_back({"m", model::Type{"type_to_come", {}}, true});
  model::Table twin = other;
  twin.name.schema = "elsewhere";
  const std::vector<diff::ExpressionPair> pairs = {
      {made.schema.tables.data(), ExpressionUse::check, "", "a > 0", "a>0"},
      {made.schema.tables.data(), ExpressionUse::check, "", "a > 0", "c > 0"},
      {made.schema.tables.data(), ExpressionUse::check, "", "b > 0", "(b) > 0"},
      {&other, ExpressionUse::check, "", "a > 1", "a  >1"},
      {&other, ExpressionUse::default_value, "m", "'a'", "lower('A')"},
      {&twin, ExpressionUse::predicate, "", "a > 2", "a > 2 AND true"},
      {&twin, ExpressionUse::predicate, "", "a > 2", "(a)>2"},
  };
  const std::vector<bool> expected = {true, false, true, true, false, false, true};
  const std::unique_ptr<diff::Comparison> comparison = make_comparison(test::postgres_dialect(), *made.connection);
  CHECK(comparison->same_expressions(pairs) == expected);
  CHECK_FALSE(made.connection->is_transaction_active());
  made.connection->run("BEGIN; CREATE TABLE inside (a integer)");
  CHECK(comparison->same_expressions(pairs) == expected);
  CHECK(inspect(*made.connection, {}).tables.size() == 2);
  made.connection->run("COMMIT");
  CHECK(number(*made.connection, "SELECT count(*) FROM pg_class WHERE relname LIKE 'whimbrel%'") == 0);
}

TEST_CASE("a role that may make no temporary tables has a schema for it, or the words alone count") {
  const std::string url = test::fresh_database();
  const std::unique_ptr<Connection> owner = open(url);
  owner->run("CREATE TABLE t (a integer); DROP ROLE IF EXISTS limited; CREATE ROLE limited LOGIN");
  const std::string database = value(*owner, "SELECT current_database()").text();
  owner->run("REVOKE TEMPORARY, CREATE ON DATABASE " +
             sql::quote_identifier(database, dialect::postgres::postgres_syntax) + " FROM public");
  const model::Schema schema = inspect(*owner, {});
  const std::vector<diff::ExpressionPair> pairs = {{schema.tables.data(), ExpressionUse::check, "", "a > 0", "a>0"}};
  const auto same = [&](bool read_only) -> bool {
    const std::unique_ptr<Connection> connection = open(test::postgres_server().url_as("limited", database));
    if (read_only) connection->run("BEGIN READ ONLY");
    const std::unique_ptr<diff::Comparison> comparison = make_comparison(test::postgres_dialect(), *connection);
    const bool is_same = comparison->same_expressions(pairs).at(0);
    CHECK(comparison->remark().empty() == is_same);
    return is_same;
  };
  CHECK_FALSE(same(false));
  owner->run("GRANT CREATE ON DATABASE " + sql::quote_identifier(database, dialect::postgres::postgres_syntax) +
             " TO limited");
  CHECK(same(false));
  CHECK_FALSE(same(true));
  owner->run("REVOKE CREATE ON DATABASE " + sql::quote_identifier(database, dialect::postgres::postgres_syntax) +
             " FROM limited; DROP ROLE limited");
}

TEST_CASE("a view is the same if the server makes the same of its query") {
  const Made made(R"sql(
    CREATE TABLE t (id integer, n bigint, name varchar);
    CREATE VIEW v AS SELECT * FROM t WHERE name IN ('a', 'b'); CREATE VIEW w AS SELECT id FROM v;
    CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM t; CREATE VIEW b WITH (security_barrier) AS SELECT 1 AS one)sql");
  const auto view = [&](const char* name, const char* query, const char* kind = "VIEW") {
    model::View result;
    result.name = name;
    result.definition = std::string("CREATE ") + kind + " \"" + name + "\" AS " + query;
    return result;
  };
  const std::vector<model::View> desired = {view("v", "select * from t where name in ('a','b')"),
                                            view("v", "SELECT id FROM t"),
                                            view("w", "SELECT v.id FROM v"),
                                            view("m", "SELECT COUNT(*) FROM t", "MATERIALIZED VIEW"),
                                            view("b", "SELECT 1 AS one"),
                                            view("w", "SELECT nothing FROM v")};
  std::vector<diff::ViewPair> pairs;
  for (const model::View& one : desired) {
    for (const model::View& current : made.schema.views) {
      if (current.name == one.name) pairs.push_back({&current, &one});
    }
  }
  REQUIRE(pairs.size() == 6);
  CHECK(make_comparison(test::postgres_dialect(), *made.connection)->same_views(pairs) ==
        std::vector<bool>{true, false, true, true, false, false});
}

TEST_CASE("after a rename, expressions and views are as the server writes them then") {
  const Made made(R"sql(
    CREATE TABLE t (id integer, old integer CHECK (old > 0)); CREATE INDEX i ON t ((old + 1)) WHERE old > 1;
    CREATE VIEW v AS SELECT old FROM t)sql");
  const std::vector<operation::Operation> renames = {operation::RenameTable{"t", "u"},
                                                     operation::RenameColumn{"u", "old", "new"}};
  const model::Schema renamed =
      make_comparison(test::postgres_dialect(), *made.connection)->after_renames(made.schema, renames);
  made.connection->run("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME COLUMN old TO new");
  CHECK(canonical(renamed) == canonical(inspect(*made.connection, {})));
}

}  // namespace whimbrel::dialect::postgres
