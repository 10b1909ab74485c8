#include "dialect/url.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::dialect {

namespace {

/// The replacement of a secret. Messages show that there was one.
enum class Style { hidden, stripped };

/// From the first colon after the user's name to the last @, because a password may contain either.
void hide_in_authority(std::string& url, Style style) {
  std::size_t begin = url.find(':');
  if (begin == std::string::npos) return;
  begin += url.compare(begin, 3, "://") == 0 ? 3 : 1;
  const std::size_t at = url.rfind('@');
  if (at == std::string::npos || at < begin || url[begin] == '/') return;
  const std::size_t colon = url.find(':', begin);
  if (colon >= at) return;
  if (style == Style::hidden) {
    url.replace(colon + 1, at - colon - 1, "***");
  } else {
    url.erase(colon, at - colon);
  }
}

bool is_secret(std::string_view key) {
  const std::string name = sql::to_lower(key);
  // An escaped key could hide one of the others.
  constexpr auto parts = std::to_array<std::string_view>({"pass", "pwd", "secret", "token", "%"});
  constexpr auto names = std::to_array<std::string_view>({"key", "hexkey", "textkey"});
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return name.find(part) != name.npos; }) ||
         std::find(names.begin(), names.end(), name) != names.end();
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Returns the end of the value at `begin`. libpq's values are quoted, or end with a blank; a parameter ends with the
/// next one.
std::size_t end_of_value(std::string_view text, std::size_t begin, bool is_parameter) {
  if (is_parameter) return std::min(text.find('&', begin), text.size());
  const bool is_quoted = begin < text.size() && text[begin] == '\'';
  std::size_t end = begin + (is_quoted ? 1 : 0);
  for (; end < text.size(); ++end) {
    if (text[end] == '\\') {
      ++end;
    } else if (is_quoted ? text[end] == '\'' : is_blank(text[end])) {
      return end + (is_quoted ? 1 : 0);
    }
  }
  return text.size();
}

/// Handles `key=value` pairs after `?` and `&`, and libpq's, which are separated by blanks.
std::string hide_pairs(std::string_view text, Style style) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t equals = text.find('='); equals != text.npos; equals = text.find('=', std::max(equals + 1, done))) {
    std::size_t key_end = equals;
    while (key_end > done && is_blank(text[key_end - 1])) --key_end;
    const std::size_t before = text.substr(0, key_end).find_last_of("?&;:/ \t\n\r");
    const std::size_t key = before == text.npos ? 0 : before + 1;
    if (key < done || !is_secret(text.substr(key, key_end - key))) continue;
    const bool is_parameter = key > 0 && (text[key - 1] == '?' || text[key - 1] == '&');
    std::size_t value = equals + 1;
    while (!is_parameter && value < text.size() && is_blank(text[value])) ++value;
    const std::size_t end = end_of_value(text, value, is_parameter);
    if (style == Style::hidden) {
      result += std::string(text.substr(done, value - done)) + "***";
      done = end;
    } else {
      result += text.substr(done, key - done);
      done = std::min(end + 1, text.size());
    }
  }
  result += text.substr(done);
  return result;
}

/// Returns -1 for another character.
int hexadecimal(char c) {
  if (sql::is_digit(c)) return c - '0';
  const char lower = sql::to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string hide(std::string_view url, Style style) {
  std::string result(url);
  hide_in_authority(result, style);
  return hide_pairs(result, style);
}

}  // namespace

std::string without_password(std::string_view url) { return hide(url, Style::hidden); }

std::string strip_password(std::string_view url) {
  std::string result = hide(url, Style::stripped);
  while (!result.empty() && (result.back() == '?' || result.back() == '&' || is_blank(result.back()))) {
    result.pop_back();
  }
  return result;
}

std::string_view component_of(std::string_view scheme) {
  static constexpr auto components =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"sqlite", "sqlite"},
                                                                    {"postgresql", "postgres"},
                                                                    {"postgres", "postgres"},
                                                                    {"mysql", "mysql"},
                                                                    {"mariadb", "mysql"}});
  for (const auto& [known, component] : components) {
    if (sql::equal_ignoring_case(scheme, known)) return component;
  }
  return {};
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hexadecimal(text[i + 1]);
    const int low = hexadecimal(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

}  // namespace whimbrel::dialect
