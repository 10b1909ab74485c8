#include <string_view>

#include "cli/arguments.h"

namespace whimbrel::cli {

namespace {

// Takes a quoted part off the front of the text; nothing if it does not end.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string part;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      part += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      part += text[i++];
    } else {
      text.remove_prefix(i + 1);
      return part;
    }
  }
  return std::nullopt;
}

std::optional<std::string> take_part(std::string_view& text) {
  if (text.starts_with('"')) return take_quoted(text);
  const std::size_t end = std::min(text.find_first_of(".="), text.size());
  std::string part(text.substr(0, end));
  text.remove_prefix(end);
  return part;
}

}  // namespace

std::optional<TableColumnValue> parse_table_column_value(const std::string& text) {
  std::string_view rest = text;
  TableColumnValue assignment;
  while (true) {
    const std::optional<std::string> part = take_part(rest);
    if (!part || part->empty() || rest.empty()) return std::nullopt;
    assignment.path.push_back(*part);
    const char separator = rest.front();
    rest.remove_prefix(1);
    if (separator == '=') break;
    if (separator != '.') return std::nullopt;
  }
  assignment.value = rest;
  if (rest.empty()) return std::nullopt;
  return assignment;
}

std::optional<QualifiedName> parse_name(const std::string& text) {
  std::string_view rest = text;
  QualifiedName name;
  while (true) {
    const std::optional<std::string> part = take_part(rest);
    if (!part || part->empty()) return std::nullopt;
    name.push_back(*part);
    if (rest.empty()) return name;
    if (rest.front() != '.') return std::nullopt;
    rest.remove_prefix(1);
  }
}

}  // namespace whimbrel::cli
