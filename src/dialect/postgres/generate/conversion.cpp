#include "dialect/postgres/generate/conversion.h"

#include "dialect/postgres/generate/type_parts.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Type;
/// Types to which a value is cast, in this order.
using Casts = std::vector<std::string>;

/// `oid` is cast through bigint, because its cast to integer makes large numbers negative. A float is cast through
/// text, because its cast to numeric keeps only 6 or 15 digits, and its text all of them.
Casts between_numbers(const std::string& from, const TypeParts& to) {
  Casts casts;
  const bool is_decimal = to.name == "numeric" || to.name == "money";
  if (is_float(from) && is_decimal) casts = {"text", "numeric"};
  if (from == "money") casts = {"numeric"};
  if (from == "oid") casts = {"bigint"};
  if (to.name == "oid") casts.emplace_back("bigint");
  if (to.name == "money" && from != "numeric" && !is_float(from)) casts.emplace_back("numeric");
  const std::string last = to_string(to.element());
  if (casts.empty() || casts.back() != last) casts.push_back(last);
  return casts;
}

Casts between_times(const std::string& from, const TypeParts& to) {
  Casts casts;
  // A time with time zone requires a timestamp with time zone; a date has a time only as a timestamp.
  if (is_day(from) && is_time_of_day(to.name)) {
    if (has_zone(to.name) && !has_zone(from)) casts.emplace_back("timestamp with time zone");
    if (!has_zone(to.name) && from == "date") casts.emplace_back("timestamp without time zone");
  }
  casts.push_back(to_string(to.element()));
  return casts;
}

/// Its cast to a time of day silently drops days, so it is cast through text.
bool is_length_of_time(const std::string& from, const std::string& to) {
  return to == "interval" && (from == "interval" || from == "time without time zone");
}

/// The type of the extension, which may be in any schema. Its text is no JSON, but it has casts to it.
bool is_hstore(const std::string& type) { return type.substr(type.rfind('.') + 1) == "hstore"; }

/// Returns the casts from one type to the other; empty: only through text.
Casts casts_between(const std::string& from, const TypeParts& to) {
  const std::string last = to_string(to.element());
  if (is_number(from) && is_number(to.name)) return between_numbers(from, to);
  if (from == "boolean" && is_number(to.name)) {
    // Only integers have casts from and to boolean.
    Casts casts = {"integer"};
    if (to.name == "integer") return casts;
    for (std::string& cast : between_numbers("integer", to)) casts.push_back(std::move(cast));
    return casts;
  }
  if (is_day(from) && (is_day(to.name) || is_time_of_day(to.name))) return between_times(from, to);
  if (is_time_of_day(from) && is_time_of_day(to.name)) return {last};
  if (is_hstore(from) && is_json(to.name)) return {last};
  if (is_length_of_time(from, to.name) || (is_json(from) && is_json(to.name))) return {last};
  if (is_whole(from) && to.name == "bit") return from == "smallint" ? Casts{"integer", last} : Casts{last};
  if (from == "bit" && is_whole(to.name)) return to.name == "bigint" ? Casts{last} : Casts{"bigint", last};
  return {};
}

/// PostgreSQL's own conversion to a shorter length drops trailing spaces. Longer values must fail, whatever they end
/// with.
std::string without_cutting_spaces(const std::string& column, const TypeParts& from, const TypeParts& to) {
  if (to.name != "character varying" || fits_length(from, to) || from.is_array || !may_end_with_spaces(from.name)) {
    return {};
  }
  const std::string text = is_text(from.name) ? column : column + "::text";
  return "CASE WHEN length(" + text + ") > " + std::to_string(to.arguments.front()) + " THEN " + text +
         " || '.' ELSE " + text + " END";
}

/// Converts through the text of a value, which is parsed like an input of the other type.
std::string by_text(const std::string& column, const TypeParts& from, const TypeParts& to, bool is_enum) {
  const bool is_written = is_text(from.name) && !from.is_array;
  const std::string text = is_written ? column + "::" : column + "::text::";
  // ALTER TABLE checks lengths and pads bits.
  if (is_text(to.name)) return text + to.name + "[]";
  if (is_bits(to.name)) return text + "bit varying" + (to.is_array ? "[]" : "");
  const std::string name = to_string(to.element());
  if (to.is_array) return text + name + "[]";
  if (is_enum || is_built_in(to.name)) return text + name;
  // It may be a domain over a type with a length, to which a cast truncates. A value that is parsed from the text of an
  // array is not truncated.
  return "(ARRAY[" + column + "::text]::text::" + name + "[])[1]";
}

