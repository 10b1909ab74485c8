#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "dialect/sqlite/dialect.h"
#include "sql/writer.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::dialect::sqlite;
using model::ColumnRequest;
using model::Type;
using model::ValueKind;

namespace {

const ColumnRequest strict_text = {.kind = ValueKind::text, .table_options = {{"STRICT", ""}}};

std::string strict_type(ValueKind kind) {
  ColumnRequest request = strict_text;
  request.kind = kind;
  return to_string(column_type(request));
}

std::string refusal(const ColumnRequest& request) {
  const auto error = test::error_of([&] { static_cast<void>(column_type(request)); });
  if (!error || error->kind() != ErrorKind::entity || error->remedy().empty()) return "";
  return error->what();
}

std::string spelled(const model::Literal& literal) { return default_literal(literal, ValueKind::text); }

}  // namespace

TEST_CASE("types are TypeORM's on SQLite") {
  const auto type = [](ValueKind kind) { return to_string(column_type({.kind = kind})); };
  for (const ValueKind kind :
       {ValueKind::int8, ValueKind::int16, ValueKind::int32, ValueKind::uint8, ValueKind::uint16, ValueKind::uint32}) {
    CHECK(type(kind) == "integer");
  }
  CHECK(type(ValueKind::int64) == "bigint");
  CHECK(type(ValueKind::uint64) == "bigint");
  CHECK(type(ValueKind::boolean) == "boolean");
  CHECK(type(ValueKind::float32) == "float");
  CHECK(type(ValueKind::float64) == "double");
  CHECK(type(ValueKind::text) == "varchar");
  CHECK(type(ValueKind::bytes) == "blob");
  CHECK(type(ValueKind::date) == "date");
  CHECK(type(ValueKind::timestamp) == "datetime");
  CHECK(type(ValueKind::enumeration) == "varchar");
}

TEST_CASE("a generated key is integer, whatever the width of the member") {
  for (const ValueKind kind : {ValueKind::int8, ValueKind::int64, ValueKind::uint64}) {
    CHECK(column_type({.kind = kind, .auto_increment = true}) == Type{"integer", {}});
  }
  CHECK(column_type({.kind = ValueKind::int32, .type = "INTEGER", .auto_increment = true}).name == "INTEGER");
  CHECK(refusal({.kind = ValueKind::int64, .type = "bigint", .auto_increment = true}) ==
        "SQLite generates keys of type integer only, not bigint");
  // INT PRIMARY KEY is no alias of the rowid.
  CHECK(refusal({.kind = ValueKind::int64, .type = "int", .auto_increment = true}) ==
        "SQLite generates keys of type integer only, not int");
  CHECK(refusal({.kind = ValueKind::int64, .auto_increment = true, .table_options = {{"WITHOUT ROWID", ""}}}) ==
        "SQLite cannot generate keys in a WITHOUT ROWID table");
}

TEST_CASE("length, precision and scale are arguments of the type") {
  CHECK(column_type({.kind = ValueKind::text, .length = 40}) == Type{"varchar", {40}});
  CHECK(column_type({.kind = ValueKind::float64, .precision = 10, .scale = 2}) == Type{"decimal", {10, 2}});
  CHECK(column_type({.kind = ValueKind::float32, .precision = 10}) == Type{"decimal", {10}});
  CHECK(column_type({.kind = ValueKind::timestamp, .precision = 3}) == Type{"datetime", {3}});
  CHECK(column_type({.kind = ValueKind::float64, .type = "numeric", .precision = 5, .scale = 0}) ==
        Type{"numeric", {5, 0}});
}

TEST_CASE("a type of one's own is read as SQLite reads it") {
  const auto type = [](const char* text) { return column_type({.kind = ValueKind::text, .type = text}); };
  CHECK(type("decimal(10, 2)") == Type{"decimal", {10, 2}});
  CHECK(type("  unsigned  big int ") == Type{"unsigned big int", {}});
  CHECK(type("VARCHAR(7)") == Type{"VARCHAR", {7}});
  for (const char* text : {"varchar(", "varchar(40", "varchar)", "(40)", "varchar(a)", "text NOT NULL", "text; DROP",
                           "text, b", "text DEFAULT 1", "NULL"}) {
    CAPTURE(text);
    CHECK(refusal({.kind = ValueKind::text, .type = text}) ==
          "SQLite cannot parse \"" + std::string(text) + "\" as a type");
  }
}

