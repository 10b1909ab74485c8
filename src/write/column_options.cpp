#include "write/column_options.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::write {

namespace {

using model::ValueKind;

bool leads_to(const model::ColumnRequest& request, const model::Type& type, const model::TypeMapping& mapping) {
  try {
    return is_same_type(mapping.column_type(request), type, mapping);
  } catch (const Error&) {
    return false;
  }
}

bool is_number(ValueKind kind) {
  return kind <= ValueKind::uint64 || kind == ValueKind::float32 || kind == ValueKind::float64;
}

/// Returns whether the text is an integer that the member can hold, and that is an int in C++.
bool is_small_integer(const std::string& text, ValueKind kind, std::int32_t& number) {
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || at != end || number == std::numeric_limits<std::int32_t>::min()) return false;
  switch (kind) {
    case ValueKind::int8:
      return number >= -0x80 && number < 0x80;
    case ValueKind::int16:
      return number >= -0x8000 && number < 0x8000;
    case ValueKind::uint8:
      return number >= 0 && number <= 0xFF;
    case ValueKind::uint16:
      return number >= 0 && number <= 0xFFFF;
    case ValueKind::uint32:
    case ValueKind::uint64:
      return number >= 0;
    default:
      return true;
  }
}

/// Returns whether an entity may have the text as the default of such a column.
bool is_possible(const std::string& text, const model::Type& type) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto length = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_start));
  return text.find('\0') == text.npos && (type.arguments.size() != 1 || length <= type.arguments.front());
}

/// A value for `default_value`, in C++ and as the databases see it.
struct DefaultText {
  std::string text;
  model::Literal literal;
};

/// Returns the values that may have been meant by the expression.
std::vector<DefaultText> candidates(const PlannedMember& member, const model::TypeMapping& mapping) {
  const std::string& expression = *member.column->default_expression;
  if (member.kind == ValueKind::boolean) return {{"false", false}, {"true", true}};
  if (is_number(member.kind)) {
    std::int32_t number = 0;
    if (!is_small_integer(expression, member.kind, number)) return {};
    return {{std::to_string(number), std::int64_t{number}}};
  }
  const bool is_text = member.kind == ValueKind::text || member.kind == ValueKind::enumeration;
  const std::vector<sql::Token> tokens = sql::tokenize(expression, mapping.syntax());
  if (!is_text || tokens.size() != 1 || tokens.front().kind != sql::TokenKind::string) return {};
  const std::string value = tokens.front().value();
  if (!is_possible(value, member.column->type)) return {};
  if (member.kind == ValueKind::text) return {{literal(value), value}};
  const auto& names = member.enum_values;
  if (std::find(names.begin(), names.end(), value) == names.end()) return {};
  return {{member.enum_name + "::" + value, value}};
}

/// Returns what leads to the type of a timestamp, if no type need be named. What leads to it in its own spelling comes
/// first: SQLite stores datetime(3) as datetime, but other databases do not.
std::optional<model::ColumnRequest> timestamp_request(const model::Type& type, ValueKind kind,
                                                      const model::TypeMapping& mapping) {
  if (kind != ValueKind::timestamp || type.arguments.size() > 1) return std::nullopt;
  std::vector<model::ColumnRequest> requests;
  for (const bool with_time_zone : {false, true}) {
    model::ColumnRequest& request = requests.emplace_back();
    request.kind = kind;
    request.with_time_zone = with_time_zone;
    requests.push_back(requests.back());
    requests.back().precision = type.arguments.empty() ? 0 : type.arguments.front();
  }
  const auto is_exact = [&](const model::ColumnRequest& request) { return mapping.column_type(request) == type; };
  const auto is_alike = [&](const model::ColumnRequest& request) { return leads_to(request, type, mapping); };
  auto found = std::find_if(requests.begin(), requests.end(),
                            [&](const auto& request) { return is_alike(request) && is_exact(request); });
  if (found == requests.end()) found = std::find_if(requests.begin(), requests.end(), is_alike);
  return found == requests.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

void add_type(Options& options, const PlannedMember& member, const model::Table& table, bool in_primary_key,
              const model::TypeMapping& mapping) {
  const model::Type& type = member.column->type;
  if (type.name.empty()) return options.add("untyped", "true");
  model::ColumnRequest request;
  request.kind = member.kind;
  request.auto_increment = member.column->auto_increment;
  request.in_primary_key = in_primary_key;
  request.table_options = table.options;
  if (const std::optional<model::ColumnRequest> time = timestamp_request(type, member.kind, mapping)) {
    if (time->precision) options.add("precision", std::to_string(*time->precision));
    return;
  }
  // Also where it is the default length of the database: others have another, or none.
  if (type.arguments.size() == 1) {
    request.length = type.arguments[0];
    if (leads_to(request, type, mapping)) return options.add("length", std::to_string(type.arguments[0]));
    request.length.reset();
  }
  if (leads_to(request, type, mapping)) return;
  if (type.arguments.size() == 2) {
    request.precision = type.arguments[0];
    request.scale = type.arguments[1];
    if (leads_to(request, type, mapping)) {
      options.add("precision", std::to_string(type.arguments[0]));
      return options.add("scale", std::to_string(type.arguments[1]));
    }
  }
  options.add("type", literal(to_string(type)));
}

bool has_time_zone(const PlannedMember& member, const model::TypeMapping& mapping) {
  const auto request = timestamp_request(member.column->type, member.kind, mapping);
  return request && request->with_time_zone;
}

bool is_json_column(const PlannedMember& member, const model::TypeMapping& mapping) {
  const model::Type& type = member.column->type;
  // A member that references it has its type, but not that its text is JSON.
  const bool is_text = member.kind == ValueKind::text && !member.follows_reference && !member.is_referenced;
  if (!is_text || mapping.value_kind(type) != ValueKind::json) return false;
  model::ColumnRequest request;
  request.kind = ValueKind::json;
  return leads_to(request, type, mapping);
}

bool is_create_date(const PlannedMember& member, const model::TypeMapping& mapping) {
  const model::Column& column = *member.column;
  if (member.kind != ValueKind::timestamp || column.nullable || !column.default_expression) return false;
  const std::vector<std::string> times = mapping.current_timestamps(column.type);
  return std::find(times.begin(), times.end(), *column.default_expression) != times.end();
}

void add_default(Options& options, const PlannedMember& member, const model::TypeMapping& mapping) {
  const std::optional<std::string>& expression = member.column->default_expression;
  if (!expression) return;
  for (const DefaultText& candidate : candidates(member, mapping)) {
    try {
      if (mapping.default_literal(candidate.literal, member.kind) != *expression) continue;
      return options.add("default_value", candidate.text);
    } catch (const Error&) {  // The database has no such literal.
    }
  }
  options.add("default_expression", literal(*expression));
}

}  // namespace whimbrel::write
