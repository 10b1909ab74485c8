#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/table_options.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/keywords.h"
#include "sql/lexer.h"
#include "sql/token_reader.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::ValueKind;

const char* plain_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::int8:
    case ValueKind::int16:
    case ValueKind::uint8:
      return "smallint";
    case ValueKind::int32:
    case ValueKind::uint16:
      return "integer";
    case ValueKind::int64:
    case ValueKind::uint32:
    case ValueKind::uint64:
      return "bigint";
    case ValueKind::boolean:
      return "boolean";
    case ValueKind::float32:
      return "real";
    case ValueKind::float64:
      return "double precision";
    case ValueKind::text:
    case ValueKind::enumeration:
      return "character varying";
    case ValueKind::bytes:
      return "bytea";
    case ValueKind::date:
      return "date";
    case ValueKind::timestamp:
      return "timestamp";
    case ValueKind::array:
      return "character varying[]";
    case ValueKind::json:
      return "jsonb";
    case ValueKind::uuid:
      return "uuid";
  }
  return "character varying";
}

/// Synonyms, as format_type() writes them.
/// https://www.postgresql.org/docs/current/datatype.html
struct Alias {
  std::string_view name;
  std::string_view meant;
};
constexpr std::array aliases = {
    Alias{"int", "integer"},
    Alias{"int2", "smallint"},
    Alias{"int4", "integer"},
    Alias{"int8", "bigint"},
    Alias{"bool", "boolean"},
    Alias{"float4", "real"},
    Alias{"float8", "double precision"},
    Alias{"dec", "numeric"},
    Alias{"decimal", "numeric"},
    Alias{"varchar", "character varying"},
    Alias{"char varying", "character varying"},
    Alias{"national character varying", "character varying"},
    Alias{"national char varying", "character varying"},
    Alias{"nchar varying", "character varying"},
    Alias{"char", "character"},
    Alias{"nchar", "character"},
    Alias{"national character", "character"},
    Alias{"national char", "character"},
    Alias{"varbit", "bit varying"},
};

bool is_time(std::string_view name) { return name == "timestamp" || name == "time"; }

/// Parses the words and symbols of a type in turn.
class TypeReader : private sql::TokenReader {
 public:
  explicit TypeReader(std::string_view text) : TokenReader(text, postgres_syntax) {}

  std::optional<model::Type> read() {
    read_words();
    if (words_.empty()) return std::nullopt;
    if (is("(") && !read_arguments()) return std::nullopt;
    read_zone();
    model::Type type = meant();
    std::string dimensions;
    while (left() > 0) {
      if (!read_dimension()) return std::nullopt;
      dimensions = "[]";  // PostgreSQL does not store the number of dimensions.
    }
    if (dimensions.empty()) return type;
    return model::Type{to_string(type) + dimensions, {}};
  }

 private:
  /// A quoted name keeps its quotes if it needs them.
  void read_words() {
    for (const sql::Token& token : rest()) {
      const bool is_quoted = token.kind == sql::TokenKind::quoted_identifier;
      const bool is_name = token.kind == sql::TokenKind::word || is_quoted;
      const bool is_dot = token.is(".");
      if (!is_name && !is_dot) break;
      if (is_any({"ARRAY", "WITH", "WITHOUT"})) break;
      const bool joins = is_dot || (!words_.empty() && words_.back() == '.');
      if (!words_.empty() && !joins) words_ += ' ';
      words_ += is_quoted ? quoted(token.value()) : sql::to_lower(token.text);
      skip();
    }
  }

  static std::string quoted(const std::string& name) {
    const bool is_plain = !name.empty() && (std::islower(static_cast<unsigned char>(name.front())) || name[0] == '_') &&
                          std::all_of(name.begin(), name.end(), [](unsigned char c) {
                            return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
                          });
    // format_type() writes "char", a different type from char, with quotes.
    return is_plain && !sql::is_reserved(name) && name != "char" ? name : sql::quote_identifier(name, postgres_syntax);
  }

  bool read_arguments() {
    const std::span<const sql::Token> all = rest();
    skip();
    bool are_numbers = true;
    while (left() > 0 && !is(")")) {
      const sql::Token& token = rest().front();
      skip();
      if (token.is(",")) continue;
      std::uint32_t number = 0;
      const auto [end, error] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
      are_numbers = are_numbers && error == std::errc{} && end == token.text.data() + token.text.size();
      arguments_.push_back(number);
    }
    if (!accept(")")) return false;
    if (are_numbers && !arguments_.empty()) return true;
    arguments_.clear();
    for (const sql::Token& token : all.first(all.size() - left())) other_arguments_ += token.text;
    return true;
  }

