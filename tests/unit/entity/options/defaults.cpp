#include "unit/entity/options/defaults.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "unit/entity/options/thing.h"

namespace option_rows {

using namespace whimbrel;

namespace {

Defaults of_sql(std::initializer_list<const char*> expressions) {
  Defaults result;
  for (const char* expression : expressions) result.push_back({.expression = expression});
  return result;
}

Defaults of_values(std::initializer_list<DefaultValue> values) {
  Defaults result;
  for (const DefaultValue& value : values) result.push_back({.value = value});
  return result;
}

void bind(sqlite3_stmt* statement, const DefaultValue& value, bool has_names) {
  switch (value.kind) {
    case DefaultValue::Kind::none:
      break;
    case DefaultValue::Kind::boolean:
    case DefaultValue::Kind::integer:
    case DefaultValue::Kind::unsigned_integer:
      REQUIRE(sqlite3_bind_int64(statement, 1, value.integer) == SQLITE_OK);
      break;
    case DefaultValue::Kind::real:
      REQUIRE(sqlite3_bind_double(statement, 1, value.real) == SQLITE_OK);
      break;
    case DefaultValue::Kind::text:
      REQUIRE(sqlite3_bind_text(statement, 1, value.text.data(), static_cast<int>(value.text.size()),
                                SQLITE_TRANSIENT) == SQLITE_OK);
      break;
    case DefaultValue::Kind::enumerator:
      if (!has_names) {
        REQUIRE(sqlite3_bind_int64(statement, 1, value.integer) == SQLITE_OK);
        break;
      }
      const char* const name = value.integer == static_cast<int>(Colour::red) ? "red" : "green";
      REQUIRE(sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC) == SQLITE_OK);
      break;
  }
}

}  // namespace

std::string to_string(const Default& a_default) {
  const DefaultValue& value = a_default.value;
  if (a_default.expression) return a_default.expression;
  switch (value.kind) {
    case DefaultValue::Kind::none:
      return "none";
    case DefaultValue::Kind::real:
      return std::to_string(value.real);
    case DefaultValue::Kind::text:
      return '"' + std::string(value.text.data(), value.text.size()) + '"';
    default:
      return std::to_string(value.integer);
  }
}

Defaults number_defaults() {
  return of_values({0,
                    -1,
                    7,
                    -128,
                    127,
                    255,
                    -32768,
                    32767,
                    65535,
                    -2147483648LL,
                    2147483647,
                    4294967295,
                    9223372036854775807,
                    -9223372036854775807 - 1,
                    0.0,
                    -0.5,
                    1.5,
                    0.1,
                    0.3,
                    0.1 + 0.2,
                    12.50,
                    1e21,
                    -1e-7,
                    1.7976931348623157e308,
                    5e-324});
}

Defaults text_defaults() {
  return of_values({"",
                    " ",
                    "plain",
                    "it's",
                    "''",
                    "'",
                    "a \"quoted\" b",
                    "\"",
                    "`",
                    "[x]",
                    "100%",
                    "%s %d",
                    "back\\slash",
                    "\\n",
                    "two\nlines",
                    "\r\n",
                    "tab\t",
                    "Zoë 漢字 🦆",
                    "ZOË 漢字 🦆",
                    "007",
                    "7",
                    "-1.50",
                    "1e3",
                    "0x10",
                    "null",
                    "NULL",
                    "true",
                    "CURRENT_TIMESTAMP",
                    "datetime('now')",
                    "(1)",
                    ")",
                    "(",
                    "; DROP TABLE x",
                    "-- no comment",
                    "/* no comment */",
                    "x'00'",
                    "a,b,,c",
                    "{}",
                    "{\"it's\": [\"\\\"\", null]}",
                    "[1, 2]",
                    "2024-02-29",
                    "2024-02-29 23:59:59",
                    "23:59:59",
                    ":name ?1 @a $b",
                    "  a  "});
}

