#include "dialect/postgres/generate/conversion.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Type;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_array(const Type& type) { return type.name.ends_with("[]"); }

bool is_text(std::string_view type) {
  return is_one_of(type, {"text", "character varying", "character", "name", "citext"});
}
bool is_number(std::string_view type) {
  return is_one_of(type, {"smallint", "integer", "bigint", "numeric", "real", "double precision", "money", "oid"});
}
bool is_day(std::string_view type) { return type == "date" || type.starts_with("timestamp"); }
bool is_time_of_day(std::string_view type) { return type.starts_with("time") && !is_day(type); }
bool is_json(std::string_view type) { return type == "json" || type == "jsonb"; }
bool is_bits(std::string_view type) { return type == "bit" || type == "bit varying"; }
bool has_zone(std::string_view type) { return type.ends_with("with time zone"); }

/// Does PostgreSQL convert the one to the other by an explicit cast? Else the way goes through text.
bool has_cast(std::string_view from, std::string_view to) {
  if (from == to || is_text(from) || is_text(to)) return true;
  const bool is_boolean = (is_number(from) && to == "boolean") || (from == "boolean" && is_number(to));
  return is_boolean || (is_number(from) && is_number(to)) || (is_day(from) && is_day(to)) ||
         (is_time_of_day(to) && (is_time_of_day(from) || from.starts_with("timestamp"))) ||
         (is_json(from) && is_json(to)) || (is_bits(from) && is_bits(to));
}

/// `character varying` of `character varying(3)[]`
std::string_view element(const Type& type) {
  const std::string_view name = type.name;
  return name.substr(0, name.find_first_of("(["));
}

/// How wide a whole number is: one holds those of the one before; 0 for other types.
int width(std::string_view type) {
  static constexpr std::array<std::string_view, 3> whole = {"smallint", "integer", "bigint"};
  const auto* const found = std::find(whole.begin(), whole.end(), type);
  return found == whole.end() ? 0 : 1 + static_cast<int>(found - whole.begin());
}

/// The digits before the point that a number can need; 0: as many as it likes.
std::uint32_t whole_digits(const Type& type) {
  static constexpr std::array<std::uint32_t, 4> of_width = {0, 5, 10, 19};
  if (type.name != "numeric") return of_width.at(static_cast<std::size_t>(width(type.name)));
  return type.arguments.size() == 2 ? type.arguments[0] - std::min(type.arguments[0], type.arguments[1]) : 0;
}

ConversionRisk number_risk(bool rounds, bool overflows) {
  if (rounds) return {overflows ? "which rounds them, and fails if one does not fit" : "which rounds them", true};
  return {overflows ? "which fails if a value does not fit" : ""};
}

ConversionRisk number_risk(const Type& from, const Type& to) {
  const bool is_whole = width(from.name) != 0;
  if (width(to.name) != 0) return number_risk(!is_whole, !is_whole || width(from.name) > width(to.name));
  if (to.name == "numeric") {
    if (to.arguments.size() < 2) return {};
    const bool is_numeric = from.name == "numeric" && from.arguments.size() == 2;
    const bool keeps_fraction = is_whole || (is_numeric && from.arguments[1] <= to.arguments[1]);
    const std::uint32_t needed = whole_digits(from);
    return number_risk(!keeps_fraction, needed == 0 || needed > whole_digits(to));
  }
  const bool is_short = from.name == "smallint" || (to.name == "double precision" && from.name == "integer");
  if (is_short || (to.name == "double precision" && from.name == "real")) return {};
  return {"which may round them", true};
}

std::string length_risk(const Type& from, const Type& to) {
  const bool is_longer = !from.arguments.empty() && from.arguments[0] <= to.arguments[0];
  return is_longer ? "" : "which fails if a value is longer than " + std::to_string(to.arguments[0]);
}

}  // namespace

std::string conversion_sql(const std::string& column, const Type& from, const Type& to) {
  const bool is_between_bits = is_bits(element(from)) && is_bits(element(to));
  if (is_array(from) == is_array(to) && (is_text(element(to)) || is_between_bits)) return {};
  const std::string name = sql::quote_identifier(column);
  // Only integers have casts from and to boolean.
  if (from.name == "boolean" && is_number(to.name)) return name + "::integer::" + to_string(to);
  if (is_number(from.name) && to.name == "boolean") return name + " <> 0::" + to_string(from);
  return name + (has_cast(from.name, to.name) ? "::" : "::text::") + to_string(to);
}

ConversionRisk conversion_risk(const Type& from, const Type& to) {
  if (from == to) return {};
  if (is_number(from.name) && is_number(to.name)) return number_risk(from, to);
  if (is_number(from.name) && to.name == "boolean") return {"which keeps of them only whether they are 0", true};
  if (is_text(to.name) || from.name == to.name) {
    const bool is_like = is_text(from.name) || from.name == to.name;
    return {to.arguments.empty() ? "" : length_risk(is_like ? from : Type(), to)};
  }
  if ((is_day(from.name) && is_day(to.name)) || (is_time_of_day(from.name) && is_time_of_day(to.name))) {
    const bool loses = to.name == "date" && from.name != "date";
    if (has_zone(from.name) != has_zone(to.name)) return {"by the TimeZone of the session that runs it", loses};
    return {loses ? "which leaves the time of day out" : "", loses};
  }
  if (is_day(from.name) && is_time_of_day(to.name)) return {"which leaves the day out", true};
  if (has_cast(from.name, to.name) && !is_text(from.name)) return {};
  return {"which fails if a value is no " + to_string(to)};
}

std::vector<std::string> converted_columns(std::string_view statement) {
  const std::vector<sql::Token> tokens = sql::tokenize(statement);
  std::vector<std::string> columns;
  if (tokens.size() < 2 || !tokens[0].is("ALTER") || !tokens[1].is("TABLE")) return columns;
  for (std::size_t i = 2; i + 3 < tokens.size(); ++i) {
    if (!tokens[i].is("ALTER") || !tokens[i + 1].is("COLUMN")) continue;
    if (tokens[i + 3].is("TYPE")) columns.emplace_back(tokens[i + 2].text);
  }
  return columns;
}

}  // namespace whimbrel::dialect::postgres