  void read_zone() {
    if (!is_time(words_)) return;
    for (const std::string_view word : {"WITH", "WITHOUT"}) {
      if (!is(word) || !is("TIME", 1) || !is("ZONE", 2)) continue;
      skip(3);
      zone_ = sql::to_lower(word) + " time zone";
    }
  }

  bool read_dimension() {
    if (accept("ARRAY")) {
      if (left() == 0) return true;
    }
    if (!accept("[")) return false;
    if (left() > 0 && rest().front().kind == sql::TokenKind::number) skip();
    return accept("]");
  }

  [[nodiscard]] model::Type meant() const {
    std::string name = words_;
    if (is_time(name)) return {name, arguments_, zone_.empty() ? "without time zone" : zone_};
    if (name == "timestamptz" || name == "timetz") {
      return {name.substr(0, name.size() - 2), arguments_, "with time zone"};
    }
    for (const Alias& alias : aliases) {
      if (name == alias.name) name = alias.meant;
    }
    std::vector<std::uint32_t> arguments = arguments_;
    if (name == "bpchar" && !arguments.empty()) name = "character";
    if (words_ == "float") {
      const bool is_short = !arguments.empty() && arguments.front() <= 24;
      return {is_short ? "real" : "double precision", {}};
    }
    // The implied length, and the implied scale of a numeric.
    if (arguments.empty() && other_arguments_.empty() && (name == "character" || name == "bit")) {
      arguments = {1};
    }
    if (name == "numeric" && arguments.size() == 1) arguments.push_back(0);
    return {name + other_arguments_, arguments};
  }

  std::string words_;
  std::string zone_;
  std::vector<std::uint32_t> arguments_;
  std::string other_arguments_;  ///< Arguments that are not all numbers, unchanged: `(Point,4326)`.
};

model::Type read_given_type(const std::string& text) {
  std::optional<model::Type> type = read_type(text);
  if (!type) {
    throw Error(ErrorKind::entity, "PostgreSQL cannot parse \"" + text + "\" as a type")
        .with_remedy("Write its name, with its length or precision: varchar(40), numeric(10,2), timestamptz.");
  }
  return *type;
}

bool takes_length(const std::string& name) {
  return name == "character varying" || name == "character" || name == "bit" || name == "bit varying";
}

[[noreturn]] void refuse_option(const model::Type& type, const std::string& what) {
  throw Error(ErrorKind::entity, "PostgreSQL's type " + to_string(type) + " has no " + what)
      .with_remedy("Omit it, or use another type.");
}

void add_arguments(const model::ColumnRequest& request, model::Type& type) {
  if (!request.length && !request.precision) return;
  if (!type.arguments.empty() && !request.type.empty() && type.name != "character" && type.name != "bit") {
    throw Error(ErrorKind::entity, "PostgreSQL's type " + to_string(type) + " already contains its arguments")
        .with_remedy("Omit length, precision and scale, or the arguments of the type.");
  }
  if (request.length) {
    if (!takes_length(type.name)) refuse_option(type, "length");
    type.arguments = {*request.length};
    return;
  }
  const bool is_real = type.name == "real" || type.name == "double precision";
  if (is_real && request.type.empty()) type.name = "numeric";
  if (type.name == "numeric") {
    type.arguments = {*request.precision, request.scale.value_or(0)};
    return;
  }
  if (request.scale) refuse_option(type, "scale");
  if (type.name != "interval" && !is_time(type.name)) refuse_option(type, "precision");
  type.arguments = {*request.precision};
}

std::string real_literal(double value) {
  if (std::isnan(value)) return "'NaN'";
  if (std::isinf(value)) return value > 0 ? "'Infinity'" : "'-Infinity'";
  std::array<char, 512> digits{};
  // Without an exponent, as PostgreSQL reports a numeric.
  const auto [end, failure] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  return {digits.data(), end};
}

}  // namespace

std::optional<model::Type> read_type(std::string_view text) { return TypeReader(text).read(); }

model::Type enum_type(const model::Name& name) { return *read_type(quote(name)); }

model::Type column_type(const model::ColumnRequest& request) {
  model::Type type;
  if (!request.type.empty()) {
    type = read_given_type(request.type);
  } else if (request.kind == ValueKind::array) {
    type = *read_type(std::string(plain_type(request.element)) + "[]");
  } else {
    type = *read_type(request.with_time_zone ? "timestamp with time zone" : plain_type(request.kind));
  }
  add_arguments(request, type);
  const bool counts = type.name == "smallint" || type.name == "integer" || type.name == "bigint";
  if (request.auto_increment && !counts) {
    throw Error(ErrorKind::entity,
                "PostgreSQL can auto-increment smallint, integer and bigint columns only, not " + to_string(type))
        .with_remedy("Omit the type, or use one of those.");
  }
  return type;
}

