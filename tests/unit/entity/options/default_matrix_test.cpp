#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "support/environment.h"
#include "support/version.h"
#include "unit/entity/options/defaults.h"
#include "unit/entity/options/thing.h"
#include "unit/fixture/trial.h"

// Every type of column with every kind of default, on a real database: columns are added, found again, changed to the
// next default and back; and the rows get what was declared.

using namespace whimbrel;
using fixture::Trial;
using option_rows::Colour;
using option_rows::Default;
using option_rows::Defaults;
using option_rows::Oracle;

namespace {

/// So many columns are tried at once, in one table.
constexpr std::size_t width = 48;

/// What `Many` describes: one column for each default.
struct Described {
  ColumnOptions options;
  bool strict = false;
  Defaults defaults;
};
Described described;

std::string column_name(std::size_t index) { return "c" + std::to_string(index); }

template <class Member, std::size_t Index>
struct Slot {
  std::optional<Member> value;
};

template <class Member, class Indexes>
struct Many;
template <class Member, std::size_t... Index>
struct Many<Member, std::index_sequence<Index...>> : Slot<Member, Index>... {
  std::int32_t id{};

  static void describe(Entity<Many>& many) {
    many.table({.name = "many", .strict = described.strict});
    many.template primary_generated<&Many::id>();
    (describe_column<Index>(many), ...);
  }