std::string conversion(const std::string& column, const Type& before, const Type& after, bool is_enum);

/// The type of its elements without a length: ALTER TABLE checks it, and a cast would truncate.
std::string element_type(const TypeParts& array) {
  if (array.name == "character") return "bpchar";
  if (is_bits(array.name)) return "bit varying";
  return is_text(array.name) ? array.name : to_string(array.element());
}

/// A value becomes an array with it as the only element, but a text that is the text of an array becomes that array.
std::string into_array(const std::string& column, const TypeParts& from, const TypeParts& to, bool is_enum) {
  const std::string type = element_type(to);
  const bool is_value = is_text(to.name) || is_json(to.name) || !is_text(from.name);
  std::string element = is_text(to.name) ? "" : conversion(column, from.element(), to.element(), is_enum);
  if (element.empty()) element = column + "::" + type;
  return "CASE WHEN " + column + (is_value ? "" : " LIKE '{%' THEN " + column + "::" + type + "[] WHEN " + column) +
         " IS NOT NULL THEN ARRAY[" + element + "]::" + type + "[] END";
}

/// An array of one element becomes the element. Others have only a text.
std::string out_of_array(const std::string& column, const TypeParts& from, const TypeParts& to, bool is_enum) {
  const std::string element = "(" + column + "[array_lower(" + column + ", 1)])";
  std::string value = conversion(element, from.element(), to.element(), is_enum);
  if (value.empty()) value = element + "::" + element_type(to);
  std::string text = by_text(column, from, to, is_enum);
  if (is_text(to.name)) text = column + "::text";
  return "CASE cardinality(" + column + ") WHEN 1 THEN " + value + " ELSE " + text + " END";
}

std::string conversion(const std::string& column, const Type& before, const Type& after, bool is_enum) {
  const TypeParts from = parts_of(before);
  const TypeParts to = parts_of(after);
  if (from.is_array && !to.is_array) return out_of_array(column, from, to, is_enum);
  if (to.is_array && !from.is_array) return into_array(column, from, to, is_enum);
  if (is_text(to.name)) return without_cutting_spaces(column, from, to);
  if (is_bits(from.name) && is_bits(to.name)) return {};
  if (!to.is_array && is_number(from.name) && to.name == "boolean") return column + " <> 0::" + to_string(before);
  const Casts casts = casts_between(from.name, to);
  if (casts.empty()) return by_text(column, from, to, is_enum);
  std::string sql = column;
  for (const std::string& cast : casts) sql += "::" + cast + (to.is_array ? "[]" : "");
  return sql;
}

/// ALTER TABLE itself converts a value to the domain, whose checks may refuse it.
const Type& type_of_values(const model::Column& column) {
  return column.base_type.value ? *column.base_type.value : column.type;
}

}  // namespace

std::string conversion_sql(const model::Column& from, const model::Column& to) {
  const Type& before = type_of_values(from);
  const Type& after = type_of_values(to);
  if (before == after && from.type != to.type) return {};
  return conversion(sql::quote_identifier(to.name, postgres_syntax), before, after, !to.enum_values.empty());
}

bool can_convert(const model::Column& from, const model::Column& to) {
  return !is_json(parts_of(type_of_values(from)).name) || !is_hstore(parts_of(type_of_values(to)).name);
}

std::vector<std::string> converted_columns(std::string_view statement) {
  const std::vector<sql::Token> tokens = sql::tokenize(statement, postgres_syntax);
  std::vector<std::string> columns;
  if (tokens.size() < 2 || !tokens[0].is("ALTER") || !tokens[1].is("TABLE")) return columns;
  for (std::size_t i = 2; i + 3 < tokens.size(); ++i) {
    if (!tokens[i].is("ALTER") || !tokens[i + 1].is("COLUMN")) continue;
    if (tokens[i + 3].is("TYPE")) columns.emplace_back(tokens[i + 2].text);
  }
  return columns;
}

}  // namespace whimbrel::dialect::postgres
