#include "sql/writer.h"

namespace whimbrel::sql {

namespace {

void append_quoted(std::string& target, std::string_view text, char quote) {
  target += quote;
  for (const char c : text) {
    if (c == quote) target += quote;
    target += c;
  }
  target += quote;
}

}  // namespace

Writer& Writer::raw(std::string_view text) {
  text_ += text;
  return *this;
}

Writer& Writer::identifier(std::string_view name) {
  append_quoted(text_, name, quoting_.identifier);
  return *this;
}

Writer& Writer::string(std::string_view text) {
  append_quoted(text_, text, '\'');
  return *this;
}

Writer& Writer::identifiers(const std::vector<std::string>& names) {
  return list(names, [this](const std::string& name) { identifier(name); });
}

std::string quote_identifier(std::string_view name, char quote) {
  std::string result;
  result.reserve(name.size() + 2);
  append_quoted(result, name, quote);
  return result;
}

std::string quote_string(std::string_view text) { return quote_identifier(text, '\''); }

}  // namespace whimbrel::sql