 private:
  template <std::size_t Column>
  static void describe_column(Entity<Many>& many) {
    if (Column >= described.defaults.size()) return;
    const Default& its_default = described.defaults[Column];
    const std::string name = column_name(Column);
    ColumnOptions options = described.options;
    options.name = name;
    options.default_value = its_default.value;
    if (its_default.expression) options.default_expression = its_default.expression;
    if constexpr (std::is_same_v<Member, option_rows::Settings>) {
      many.template json<&Slot<Member, Column>::value>(options);
    } else {
      many.template column<&Slot<Member, Column>::value>(options);
    }
  }
};

/// A type that a column can have.
struct ColumnType {
  std::string shown;        ///< For messages.
  std::string declaration;  ///< What SQLite is expected to be told; what it makes of values.
  Entities entities;
  Defaults defaults;  ///< None, and values that fit.
  ColumnOptions options{};
  bool strict = false;
  std::string given_type{};
};

Defaults joined(std::initializer_list<Defaults> parts) {
  Defaults result;
  for (const Defaults& part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

template <class Member>
ColumnType member(std::string shown, std::string declaration, Defaults defaults, const ColumnOptions& options = {}) {
  return {std::move(shown), std::move(declaration), entities<Many<Member, std::make_index_sequence<width>>>(),
          joined({{{}}, std::move(defaults)}), options};
}

/// The whole numbers that the type holds.
template <class Number>
Defaults whole_numbers() {
  Defaults result;
  for (const Default& candidate : option_rows::number_defaults()) {
    const bool is_whole = candidate.value.kind == DefaultValue::Kind::integer;
    if (is_whole && std::in_range<Number>(candidate.value.integer)) result.push_back(candidate);
  }
  return result;
}

template <class Number>
ColumnType integer(std::string shown, std::string declaration) {
  return member<Number>(std::move(shown), std::move(declaration), whole_numbers<Number>());
}

std::vector<ColumnType> member_types() {
  const Defaults numbers = option_rows::number_defaults();
  const Defaults texts = option_rows::text_defaults();
  const Defaults colours = {{.value = Colour::red}, {.value = Colour::green}};
  return {
      integer<std::int8_t>("std::int8_t", "integer"),
      integer<std::int16_t>("std::int16_t", "integer"),
      integer<std::int32_t>("std::int32_t", "integer"),
      integer<std::int64_t>("std::int64_t", "bigint"),
      integer<std::uint8_t>("std::uint8_t", "integer"),
      integer<std::uint16_t>("std::uint16_t", "integer"),
      integer<std::uint32_t>("std::uint32_t", "integer"),
      integer<std::uint64_t>("std::uint64_t", "bigint"),
      member<bool>("bool", "boolean", {{.value = true}, {.value = false}}),
      member<float>("float", "float", numbers),
      member<double>("double", "double", numbers),
      member<double>("double with precision", "decimal(10,2)", numbers, {.precision = 10, .scale = 2}),
      member<std::string>("std::string", "varchar", texts),
      member<std::string>("std::string with length", "varchar(60)", texts, {.length = 60}),
      member<std::string>("std::string with collation", "varchar COLLATE NOCASE", texts, {.collation = "NOCASE"}),
      member<Colour>("enum", "varchar CHECK (value IN ('red', 'green'))", colours),
      member<Colour>("enum as integer", "integer", joined({colours, whole_numbers<std::int32_t>()}),
                     {.enum_storage = EnumStorage::integer}),
      member<std::vector<std::byte>>("std::vector<std::byte>", "blob", {}),
      member<std::chrono::year_month_day>("std::chrono::year_month_day", "date", texts),
      member<std::chrono::sys_seconds>("std::chrono::sys_seconds", "datetime", texts),
      member<std::vector<std::string>>("std::vector<std::string>", "text", texts),
      member<std::vector<std::int32_t>>("std::vector<std::int32_t>", "text", texts),
      member<std::vector<Colour>>("std::vector<Colour>", "text", texts),
      member<option_rows::Settings>("json", "text", texts),
  };
}

std::vector<ColumnType> strict_member_types() {
  std::vector<ColumnType> types = {
      integer<std::int64_t>("std::int64_t", "integer"),
      member<bool>("bool", "integer", {{.value = true}, {.value = false}}),
      member<double>("double", "real", option_rows::number_defaults()),
      member<std::string>("std::string", "text", option_rows::text_defaults()),
      member<Colour>("enum", "text CHECK (value IN ('red', 'green'))",
                     {{.value = Colour::red}, {.value = Colour::green}}),
      member<std::vector<std::byte>>("std::vector<std::byte>", "blob", {}),
      member<std::chrono::sys_seconds>("std::chrono::sys_seconds", "text", option_rows::text_defaults()),
  };
  for (ColumnType& type : types) type.strict = true;
  return types;
}

/// Types by the database's own words: those that TypeORM has for SQLite, those of SQLite's manual, and others.
std::vector<ColumnType> named_types() {
  std::vector<ColumnType> types;
  const auto add = [&](const char* list, bool strict) {
    std::istringstream names(list);
    for (std::string name; std::getline(names, name, ';');) {
      types.push_back(member<std::string>(name, name, option_rows::some_values()));
      types.back().given_type = name;
      types.back().strict = strict;
    }
  };
  add("int;int2;int8;integer;tinyint;smallint;mediumint;bigint;unsigned big int;numeric;numeric(8);decimal;"
      "decimal(10,2);float;float(5);double;double precision;real;boolean;bool;date;time;datetime;timestamp;"
      "timestamp with time zone;varchar;varchar(40);character(20);varying character(255);native character(70);"
      "nchar(55);nvarchar(100);text;clob;blob;varbinary(16);json;jsonb;uuid;money;interval;any;point;BIG INT",
      false);
  if (test::has_sqlite(37)) add("int;integer;real;text;blob;any", true);
  return types;
}

/// A database, to which the columns of one type come with their defaults.
class Matrix {
 public:
  explicit Matrix(const ColumnType& type) : type_(type), oracle_(type.declaration, type.strict) {}

  void try_all() {
    Defaults defaults = type_.defaults;
    std::erase_if(defaults, [&](const Default& candidate) { return !oracle_.value(candidate); });
    const std::size_t parts = (defaults.size() + width - 1) / width;
    for (std::size_t part = 0; part < parts; ++part) {
      const auto bound = [&](std::size_t number) {
        return defaults.begin() + static_cast<std::ptrdiff_t>(number * defaults.size() / parts);
      };
      try_together(Defaults(bound(part), bound(part + 1)));
    }
  }

 private:
  using Values = std::vector<std::optional<std::string>>;

  void try_together(const Defaults& defaults) {
    Trial trial;
    Values before = expected(defaults);
    described = {type_.options, type_.strict, {}};
    described.options.nullable = std::find(before.begin(), before.end(), "null NULL") != before.end();
    if (!type_.given_type.empty()) described.options.type = type_.given_type;
    trial.arrive_at(type_.entities);
    trial.query("INSERT INTO many DEFAULT VALUES");

    described.defaults = defaults;
    before = expected(defaults);
    trial.arrive_at(type_.entities);
    trial.query("INSERT INTO many DEFAULT VALUES");
    check_row(trial, 1, defaults, before);
    check_row(trial, 2, defaults, before);

    Defaults others = defaults;
    std::rotate(others.begin(), others.begin() + 1, others.end());
    described.defaults = others;
    before = expected(others);
    check_alterations(trial.arrive_at(type_.entities).operations, expected(defaults), before);
    trial.query("INSERT INTO many DEFAULT VALUES");
    check_row(trial, 3, others, before);

    trial.revert_last();
    described.defaults = defaults;
    before = expected(defaults);
    CHECK(trial.is_at(type_.entities));
    trial.query("INSERT INTO many DEFAULT VALUES");
    check_row(trial, 4, defaults, before);
  }

  static void check_alterations(const std::vector<operation::Operation>& operations, const Values& from,
                                const Values& to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      CAPTURE(from[i]);
      CAPTURE(to[i]);
      const bool is_altered =
          std::any_of(operations.begin(), operations.end(), [&](const operation::Operation& operation) {
            const auto* alter = std::get_if<operation::AlterColumn>(&operation);
            return alter && alter->after.name == column_name(i);
          });
      CHECK((is_altered || from[i] == to[i]));
    }
  }

  Values expected(const Defaults& defaults) {
    Values result;
    for (const Default& its_default : defaults) result.push_back(oracle_.value(its_default));
    return result;
  }

  /// Time may have gone on since the row was made, between the two looks at the oracle.
  void check_row(Trial& trial, int id, const Defaults& defaults, const Values& before) {
    const Values after = expected(defaults);
    std::string query = "SELECT ''";
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      query += ", typeof(" + column_name(i) + ") || ' ' || quote(" + column_name(i) + ')';
    }
    std::istringstream row(trial.query(query + " FROM many WHERE id = " + std::to_string(id)));
    std::string value;
    std::getline(row, value, '|');
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      CAPTURE(id);
      CAPTURE(to_string(defaults[i]));
      std::getline(row, value, '|');
      if (value != before[i]) CHECK(value == after[i]);
    }
  }

  const ColumnType& type_;
  Oracle oracle_;
};

void try_all(std::vector<ColumnType> types) {
  std::string declaration;
  test::EveryNth is_tried("WHIMBREL_MATRIX_STEP");
  for (ColumnType& type : types) {
    if (!is_tried()) continue;
    INFO(type.shown << ", " << type.declaration);
    // What SQL says does not depend on the member.
    const bool is_new = type.given_type.empty() && declaration != type.declaration;
    type.defaults = joined({type.defaults, is_new ? option_rows::sql_defaults() : option_rows::some_sql()});
    declaration = type.declaration;
    try {
      Matrix(type).try_all();
    } catch (const Error& error) {
      const std::string what = std::string(error.what()) + '\n' + error.statement();
      FAIL_CHECK(what);
    }
  }
}

}  // namespace

TEST_CASE("a column of every type of member has every kind of default") { try_all(member_types()); }

TEST_CASE("a column of every type of member in a STRICT table has every kind of default") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "strict tables");
  try_all(strict_member_types());
}

TEST_CASE("a column of every type that the database names has every kind of default") { try_all(named_types()); }
