#include "dialect/postgres/generate/type_parts.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>

namespace whimbrel::dialect::postgres {

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Returns the numbers of `9,1`; nullopt for anything else.
std::optional<std::vector<std::uint32_t>> read_numbers(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  while (true) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return numbers;
    if (text.front() != ',') return std::nullopt;
    text.remove_prefix(1);
  }
}

}  // namespace

model::Type TypeParts::element() const {
  const auto zone = name.find(" with");
  if (zone == std::string::npos) return {name, arguments};
  return {name.substr(0, zone), arguments, name.substr(zone + 1)};
}

TypeParts parts_of(const model::Type& type) {
  TypeParts parts{type.suffix.empty() ? type.name : type.name + ' ' + type.suffix, type.arguments};
  if (parts.name.ends_with("[]")) {
    parts.is_array = true;
    parts.name.resize(parts.name.size() - 2);
  }
  const auto begin = parts.name.find('(');
  const auto end = parts.name.find(')');
  if (parts.name.find('"') != std::string::npos || begin == std::string::npos || end == std::string::npos) return parts;
  if (const auto numbers = read_numbers(std::string_view(parts.name).substr(begin + 1, end - begin - 1))) {
    parts.arguments = *numbers;
    parts.name.erase(begin, end + 1 - begin);
  }
  return parts;
}

bool is_text(std::string_view name) {
  return is_one_of(name, {"text", "character varying", "character", "bpchar", "name", "citext"});
}
bool is_whole(std::string_view name) { return is_one_of(name, {"smallint", "integer", "bigint"}); }
bool is_float(std::string_view name) { return is_one_of(name, {"real", "double precision"}); }
bool is_number(std::string_view name) {
  return is_whole(name) || is_float(name) || is_one_of(name, {"numeric", "money", "oid"});
}
bool is_day(std::string_view name) { return name == "date" || name.starts_with("timestamp with"); }
bool is_time_of_day(std::string_view name) { return name.starts_with("time with"); }
bool has_zone(std::string_view name) { return name.ends_with(" with time zone"); }
bool is_json(std::string_view name) { return is_one_of(name, {"json", "jsonb"}); }
bool is_bits(std::string_view name) { return is_one_of(name, {"bit", "bit varying"}); }

bool is_built_in(std::string_view name) {
  return is_number(name) || is_day(name) || is_time_of_day(name) || is_json(name) || is_bits(name) ||
         is_one_of(name, {"boolean", "bytea", "uuid", "interval", "xml", "inet", "cidr", "macaddr", "macaddr8", "point",
                          "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery"});
}

bool may_end_with_spaces(std::string_view name) {
  if (name == "character" || name == "bpchar") return false;
  return name == "json" || name == "xml" || !is_built_in(name);
}

bool fits_length(const TypeParts& from, const TypeParts& to) {
  if (to.arguments.empty()) return true;
  const bool is_like = from.name == to.name || (is_text(from.name) && is_text(to.name));
  return is_like && from.is_array == to.is_array && !from.arguments.empty() && from.arguments[0] <= to.arguments[0];
}

}  // namespace whimbrel::dialect::postgres
