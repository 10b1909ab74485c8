#include "entity/lower_column.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "unit/entity/mapping.h"

using namespace whimbrel;
using test::table_of;

namespace {

enum class Status { draft, published = 7 };
enum class Level : std::int64_t { low = -1, high = 1 };

struct Everything {
  std::int8_t int8{};
  std::int16_t int16{};
  std::int32_t int32{};
  std::int64_t int64{};
  long long long_long{};
  std::uint8_t uint8{};
  std::uint16_t uint16{};
  std::uint32_t uint32{};
  std::uint64_t uint64{};
  bool boolean{};
  float float32{};
  double float64{};
  std::string text;
  std::pmr::string pmr_text;
  std::vector<std::byte> bytes;
  std::vector<std::uint8_t> octets;
  std::chrono::sys_time<std::chrono::milliseconds> instant;
  std::chrono::system_clock::time_point clock;
  std::chrono::year_month_day day;
  Status status{};
  Level level{};
  const std::string constant;
  std::optional<std::string> maybe_text;
  std::optional<std::vector<std::byte>> maybe_bytes;
  std::optional<std::chrono::sys_seconds> maybe_instant;
  std::optional<std::chrono::year_month_day> maybe_day;
  std::optional<Status> maybe_status;
  std::optional<bool> maybe_boolean;

  static void describe(Entity<Everything>& e) {
    e.primary_generated<&Everything::int64>();
    e.column<&Everything::int8>();
    e.column<&Everything::int16>();
    e.column<&Everything::int32>();
    e.column<&Everything::long_long>();
    e.column<&Everything::uint8>();
    e.column<&Everything::uint16>();
    e.column<&Everything::uint32>();
    e.column<&Everything::uint64>();
    e.column<&Everything::boolean>();
    e.column<&Everything::float32>();
    e.column<&Everything::float64>();
    e.column<&Everything::text>();
    e.column<&Everything::pmr_text>();
    e.column<&Everything::bytes>();
    e.column<&Everything::octets>();
    e.column<&Everything::instant>();
    e.column<&Everything::clock>();
    e.column<&Everything::day>();
    e.column<&Everything::status>();
    e.column<&Everything::level>({.enum_storage = EnumStorage::integer});
    e.column<&Everything::constant>();
    e.column<&Everything::maybe_text>();
    e.column<&Everything::maybe_bytes>();
    e.column<&Everything::maybe_instant>();
    e.column<&Everything::maybe_day>();
    e.column<&Everything::maybe_status>();
    e.column<&Everything::maybe_boolean>();
  }
};

}  // namespace

TEST_CASE("every type of member has a column type") {
  const model::Table table = table_of<Everything>();
  const auto type = [&](const char* column) { return to_string(table.find_column(column)->type); };
  for (const char* column : {"int8", "int16", "int32", "uint8", "uint16", "uint32", "int64"}) {
    CAPTURE(column);
    CHECK(type(column) == "integer");
  }
  for (const char* column : {"long_long", "uint64", "level"}) {
    CAPTURE(column);
    CHECK(type(column) == "bigint");
  }
  CHECK(type("boolean") == "boolean");
  CHECK(type("float32") == "float");
  CHECK(type("float64") == "double");
  for (const char* column : {"text", "pmr_text", "status", "constant", "maybe_text", "maybe_status"}) {
    CAPTURE(column);
    CHECK(type(column) == "varchar");
  }
  for (const char* column : {"bytes", "octets", "maybe_bytes"}) {
    CAPTURE(column);
    CHECK(type(column) == "blob");
  }
  for (const char* column : {"instant", "clock", "maybe_instant"}) {
    CAPTURE(column);
    CHECK(type(column) == "datetime");
  }
  CHECK(type("day") == "date");
  CHECK(type("maybe_day") == "date");
  CHECK(type("maybe_boolean") == "boolean");
}

TEST_CASE("a std::optional member may be NULL, any other may not") {
  for (const model::Column& column : table_of<Everything>().columns) {
    CAPTURE(column.name);
    CHECK(column.nullable == column.name.starts_with("maybe_"));
  }
}

TEST_CASE("an enum takes the names of its enumerators, stored as an integer any value") {
  const model::Table table = table_of<Everything>();
  const std::vector<std::string> names = {"draft", "published"};
  CHECK(table.find_column("status")->enum_values == names);
  CHECK(table.find_column("maybe_status")->enum_values == names);
  CHECK(table.find_column("level")->enum_values.empty());
  CHECK(table.find_column("text")->enum_values.empty());
}

