#include <doctest/doctest.h>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"
#include "support/environment.h"
#include "unit/dialect/postgres/open.h"

// The server is the oracle: values are converted from each type to each other one and back.

namespace whimbrel::dialect::postgres {

namespace {

struct Sample {
  const char* type;
  std::vector<const char*> values;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"smallint", {"1", "-32768", "32767"}},
      {"integer", {"1", "0", "-2147483648", "16777217"}},
      {"bigint", {"101", "9007199254740993", "-3"}},
      {"numeric", {"1.50", "-2.25", "12345678901234567890.123", "NaN"}},
      {"numeric(9,4)", {"1.2345", "99999.9999"}},
      {"numeric(9,1)", {"2.5", "12345678.9"}},
      {"numeric(20,0)", {"12345678901234567890", "7"}},
      {"real", {"16777216", "0.1", "1e-10", "3"}},
      {"double precision", {"9007199254740992", "0.1", "1e300", "2.5"}},
      {"money", {"1.25", "-10000000.01"}},
      {"oid", {"5", "4294967295"}},
      {"boolean", {"true", "false"}},
      {"text", {"abc  ", "abcdef", "007", " 1.50 ", "{1, 2}", "{ \"a\": 1 }", "2020-01-02", "yes", "101", ""}},
      {"character varying", {"ab   ", "0010", "12:30"}},
      {"character varying(3)", {"abc", "b  ", "1.0"}},
      {"character(4)", {"ab", "1"}},
      {"name", {"abc", "x "}},
      {"date", {"2020-01-02", "infinity"}},
      {"timestamp", {"2020-01-02 03:04:05.678901", "infinity"}},
      {"timestamp(0)", {"2020-01-02 03:04:05"}},
      {"timestamptz", {"2020-01-02 03:04:05.678901+02"}},
      {"timestamptz(3)", {"2020-01-02 03:04:05.678+02"}},
      {"time", {"12:00:00.123456", "24:00:00"}},
      {"time(0)", {"12:00:01"}},
      {"timetz", {"12:00:00.5+03"}},
      {"interval", {"1 mon 2 days 03:04:05.678", "-1 day", "02:00:00"}},
      {"interval(0)", {"03:04:05"}},
      {"json", {"{\"a\": 1, \"a\": 2}", "1.0 ", "\"x\""}},
      {"jsonb", {"{\"a\": 1}", "1.10"}},
      {"uuid", {"00000000-0000-0000-0000-00000000000a"}},
      {"bytea", {"\\xff00", "\\x31"}},
      {"bit(8)", {"10101010", "00000001"}},
      {"bit(40)", {"1010101010101010101010101010101010101010"}},
      {"bit varying", {"10111", "0010"}},
      {"bit varying(5)", {"101"}},
      {"inet", {"10.0.0.1/24"}},
      {"text[]", {"{alpha,\"b c \",NULL}", "{1.50}", "{abc}"}},
      {"character varying(3)[]", {"{abc}", "{\"a  \"}"}},
      {"character(3)[]", {"{ab}"}},
      {"bit(4)[]", {"{1010}"}},
      {"integer[]", {"{1,2,NULL}", "{7}"}},
      {"numeric(9,4)[]", {"{1.2345}"}},
      {"numeric(9,1)[]", {"{1.5}"}},
      {"real[]", {"{16777216}"}},
      {"numeric[]", {"{1.25}"}},
      {"timestamp[]", {"{\"2020-01-01 02:03:04.5\"}"}},
      {"date[]", {"{2020-01-01}"}},
      {"short", {"abc", "a  "}},
      {"short[]", {"{abc}"}},
      {"amount", {"1.5"}},
      {"mood", {"abc", "5"}},
  };
  return all;
}

/// What becomes of a value: nothing if it comes back or is refused, else all three of it.
constexpr const char* setup = R"(
CREATE DOMAIN short AS varchar(3);
CREATE DOMAIN amount AS numeric(6,1);
CREATE TYPE mood AS ENUM ('abc', '5');
CREATE FUNCTION difference(type text, value text, there text, back text, same text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  middle text;
BEGIN
  EXECUTE format('CREATE TEMPORARY TABLE k AS SELECT %L::%s AS a', value, type);
  CREATE TEMPORARY TABLE t AS SELECT a FROM k;
  BEGIN
    EXECUTE there;
    EXECUTE 'SELECT a::text FROM t' INTO middle;
    EXECUTE back;
    EXECUTE 'SELECT k.a || '' > '' || $1 || '' > '' || t.a FROM k, t WHERE NOT ' || same INTO result USING middle;
  EXCEPTION WHEN OTHERS THEN
    result := CASE WHEN SQLSTATE IN ('42846', '42804') THEN SQLERRM END;
  END;
  DROP TABLE k, t;
  RETURN result;
END $$;
SET TimeZone = 'Asia/Tokyo')";