TEST_CASE("a STRICT table takes SQLite's own types only") {
  CHECK(strict_type(ValueKind::int8) == "integer");
  CHECK(strict_type(ValueKind::uint64) == "integer");
  CHECK(strict_type(ValueKind::boolean) == "integer");
  CHECK(strict_type(ValueKind::float32) == "real");
  CHECK(strict_type(ValueKind::float64) == "real");
  CHECK(strict_type(ValueKind::text) == "text");
  CHECK(strict_type(ValueKind::enumeration) == "text");
  CHECK(strict_type(ValueKind::date) == "text");
  CHECK(strict_type(ValueKind::timestamp) == "text");
  CHECK(strict_type(ValueKind::bytes) == "blob");
  for (const char* type : {"INT", "integer", "Real", "text", "blob", "any"}) {
    ColumnRequest request = strict_text;
    request.type = type;
    CHECK(column_type(request).name == type);
  }
  ColumnRequest foreign = strict_text;
  foreign.type = "varchar";
  CHECK(refusal(foreign) == "SQLite does not allow a column of type varchar in a STRICT table");
  ColumnRequest long_text = strict_text;
  long_text.length = 9;
  CHECK(refusal(long_text) == "SQLite does not allow a column of type text(9) in a STRICT table");
  ColumnRequest decimal = {.kind = ValueKind::float64, .precision = 9, .table_options = {{"STRICT", ""}}};
  CHECK(refusal(decimal) == "SQLite does not allow a column of type real(9) in a STRICT table");
}

TEST_CASE("table options are in SQLite's words") {
  CHECK(table_options({.strict = false, .without_rowid = false}).empty());
  CHECK(table_options({.strict = true, .without_rowid = true}) ==
        std::map<std::string, std::string>{{"STRICT", ""}, {"WITHOUT ROWID", ""}});
}

