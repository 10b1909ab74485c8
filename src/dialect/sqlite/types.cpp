#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/type_reader.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::ValueKind;

/// Returns the types as TypeORM spells them on SQLite, so that a database can be shared with it.
const char* plain_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::int8:
    case ValueKind::int16:
    case ValueKind::int32:
    case ValueKind::uint8:
    case ValueKind::uint16:
    case ValueKind::uint32:
      return "integer";
    case ValueKind::int64:
    case ValueKind::uint64:
      return "bigint";
    case ValueKind::boolean:
      return "boolean";
    case ValueKind::float32:
      return "float";
    case ValueKind::float64:
      return "double";
    case ValueKind::text:
    case ValueKind::enumeration:
    case ValueKind::uuid:
      return "varchar";
    case ValueKind::array:
    case ValueKind::json:
      return "text";
    case ValueKind::bytes:
      return "blob";
    case ValueKind::date:
      return "date";
    case ValueKind::timestamp:
      return "datetime";
  }
  return "varchar";
}

/// Returns a type that a STRICT table accepts. https://www.sqlite.org/stricttables.html
const char* strict_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::float32:
    case ValueKind::float64:
      return "real";
    case ValueKind::text:
    case ValueKind::enumeration:
    case ValueKind::date:
    case ValueKind::timestamp:
    case ValueKind::array:
    case ValueKind::json:
    case ValueKind::uuid:
      return "text";
    case ValueKind::bytes:
      return "blob";
    default:
      return "integer";
  }
}

/// Parses a type from an entity as SQLite parses it in a statement.
model::Type read_given_type(const std::string& text) {
  Cursor cursor(text);
  model::Type type;
  bool is_read = false;
  try {
    type = read_type(cursor);
    is_read = !type.name.empty() && cursor.is_at_end();
  } catch (const Error&) {
    is_read = false;
  }
  if (!is_read) {
    throw Error(ErrorKind::entity, "SQLite cannot parse \"" + text + "\" as a type")
        .with_remedy("Write its name, and its length or precision as numbers: varchar(40), decimal(10,2).");
  }
  return type;
}

bool has_length(ValueKind kind) {
  return kind == ValueKind::text || kind == ValueKind::enumeration || kind == ValueKind::bytes ||
         kind == ValueKind::uuid;
}

bool has_precision(ValueKind kind) {
  return kind == ValueKind::float32 || kind == ValueKind::float64 || kind == ValueKind::timestamp;
}

/// Refuses arguments that the column's type does not have.
void check_arguments(const model::ColumnRequest& request, const model::Type& type) {
  const bool is_given = !request.type.empty();
  if (is_given && !type.arguments.empty() && (request.length || request.precision)) {
    throw Error(ErrorKind::entity, "SQLite's type " + to_string(type) + " already contains its arguments")
        .with_remedy("Omit length, precision and scale, or the arguments of the type.");
  }
  if (is_given) return;
  if (request.length && !has_length(request.kind)) {
    throw Error(ErrorKind::entity, "SQLite's type " + type.name + " has no length")
        .with_remedy("Omit the length; text, bytes and enums have one.");
  }
  const bool is_timestamp = request.kind == ValueKind::timestamp;
  if (request.precision && (!has_precision(request.kind) || (is_timestamp && request.scale))) {
    throw Error(ErrorKind::entity,
                "SQLite's type " + type.name + " has no " + (has_precision(request.kind) ? "scale" : "precision"))
        .with_remedy("Omit it; float and double have precision and scale, a sys_time has a precision.");
  }
}