namespace {

struct Defaults {
  std::int32_t id{};
  std::int32_t number{};
  std::int64_t lowest{};
  std::uint64_t great{};
  bool yes{};
  bool no{};
  double half{};
  float whole{};
  std::string text;
  std::string copied;
  Status status{};
  Level level{};
  std::chrono::year_month_day day;
  std::chrono::sys_seconds created;
  std::chrono::sys_seconds updated;
  std::chrono::sys_seconds own;
  std::string random;

  static void describe(Entity<Defaults>& e) {
    e.primary_generated<&Defaults::id>();
    e.column<&Defaults::number>({.default_value = -5});
    e.column<&Defaults::lowest>({.default_value = std::numeric_limits<std::int64_t>::min()});
    e.column<&Defaults::great>({.default_value = std::uint64_t{1} << 62});
    e.column<&Defaults::yes>({.default_value = true});
    e.column<&Defaults::no>({.default_value = false});
    e.column<&Defaults::half>({.default_value = 0.5});
    e.column<&Defaults::whole>({.default_value = 2});
    e.column<&Defaults::text>({.default_value = "it's"});
    e.column<&Defaults::copied>({.length = 4, .default_value = std::string("\xC3\xA4") + "bcd"});
    e.column<&Defaults::status>({.default_value = Status::published});
    e.column<&Defaults::level>({.default_value = Level::low, .enum_storage = EnumStorage::integer});
    e.column<&Defaults::day>({.default_value = "2024-02-29"});
    e.create_date<&Defaults::created>();
    e.update_date<&Defaults::updated>({.name = "changed"});
    e.create_date<&Defaults::own>({.default_expression = "unixepoch()"});
    e.column<&Defaults::random>({.default_expression = "hex(randomblob(8))"});
  }
};

}  // namespace

TEST_CASE("defaults are written as the database spells them") {
  const model::Table table = table_of<Defaults>();
  const auto value = [&](const char* column) { return table.find_column(column)->default_expression.value_or("none"); };
  CHECK(value("id") == "none");
  CHECK(value("number") == "-5");
  CHECK(value("lowest") == "-9223372036854775808");
  CHECK(value("great") == "4611686018427387904");
  CHECK(value("yes") == "1");
  CHECK(value("no") == "0");
  CHECK(value("half") == "0.5");
  CHECK(value("whole") == "2");
  CHECK(value("text") == "'it''s'");
  CHECK(value("copied") ==
        "'\xC3\xA4"
        "bcd'");
  CHECK(value("status") == "'published'");
  CHECK(value("level") == "-1");
  CHECK(value("day") == "'2024-02-29'");
  CHECK(value("created") == "datetime('now')");
  CHECK(value("changed") == "datetime('now')");
  CHECK(value("own") == "unixepoch()");
  CHECK(value("random") == "hex(randomblob(8))");
}

TEST_CASE("options shape the type") {
  struct Shaped {
    std::string code;
    double price{};
    double rate{};
    std::string json;
    std::optional<std::string> forced;
    std::chrono::sys_time<std::chrono::milliseconds> at;
    static void describe(Entity<Shaped>& e) {
      e.primary_column<&Shaped::code>({.length = 36});
      e.column<&Shaped::price>({.precision = 10, .scale = 2});
      e.column<&Shaped::rate>({.type = "numeric(6, 3)"});
      e.column<&Shaped::json>({.type = "json", .default_value = "{}"});
      e.column<&Shaped::forced>({.nullable = false, .collation = "NOCASE"});
      e.column<&Shaped::at>({.precision = 3});
    }
  };
  const model::Table table = table_of<Shaped>();
  CHECK(table.columns[0].type == model::Type{"varchar", {36}});
  CHECK(table.columns[1].type == model::Type{"decimal", {10, 2}});
  CHECK(table.columns[2].type == model::Type{"numeric", {6, 3}});
  CHECK(table.columns[3].type == model::Type{"json", {}});
  CHECK(table.columns[3].default_expression == "'{}'");
  CHECK_FALSE(table.columns[4].nullable);
  CHECK(table.columns[4].collation == "NOCASE");
  CHECK(table.columns[5].type == model::Type{"datetime", {3}});
}

TEST_CASE("texts of a description are copied") {
  struct Copied {
    std::int32_t id{};
    static void describe(Entity<Copied>& e) {
      std::string name = "a name that is too long for the small string of the library";
      e.table({.name = name});
      e.primary_generated<&Copied::id>({.name = name});
      e.check(name + " > 0", {.name = std::string(name)});
      name.assign(name.size(), 'x');
    }
  };
  const model::Table table = table_of<Copied>();
  CHECK(table.name.name == "a name that is too long for the small string of the library");
  CHECK(table.columns[0].name == table.name.name);
  CHECK(table.checks[0].expression == table.name.name + " > 0");
}
