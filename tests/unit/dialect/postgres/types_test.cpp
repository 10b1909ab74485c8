#include <doctest/doctest.h>

#include "dialect/postgres/dialect.h"
#include "support/postgres_server.h"
#include "unit/dialect/postgres/open.h"

namespace whimbrel::test::postgres {

using dialect::postgres::column_type;
using dialect::postgres::read_type;
using dialect::postgres::table_options;

namespace {

/// The server's own name of a type.
std::string server_name(dialect::Connection& connection, const std::string& type) {
  connection.run("CREATE TEMP TABLE t (c " + type + ")");
  std::string name = value(connection,
                           "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 't'::regclass "
                           "AND attname = 'c'")
                         .text();
  connection.run("DROP TABLE t");
  return name;
}

std::string reason(const model::ColumnRequest& request) {
  const auto error = error_of([&] { static_cast<void>(column_type(request)); });
  return error ? error->what() : std::string();
}

}  // namespace

TEST_CASE("the names that the server derives are known") {
  using Kind = model::NamedPart::Kind;
  const auto connection = open_fresh();
  connection->run(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (x int REFERENCES a, y int, PRIMARY KEY (x, y), UNIQUE (y, "
      "x)); CREATE INDEX ON t (y)");
  const auto name = [&](const std::string& catalog, const std::string& column, const std::string& condition) {
    return value(*connection, "SELECT " + column + " FROM " + catalog + " WHERE " + condition).text();
  };
  const auto constraint = [&](const std::string& type) {
    return name("pg_constraint", "conname", "conrelid = 't'::regclass AND contype = '" + type + "'");
  };
  using dialect::postgres::is_derived_name;
  CHECK(is_derived_name(constraint("p"), {Kind::primary_key, "t", {"x", "y"}}));
  CHECK(is_derived_name(constraint("u"), {Kind::unique, "t", {"y", "x"}}));
  CHECK(is_derived_name(constraint("f"), {Kind::foreign_key, "t", {"x"}}));
  CHECK(is_derived_name(name("pg_indexes", "indexname", "indexdef LIKE '%(y)'"), {Kind::index, "t", {"y"}}));
  CHECK_FALSE(is_derived_name("t_y_key", {Kind::unique, "t", {"y", "x"}}));
  CHECK_FALSE(is_derived_name("t_y_key1", {Kind::unique, "t", {"y"}}));
  CHECK_FALSE(is_derived_name("t_y_idx", {Kind::unique, "t", {"y"}}));
}

TEST_CASE("a type is read as the server names it") {
  const auto connection = open_fresh();
  connection->run("CREATE TYPE mood AS ENUM ('glad'); CREATE TYPE \"Bad Mood\" AS ENUM ('sad')");
  for (const std::string type : {"int",
                                 "INT2",
                                 "int8",
                                 "bool",
                                 "float4",
                                 "float8",
                                 "float",
                                 "float(10)",
                                 "float(30)",
                                 "decimal",
                                 "dec(5)",
                                 "numeric(10,2)",
                                 "varchar",
                                 "varchar(40)",
                                 "VARCHAR (40)",
                                 "char",
                                 "char(4)",
                                 "bpchar",
                                 "nchar(3)",
                                 "text",
                                 "\"char\"",
                                 "bytea",
                                 "bit",
                                 "bit(3)",
                                 "varbit",
                                 "bit varying(7)",
                                 "date",
                                 "timestamp",
                                 "timestamptz",
                                 "timestamp(3)",
                                 "timestamptz(0)",
                                 "time",
                                 "timetz(2)",
                                 "interval",
                                 "interval(3)",
                                 "uuid",
                                 "json",
                                 "jsonb",
                                 "inet",
                                 "money",
                                 "int[]",
                                 "varchar(40)[]",
                                 "text[][]",
                                 "int[3]",
                                 "timestamp(3) with time zone[]",
                                 "numeric(10,2)[]",
                                 "int ARRAY",
                                 "mood",
                                 "\"Bad Mood\"",
                                 "mood[]",
                                 "\"Bad Mood\"[]",
                                 "tsvector",
                                 "int4range",
                                 "name",
                                 "oid",
                                 "xml",
                                 "point",
                                 "character varying",
                                 "double precision"}) {
    CAPTURE(type);
    const auto read = read_type(type);
    REQUIRE(read.has_value());
    const std::string name = server_name(*connection, type);
    CHECK(to_string(*read) == name);
    CHECK(read_type(name) == read);
  }
  for (const std::string text : {"", "(3)", "int(", "int[", "int]", "varchar(40"}) {
    CAPTURE(text);
    CHECK_FALSE(read_type(text).has_value());
  }
}

TEST_CASE("options that a type cannot carry are refused with its name") {
  using model::ValueKind;
  CHECK(to_string(column_type({.kind = ValueKind::text, .length = 40})) == "character varying(40)");
  CHECK(to_string(column_type({.kind = ValueKind::float64, .precision = 10, .scale = 2})) == "numeric(10,2)");
  CHECK(to_string(column_type({.kind = ValueKind::timestamp, .precision = 3})) == "timestamp(3) without time zone");
  CHECK(to_string(column_type({.kind = ValueKind::array, .element = ValueKind::int64})) == "bigint[]");
  CHECK(reason({.kind = ValueKind::int32, .length = 4}) == "PostgreSQL's type integer has no length");
  CHECK(reason({.kind = ValueKind::boolean, .precision = 4}) == "PostgreSQL's type boolean has no precision");
  CHECK(reason({.kind = ValueKind::timestamp, .precision = 3, .scale = 1}) ==
        "PostgreSQL's type timestamp without time zone has no scale");
  CHECK(reason({.kind = ValueKind::text, .type = "varchar(3)", .length = 4}) ==
        "PostgreSQL's type character varying(3) already contains its arguments");
  CHECK(reason({.kind = ValueKind::timestamp, .type = "timestamptz(3)", .precision = 2}) ==
        "PostgreSQL's type timestamp(3) with time zone already contains its arguments");
  CHECK(reason({.kind = ValueKind::text, .type = "(("}) == "PostgreSQL cannot parse \"((\" as a type");
  CHECK(reason({.kind = ValueKind::text, .type = "uuid", .auto_increment = true}) ==
        "PostgreSQL can auto-increment smallint, integer and bigint columns only, not uuid");
}

}  // namespace whimbrel::test::postgres