TEST_CASE("literals are spelled as SQLite writes them") {
  CHECK(spelled({}) == "NULL");
  CHECK(spelled(true) == "1");
  CHECK(spelled(false) == "0");
  CHECK(spelled(std::int64_t{-5}) == "-5");
  CHECK(spelled(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(spelled(0.1) == "0.1");
  CHECK(spelled(2.0) == "2.0");
  CHECK(spelled(-0.0) == "-0.0");
  CHECK(spelled(1e300) == "1e+300");
  CHECK(spelled(std::string("it's")) == "'it''s'");
  CHECK(spelled(std::string()) == "''");
  for (const double value : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    const auto error = test::error_of([&] { static_cast<void>(spelled(value)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::entity);
  }
}

TEST_CASE("SQLite reads a default back as it was written, and as the same value") {
  const auto connection = test::open_memory();
  const std::vector<model::Literal> literals = {true,
                                                std::int64_t{42},
                                                std::numeric_limits<std::int64_t>::min(),
                                                std::numeric_limits<std::int64_t>::max(),
                                                0.1,
                                                2.0,
                                                5e-324,
                                                1.7976931348623157e308,
                                                std::string("it's \"quoted\"\n(here)"),
                                                std::string()};
  for (const model::Literal& literal : literals) {
    const std::string text = spelled(literal);
    CAPTURE(text);
    connection->run("DROP TABLE IF EXISTS t; CREATE TABLE t (a, b DEFAULT (" + text +
                    ")); INSERT INTO t(a) VALUES (1)");
    CHECK(test::value(*connection, "SELECT dflt_value FROM pragma_table_xinfo('t') WHERE name = 'b'").text() == text);
    const Value stored = test::value(*connection, "SELECT b FROM t");
    if (const auto* real = std::get_if<double>(&literal)) CHECK(stored.real() == *real);
    if (const auto* integer = std::get_if<std::int64_t>(&literal)) CHECK(stored.integer() == *integer);
    if (const auto* string = std::get_if<std::string>(&literal)) CHECK(stored.text() == *string);
  }
}

TEST_CASE("types are compared without regard to their spelling") {
  CHECK(normalise({"INT", {}}) == Type{"integer", {}});
  CHECK(normalise({"Integer", {}}) == normalise({"int", {}}));
  CHECK(normalise({"VARCHAR", {40}}) == Type{"varchar", {40}});
  CHECK(normalise({"UNSIGNED   BIG\nINT", {}}) == Type{"unsigned big int", {}});
  CHECK(normalise({"int", {11}}) == Type{"integer", {11}});
  CHECK(normalise({"", {}}) == Type{"", {}});
  CHECK(normalise({"bigint", {}}) != normalise({"integer", {}}));
}

TEST_CASE("a member holds every value of a column, as far as the type's name tells") {
  const auto kind = [](const char* name, std::vector<std::uint32_t> arguments = {}) {
    return dialect::sqlite::value_kind({name, std::move(arguments)});
  };
  // Whatever they are called, they hold 64 bits.
  for (const char* name : {"INTEGER", "int", "integer unsigned", "INT64", "TINYINT", "smallint", "int2"}) {
    CAPTURE(name);
    CHECK(kind(name) == model::ValueKind::int64);
  }
  CHECK(kind("UNSIGNED BIG INT") == model::ValueKind::int64);
  CHECK(kind("bigint") == model::ValueKind::int64);
  CHECK(kind("NVARCHAR", {40}) == model::ValueKind::text);
  CHECK(kind("numeric", {10, 2}) == model::ValueKind::float64);
  CHECK(kind("FLOAT") == model::ValueKind::float64);
  CHECK(kind("BLOB") == model::ValueKind::bytes);
  CHECK(kind("Boolean") == model::ValueKind::boolean);
  CHECK(kind("DATE") == model::ValueKind::date);
  CHECK(kind("timestamp") == model::ValueKind::timestamp);
  CHECK(kind("json") == model::ValueKind::text);
  CHECK(kind("uuid") == model::ValueKind::text);
}

TEST_CASE("types that are said to be stored alike have the same affinity") {
  const auto connection = test::open_memory();
  const auto affinity = [&](const std::string& type) {
    connection->run("DROP TABLE IF EXISTS t");
    connection->run("CREATE TABLE t (x " + type + ")");
    connection->run("INSERT INTO t VALUES ('1'), ('1.5'), ('a')");
    std::string types;
    for (const auto& row : connection->run("SELECT typeof(x) FROM t").values) types += row[0].text() + ' ';
    return types;
  };
  for (const auto& names :
       std::vector<std::pair<std::string, std::string>>{{"int2", "integer"},
                                                        {"int4", "integer"},
                                                        {"tinyint", "integer"},
                                                        {"smallint", "integer"},
                                                        {"mediumint", "integer"},
                                                        {"int8", "bigint"},
                                                        {"bool", "boolean"},
                                                        {"real", "double"},
                                                        {"float4", "float"},
                                                        {"float", "double"},
                                                        {"float8", "double"},
                                                        {"numeric", "decimal"},
                                                        {"double precision", "double"},
                                                        {"character", "char"},
                                                        {"character varying", "varchar"},
                                                        {"tinytext", "text"},
                                                        {"mediumtext", "text"},
                                                        {"longtext", "text"},
                                                        {"timestamp", "datetime"},
                                                        {"timestamptz", "datetime"},
                                                        {"timestamp with time zone", "datetime"},
                                                        {"timestamp without time zone", "datetime"}}) {
    const std::string& one = names.first;
    const std::string& other = names.second;
    CAPTURE(one);
    CHECK(dialect::sqlite::is_stored_alike({one, {}}, {other, {}}));
    CHECK(affinity(one) == affinity(other));
  }
}
