#include "dialect/postgres/text/deparsed_text.h"

#include <charconv>
#include <cstdint>
#include <limits>

#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Returns the type that PostgreSQL gives a number by its digits; empty for other text. The sign is applied afterwards.
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS-NUMERIC
std::string_view natural_type(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  const std::size_t point = number.find('.');
  if (point != std::string_view::npos) {
    return are_digits(number.substr(0, point)) && are_digits(number.substr(point + 1)) ? "numeric" : "";
  }
  if (!are_digits(number)) return "";
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (failure != std::errc{}) return "numeric";
  return value <= std::numeric_limits<std::int32_t>::max() ? "integer" : "bigint";
}

}  // namespace

std::size_t find_closing(std::string_view text, std::size_t open) {
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      return i;
    }
  }
  return text.size();
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  char quote = '\0';
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (i == text.size() || (c == ',' && quote == '\0' && depth == 0)) {
      std::string_view part = text.substr(begin, i - begin);
      while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
      if (!part.empty()) parts.push_back(part);
      begin = i + 1;
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    }
  }
  return parts;
}

std::string without_parentheses(std::string text) {
  while (!text.empty() && text.front() == '(' && find_closing(text, 0) == text.size() - 1) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

std::size_t find_outside(std::string_view text, std::string_view mark) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(mark)) return i;
    if (text[i] == '(') {
      i = find_closing(text, i);
    } else if (text[i] == '\'' || text[i] == '"') {
      i = text.find(text[i], i + 1);
      if (i == std::string_view::npos) return text.size();
    }
  }
  return text.size();
}

bool is_number_type(std::string_view type) {
  return type == "integer" || type == "bigint" || type == "smallint" || type == "numeric" || type == "real" ||
         type == "double precision";
}

std::string_view leading_string(std::string_view text) {
  std::size_t at = text.starts_with('E') ? 1 : 0;
  if (at >= text.size() || text[at] != '\'') return {};
  do {
    at = text.find('\'', at + 1);
    if (at == std::string_view::npos) return {};
    ++at;
  } while (at < text.size() && text[at] == '\'');
  return text.substr(0, at);
}

std::optional<std::string> plain_default(const std::string& expression, const std::string& own_type) {
  const std::string_view text = expression;
  if (text == "NULL" || text.starts_with("NULL::")) return std::nullopt;
  const std::string_view literal = leading_string(text);
  const std::string_view cast = text.substr(literal.size());
  if (literal.empty() || !cast.starts_with("::")) return without_parentheses(expression);
  const std::string_view type = cast.substr(2);
  const std::string_view content = literal.substr(1, literal.size() - 2);
  if (is_number_type(own_type) && type == natural_type(content)) return std::string(content);
  return type == own_type ? std::string(literal) : expression;
}

std::string exclusion_definition(std::string text) {
  constexpr std::string_view word = "EXCLUDE ";
  if (text.starts_with(word)) text.erase(0, word.size());
  for (const std::string_view end : {" INITIALLY DEFERRED", " DEFERRABLE"}) {
    if (text.ends_with(end)) text.erase(text.size() - end.size());
  }
  return text;
}

std::string plain_query(std::string_view query) {
  while (!query.empty() && query.front() == ' ') query.remove_prefix(1);
  while (!query.empty() && (query.back() == ';' || query.back() == ' ')) query.remove_suffix(1);
  return std::string(query);
}

std::string with_parameter(const std::string& definition, std::string_view parameter) {
  const std::vector<sql::Token> tokens = sql::tokenize(definition, postgres_syntax);
  std::string text;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != sql::TokenKind::quoted_identifier || tokens[i].text != "\"\"") continue;
    // The name of the function precedes it if the query reads tables.
    const std::size_t begin = i >= 2 && tokens[i - 1].is(".") ? tokens[i - 2].offset : tokens[i].offset;
    text.append(definition, copied, begin - copied).append(parameter);
    copied = tokens[i].end();
  }
  return text.append(definition, copied);
}

}  // namespace whimbrel::dialect::postgres