// Like the inspector reads them: without the cast to the column's type that PostgreSQL adds.
std::string default_literal(const model::Literal& literal, ValueKind kind) {
  struct Spell {
    ValueKind kind;
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return real_literal(value); }
    std::string operator()(const std::string& value) const {
      // A list of values separated by commas, as other databases store it.
      const bool is_list = kind == ValueKind::array && !value.starts_with('{');
      return sql::quote_string(is_list ? '{' + value + '}' : value, postgres_syntax);
    }
  };
  return std::visit(Spell{kind}, literal);
}

ValueKind value_kind(const model::Type& type) {
  struct Known {
    std::string_view name;
    ValueKind kind;
  };
  static constexpr std::array names = {
      Known{"smallint", ValueKind::int16},  Known{"integer", ValueKind::int32},
      Known{"bigint", ValueKind::int64},    Known{"boolean", ValueKind::boolean},
      Known{"real", ValueKind::float32},    Known{"double precision", ValueKind::float64},
      Known{"numeric", ValueKind::float64}, Known{"money", ValueKind::float64},
      Known{"bytea", ValueKind::bytes},     Known{"date", ValueKind::date},
      Known{"json", ValueKind::json},       Known{"jsonb", ValueKind::json},
      Known{"uuid", ValueKind::uuid},       Known{"oid", ValueKind::int64},
  };
  for (const Known& known : names) {
    if (type.name == known.name) return known.kind;
  }
  if (type.name.starts_with("timestamp")) return ValueKind::timestamp;
  return ValueKind::text;
}

// now() as a timestamp without time zone is the local time of the session that inserts the row. TypeORM's columns, and
// those of older versions, have it.
// https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-ZONECONVERT
std::vector<std::string> current_timestamps(const model::Type& type) {
  const bool is_local = type.name == "timestamp" && type.suffix == "without time zone";
  std::vector<std::string> times = {"now()", "CURRENT_TIMESTAMP"};
  // The second is how the server reports it, and the third how it did before version 14.
  if (is_local) {
    times.insert(times.begin(),
                 {"now() AT TIME ZONE 'utc'", "now() AT TIME ZONE 'utc'::text", "timezone('utc'::text, now())"});
  }
  return times;
}

// https://www.postgresql.org/docs/current/sql-createtable.html; of a name that is cut off or numbered, it is not
// certain that it is derived.
bool is_derived_name(std::string_view name, const model::NamedPart& part) {
  static constexpr std::array suffixes = {"_pkey", "_key", "_fkey", "_idx"};  // In the order of the kinds.
  const bool is_key = part.kind == model::NamedPart::Kind::primary_key;
  std::string derived = part.table;
  for (const std::string& column : part.columns) derived += is_key ? "" : '_' + column;
  return name == derived + suffixes.at(static_cast<std::size_t>(part.kind));
}

std::map<std::string, std::string> table_options(const model::TableRequest& request) {
  std::map<std::string, std::string> options;
  if (!request.storage_parameters.empty()) {
    options["WITH"] = storage_parameters_text(read_storage_parameters(request.storage_parameters));
  }
  return options;
}

// New features by version: https://www.postgresql.org/docs/release/
std::optional<int> since(model::Feature feature) {
  using model::Feature;
  switch (feature) {
    case Feature::schemas:
    case Feature::storage_parameters:
    case Feature::comments:
    case Feature::named_enums:
    case Feature::named_primary_keys:
    case Feature::identity_columns:
    case Feature::stored_columns:
    case Feature::computed_keys:
    case Feature::generated_columns:
    case Feature::dropped_columns:
    case Feature::index_methods:
    case Feature::partial_indexes:
    case Feature::included_columns:
    case Feature::operator_classes:
    case Feature::null_order:
    case Feature::exclusions:
    case Feature::deferrable_foreign_keys:
    case Feature::deferrable_uniques:
    case Feature::materialized_views:
    case Feature::privileges:
      return 0;
    case Feature::dropped_expressions:
    case Feature::random_uuids:
      return 130000;
    case Feature::nulls_not_distinct:
      return 150000;
    case Feature::virtual_columns:
      return 180000;
    case Feature::charsets:
    case Feature::collations_of_tables:
    case Feature::storage_engines:
    case Feature::strict_tables:
    case Feature::tables_without_rowid:
    case Feature::values_on_update:
    case Feature::index_parsers:
    case Feature::prefix_lengths:
    case Feature::view_columns:
    case Feature::untyped_columns:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace whimbrel::dialect::postgres