Defaults sql_defaults() {
  return of_sql({"NULL",
                 "0",
                 "-1",
                 "+2",
                 "- 3",
                 "9223372036854775807",
                 "-9223372036854775808",
                 "9223372036854775808",
                 "0x10",
                 "1.50",
                 ".5",
                 "0.3",
                 "0.30000000000000004",
                 "1e3",
                 "1E300",
                 "9e999",
                 "''",
                 "'it''s'",
                 "'100%'",
                 "'a \"b\" \\'",
                 "'two\nlines'",
                 "'Zoë 漢字'",
                 "'007'",
                 "'null'",
                 "'CURRENT_TIMESTAMP'",
                 "'a)'",
                 "'-- no comment'",
                 "x''",
                 "x'00ff'",
                 "X'00FE'",
                 "x'6100'",
                 "TRUE",
                 "false",
                 "CURRENT_TIMESTAMP",
                 "current_date",
                 "CURRENT_TIME",
                 "datetime('now')",
                 "strftime('%Y', 'now')",
                 "(4)",
                 "((5))",
                 "(1) + (2)",
                 "1 + 3",
                 "-(4)",
                 "~1",
                 "NOT 1",
                 "abs(-6)",
                 "lower('ABC')",
                 "'a' || 'b'",
                 "('a') || ('c')",
                 "CASE WHEN 1 THEN 'x' ELSE 'y' END",
                 "CAST('12' AS integer)",
                 "CAST('12' AS text)",
                 "coalesce(NULL, 'z')",
                 "'b' IN ('a', 'b')",
                 "'a' LIKE 'B%'",
                 "NULL IS NULL",
                 "json_array(1, 'a')",
                 "json('{\"a\": 1}')",
                 "8 /* nine */",
                 "'q' COLLATE NOCASE",
                 "'it''s' || char(10) || 'so'"});
}

Defaults some_values() {
  return of_values({false,
                    true,
                    0,
                    -7,
                    9223372036854775807,
                    -0.5,
                    1e21,
                    "",
                    "it's",
                    "a \"b\" 100% c\\d\n",
                    "Zoë 漢字 🦆",
                    "007",
                    "1e3",
                    "null",
                    "CURRENT_TIMESTAMP",
                    "(1)",
                    "a,b,,c",
                    "{\"it's\": [1, null]}",
                    "2024-02-29",
                    "2024-02-29 23:59:59"});
}

Defaults some_sql() {
  return of_sql({"NULL", "-1.50", "'it''s'", "x'00ff'", "TRUE", "CURRENT_TIMESTAMP", "datetime('now')", "((5))",
                 "(1) + (2)", "-(4)", "lower('ABC')", "'a' || 'b'", "json_array(1, 'a')"});
}

Oracle::Oracle(const std::string& declaration, bool strict)
    : has_names_(declaration.find("CHECK") != std::string::npos) {
  REQUIRE(sqlite3_open(":memory:", &handle_) == SQLITE_OK);
  const std::string table = "CREATE TABLE oracle (value " + declaration + (strict ? ") STRICT" : ")");
  REQUIRE(sqlite3_exec(handle_, table.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

Oracle::~Oracle() { sqlite3_close(handle_); }

std::optional<std::string> Oracle::value(const Default& a_default) {
  const std::string expression = a_default.expression ? a_default.expression : "?1";
  const std::string sql = "INSERT INTO oracle VALUES ((" + expression + "))";
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  bind(statement, a_default.value, has_names_);
  const bool is_taken = sqlite3_step(statement) == SQLITE_DONE;
  sqlite3_finalize(statement);
  if (!is_taken) return std::nullopt;

  const char* const read = "SELECT typeof(value) || ' ' || quote(value) FROM oracle ORDER BY rowid DESC LIMIT 1";
  REQUIRE(sqlite3_prepare_v2(handle_, read, -1, &statement, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
  std::string result = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return result;
}

}  // namespace option_rows