std::string real_literal(double value) {
  if (!std::isfinite(value)) {
    throw Error(ErrorKind::entity, "SQLite has no literal for a default that is not finite")
        .with_remedy("Use default_expression, 9e999 for infinity.");
  }
  std::array<char, 32> digits{};
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  std::string text(digits.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

model::Type column_type(const model::ColumnRequest& request) {
  const bool strict = request.table_options.contains("STRICT");
  model::Type type;
  if (request.untyped) {
    // The type remains empty.
  } else if (!request.type.empty()) {
    type = read_given_type(request.type);
  } else if (request.auto_increment) {
    type.name = "integer";
  } else if (strict) {
    type.name = strict_type(request.kind);
  } else {
    const bool is_decimal =
        request.precision && (request.kind == ValueKind::float64 || request.kind == ValueKind::float32);
    type.name = is_decimal ? "decimal" : plain_type(request.kind);
  }
  check_arguments(request, type);
  if (request.length) type.arguments = {*request.length};
  if (request.precision) type.arguments = {*request.precision};
  if (request.scale) type.arguments.push_back(*request.scale);

  if (strict && !is_strict_type(type)) {
    throw Error(ErrorKind::entity, "SQLite does not allow a column of type " + to_string(type) + " in a STRICT table")
        .with_remedy("Use int, integer, real, text, blob or any without a length, or a table that is not STRICT.");
  }
  if (request.auto_increment && request.table_options.contains("WITHOUT ROWID")) {
    throw Error(ErrorKind::entity, "SQLite cannot generate keys in a WITHOUT ROWID table")
        .with_remedy("Use primary_column, or a table with a rowid.");
  }
  const bool is_rowid = sql::equal_ignoring_case(type.name, "integer") && type.arguments.empty();
  if (request.auto_increment && !is_rowid) {
    throw Error(ErrorKind::entity, "SQLite generates keys of type integer only, not " + to_string(type))
        .with_remedy("Omit the type: SQLite's integer has 64 bits.");
  }
  return type;
}

bool is_strict_type(const model::Type& type) {
  static constexpr std::array<std::string_view, 6> types = {"int", "integer", "real", "text", "blob", "any"};
  return type.arguments.empty() && std::any_of(types.begin(), types.end(), [&](std::string_view name) {
           return sql::equal_ignoring_case(name, type.name);
         });
}

std::string default_literal(const model::Literal& literal, ValueKind) {
  struct Spell {
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool value) const { return value ? "1" : "0"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return real_literal(value); }
    std::string operator()(const std::string& value) const { return sql::quote_string(value, sqlite_syntax); }
  };
  return std::visit(Spell{}, literal);
}

// First the names that mean more than SQLite derives from them, then its own rules. Every integer has 64 bits, whatever
// its name. https://www.sqlite.org/datatype3.html#determination_of_column_affinity
ValueKind value_kind(const model::Type& type) {
  struct Known {
    std::string_view name;
    ValueKind kind;
  };
  static constexpr std::array<Known, 6> names = {{{"", ValueKind::bytes},
                                                  {"bool", ValueKind::boolean},
                                                  {"boolean", ValueKind::boolean},
                                                  {"date", ValueKind::date},
                                                  {"datetime", ValueKind::timestamp},
                                                  {"timestamp", ValueKind::timestamp}}};
  static constexpr std::array<Known, 9> parts = {{{"int", ValueKind::int64},
                                                  {"char", ValueKind::text},
                                                  {"clob", ValueKind::text},
                                                  {"text", ValueKind::text},
                                                  {"blob", ValueKind::bytes},
                                                  {"real", ValueKind::float64},
                                                  {"floa", ValueKind::float64},
                                                  {"doub", ValueKind::float64},
                                                  {"dec", ValueKind::float64}}};
  const std::string name = normalise(type).name;
  for (const Known& known : names) {
    if (name == known.name) return known.kind;
  }
  for (const Known& known : parts) {
    if (name.find(known.name) != std::string::npos) return known.kind;
  }
  const bool is_number = name.find("num") != std::string::npos || name.find("money") != std::string::npos;
  return is_number ? ValueKind::float64 : ValueKind::text;
}

std::map<std::string, std::string> table_options(const model::TableRequest& request) {
  std::map<std::string, std::string> options;
  if (request.strict) options["STRICT"] = "";
  if (request.without_rowid) options["WITHOUT ROWID"] = "";
  return options;
}

std::optional<int> since(model::Feature feature) {
  using model::Feature;
  switch (feature) {
    case Feature::tables_without_rowid:
    case Feature::virtual_columns:
    case Feature::stored_columns:
    case Feature::deferrable_foreign_keys:
    case Feature::view_columns:
    case Feature::untyped_columns:
    case Feature::dropped_expressions:
    case Feature::partial_indexes:
      return 0;
    case Feature::dropped_columns:  // https://www.sqlite.org/lang_altertable.html#altertabdropcol
      return 33500;
    case Feature::strict_tables:  // https://www.sqlite.org/stricttables.html
      return 33700;
    case Feature::schemas:
    case Feature::charsets:
    case Feature::collations_of_tables:
    case Feature::storage_engines:
    case Feature::storage_parameters:
    case Feature::comments:
    case Feature::values_on_update:
    case Feature::named_enums:
    case Feature::named_primary_keys:
    case Feature::identity_columns:
    case Feature::computed_keys:
    case Feature::generated_columns:
    case Feature::index_methods:
    case Feature::index_parsers:
    case Feature::included_columns:
    case Feature::operator_classes:
    case Feature::prefix_lengths:
    case Feature::null_order:
    case Feature::nulls_not_distinct:
    case Feature::exclusions:
    case Feature::deferrable_uniques:
    case Feature::materialized_views:
    case Feature::random_uuids:
    case Feature::privileges:
      return std::nullopt;
  }
  return std::nullopt;
}

model::Type normalise(model::Type type) {
  std::string name;
  for (const sql::Token& token : sql::tokenize(type.name, sqlite_syntax)) {
    if (!name.empty()) name += ' ';
    name += sql::to_lower(token.text);
  }
  type.name = name == "int" ? "integer" : name;
  return type;
}

bool is_stored_alike(const model::Type& a, const model::Type& b) {
  struct Spelling {
    std::string_view name, meant;
  };
  // Other databases' names for what SQLite stores in the same way, with the same affinity.
  static constexpr std::array<Spelling, 22> spellings = {{{"int2", "integer"},
                                                          {"float", "double"},
                                                          {"int4", "integer"},
                                                          {"tinyint", "integer"},
                                                          {"smallint", "integer"},
                                                          {"mediumint", "integer"},
                                                          {"int8", "bigint"},
                                                          {"bool", "boolean"},
                                                          {"real", "double"},
                                                          {"float4", "double"},
                                                          {"float8", "double"},
                                                          {"double precision", "double"},
                                                          {"numeric", "decimal"},
                                                          {"character", "char"},
                                                          {"character varying", "varchar"},
                                                          {"tinytext", "text"},
                                                          {"mediumtext", "text"},
                                                          {"longtext", "text"},
                                                          {"timestamp", "datetime"},
                                                          {"timestamptz", "datetime"},
                                                          {"timestamp with time zone", "datetime"},
                                                          {"timestamp without time zone", "datetime"}}};
  const auto meant = [](const model::Type& type) {
    model::Type result = normalise(type);
    for (const Spelling& spelling : spellings) {
      if (result.name == spelling.name) result.name = spelling.meant;
    }
    if (result.name == "datetime") result.arguments.clear();  // A precision, which other databases keep to.
    return result;
  };
  return a == b || meant(a) == meant(b);
}

bool is_rowid(const model::Table& table, const model::Column& column) {
  if (!table.primary_key || table.primary_key->columns.size() != 1 || table.options.contains("WITHOUT ROWID")) {
    return false;
  }
  const model::KeyPart& part = table.primary_key->columns.front();
  const bool is_integer = column.type.arguments.empty() && sql::equal_ignoring_case(column.type.name, "integer");
  return is_integer && !part.descending && sql::equal_ignoring_case(part.column, column.name);
}

}  // namespace whimbrel::dialect::sqlite
