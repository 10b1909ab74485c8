#include "sql/writer.h"

namespace whimbrel::sql {

namespace {

void append_quoted(std::string& target, std::string_view text, char quote, bool doubles_backslashes) {
  target += quote;
  for (const char c : text) {
    if (c == quote || (doubles_backslashes && c == '\\')) target += c;
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
  append_quoted(text_, name, syntax_.name_quotes.front(), false);
  return *this;
}

Writer& Writer::string(std::string_view text) {
  append_quoted(text_, text, syntax_.string_quotes.front(), syntax_.has_backslash_escapes);
  return *this;
}

Writer& Writer::placeholder(std::size_t number) { return raw(sql::placeholder(number, syntax_)); }

Writer& Writer::identifiers(const std::vector<std::string>& names) {
  return list(names, [this](const std::string& name) { identifier(name); });
}

std::string quote_identifier(std::string_view name, const Syntax& syntax) {
  return quoted(name, syntax.name_quotes.front());
}

std::string quote_string(std::string_view text, const Syntax& syntax) {
  std::string result;
  append_quoted(result, text, syntax.string_quotes.front(), syntax.has_backslash_escapes);
  return result;
}

std::string placeholder(std::size_t number, const Syntax& syntax) {
  return syntax.has_numbered_placeholders ? '$' + std::to_string(number) : "?";
}

std::string quoted(std::string_view text, char quote) {
  std::string result;
  result.reserve(text.size() + 2);
  append_quoted(result, text, quote, false);
  return result;
}

}  // namespace whimbrel::sql