bool is_enum(const std::string& type) { return type == "mood"; }

model::Column column_of(const char* type) {
  model::Column column;
  column.name = "a";
  column.type = *read_type(type);
  if (is_enum(type)) column.enum_values = {"abc", "5"};
  if (column.type.name == "short") column.base_type.value = *read_type("character varying(3)");
  if (column.type.name == "amount") column.base_type.value = *read_type("numeric(6,1)");
  return column;
}

StoredAs stored(const model::Column& column) { return {column.type, {}, column.base_type.value}; }

std::string alter(const model::Column& from, const model::Column& to) {
  const std::string conversion = conversion_sql(from, to);
  return "ALTER TABLE t ALTER COLUMN a TYPE " + to_string(to.type) + (conversion.empty() ? "" : " USING " + conversion);
}

/// The differences that nobody is told of.
std::string find_untold(Connection& connection, const Sample& from, const char* to) {
  const model::Column before = column_of(from.type);
  const model::Column after = column_of(to);
  const bool is_told = !is_enum(to) && conversion_risk(stored(before), stored(after)).loses;
  const std::string type = from.type;
  const bool has_equality = type != "json";
  std::string untold;
  for (const char* const value : from.values) {
    sql::Writer writer(dialect::postgres::postgres_syntax);
    writer.raw("SELECT difference(");
    const std::vector<std::string> arguments = {
        type, value, alter(before, after), alter(after, before),
        has_equality ? "k.a IS NOT DISTINCT FROM t.a" : "k.a::text IS NOT DISTINCT FROM t.a::text"};
    writer.list(arguments, [&](const std::string& text) {
      writer.raw(sql::quote_string(text, dialect::postgres::postgres_syntax));
    });
    const Value difference = connection.run(writer.raw(")").take()).values.at(0).at(0);
    if (difference.is_null()) continue;
    const bool can_cast = difference.text().find("cannot") == std::string::npos;
    if (is_told && can_cast) continue;
    untold += type + " to " + to + ": " + difference.text() + " by " + arguments[2] + '\n';
  }
  return untold;
}

}  // namespace

TEST_CASE("PostgreSQL: what does not come back from another type is named as a loss, and every cast is there") {
  const auto connection = test::postgres::open_fresh();
  connection->run(setup);
  std::string untold;
  test::EveryNth is_tried("WHIMBREL_MATRIX_STEP");
  for (const Sample& from : samples()) {
    for (const Sample& to : samples()) {
      if (*read_type(from.type) != *read_type(to.type) && is_tried()) untold += find_untold(*connection, from, to.type);
    }
  }
  CHECK(untold == "");
}

TEST_CASE("PostgreSQL: a text is kept whole or refused, also by a domain and in an array") {
  const auto connection = test::postgres::open_fresh();
  connection->run("CREATE DOMAIN short AS varchar(3)");
  const auto becomes = [&](const char* from, const char* to, const std::string& value) -> std::string {
    connection->run("DROP TABLE IF EXISTS t; CREATE TABLE t (a " + std::string(from) + ")");
    connection->run("INSERT INTO t VALUES ($1)", {Value(value)});
    try {
      connection->run(alter(column_of(from), column_of(to)));
    } catch (const Error& error) {
      const std::string message = error.what();
      return message.find("too long") == std::string::npos ? message : "too long";
    }
    return connection->run("SELECT a::text FROM t").values.at(0).at(0).text();
  };
  CHECK(becomes("text", "varchar(3)", "abc") == "abc");
  CHECK(becomes("text", "varchar(3)", "abcd") == "too long");
  CHECK(becomes("text", "varchar(3)", "abc ") == "too long");
  CHECK(becomes("json", "varchar(3)", "1.0 ") == "too long");
  CHECK(becomes("text[]", "varchar(10)", "{alpha,beta}") == "too long");
  CHECK(becomes("text[]", "varchar(12)", "{alpha,beta}") == "{alpha,beta}");
  CHECK(becomes("text", "short", "abc") == "abc");
  CHECK(becomes("text", "short", "a,\"b") == "too long");
  CHECK(becomes("text", "short", "\",{") == "\",{");
  CHECK(becomes("text", "varchar(3)[]", "abc") == "{abc}");
  CHECK(becomes("text", "varchar(3)[]", "abcd") == "too long");
  CHECK(becomes("text[]", "short[]", "{abcd}") == "too long");
}

}  // namespace whimbrel::dialect::postgres
