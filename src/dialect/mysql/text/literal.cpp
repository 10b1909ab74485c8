#include "dialect/mysql/text/literal.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using sql::Token;
using sql::TokenKind;

/// The characters that windows-1252, which MySQL calls latin1, has at 0x80 to 0x9F. The five undefined bytes are the
/// control characters of the same number. https://dev.mysql.com/doc/refman/8.4/en/charset-we-sets.html
constexpr std::array<std::uint32_t, 32> latin1_marks = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                                        0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                                        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                        0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

/// Returns the byte of a character in latin1; nullopt if it has none.
std::optional<char> latin1_byte(std::uint32_t character) {
  for (std::size_t i = 0; i < latin1_marks.size(); ++i) {
    if (latin1_marks[i] == character) return static_cast<char>(0x80 + i);
  }
  // MySQL 9 shows the bytes from 0x80 to 0x9F as control characters.
  return character <= 0xFF ? std::optional(static_cast<char>(character)) : std::nullopt;
}

std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/// Returns the characters of UTF-8; nullopt if it is not valid.
std::optional<std::vector<std::uint32_t>> characters(std::string_view text) {
  std::vector<std::uint32_t> result;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = sequence_length(first);
    if (length == 0 || at + length > text.size()) return std::nullopt;
    std::uint32_t character = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xC0U) != 0x80U) return std::nullopt;
      character = (character << 6U) | (next & 0x3FU);
    }
    result.push_back(character);
    at += length;
  }
  return result;
}

/// Resolves one level of backslashes.
std::string unescaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    result += text[i];
  }
  return result;
}

std::string without_introducers(std::string_view expression) {
  const std::vector<Token> tokens = sql::tokenize(expression, mysql_syntax);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is("_utf8mb4") || tokens[i + 1].kind != TokenKind::string) continue;
    result += expression.substr(copied, tokens[i].offset - copied);
    copied = tokens[i + 1].offset;
  }
  result += expression.substr(copied);
  return result;
}

}  // namespace

std::string quote_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    switch (c) {
      case '\0':
        result += "\\0";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\'':
        result += "''";
        break;
      default:
        result += c;
    }
  }
  return result + "'";
}

bool is_number(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return false;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // A number that is out of the range of a double is one nevertheless.
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool is_literal(std::string_view expression) {
  if (is_number(expression)) return true;
  const std::vector<Token> tokens = sql::tokenize(expression, mysql_syntax);
  if (tokens.size() == 2) {
    const bool is_bits = tokens[0].is("b") && tokens[0].end() == tokens[1].offset;
    return is_bits && tokens[1].kind == TokenKind::string;
  }
  if (tokens.size() != 1) return false;
  const bool is_hex = expression.size() > 2 && expression.starts_with("0x");
  return is_hex || tokens[0].kind == TokenKind::string || tokens[0].is("null");
}

bool is_current_timestamp(std::string_view expression) {
  const std::vector<Token> tokens = sql::tokenize(expression, mysql_syntax);
  if (tokens.empty()) return false;
  bool is_name = false;
  for (const std::string_view name : {"current_timestamp", "now", "localtime", "localtimestamp"}) {
    is_name = is_name || tokens[0].is(name);
  }
  if (!is_name) return false;
  if (tokens.size() == 1) return !tokens[0].is("now");
  if (!tokens[1].is("(") || !tokens.back().is(")")) return false;
  return tokens.size() == 3 || (tokens.size() == 4 && tokens[2].kind == TokenKind::number);
}

std::string without_parentheses(std::string_view text) {
  while (text.find('(') != std::string_view::npos) {
    const std::vector<Token> tokens = sql::tokenize(text, mysql_syntax);
    if (tokens.size() < 2 || !tokens.front().is("(") || !tokens.back().is(")")) break;
    int depth = 0;
    bool closes_early = false;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
      closes_early = closes_early || depth == 0;
    }
    if (closes_early) break;
    const std::size_t begin = tokens[1].offset;
    const std::size_t end = tokens[tokens.size() - 2].end();
    text = tokens.size() == 2 ? std::string_view() : text.substr(begin, end - begin);
  }
  return std::string(text);
}

std::string plain_expression(std::string_view reported) {
  return without_parentheses(without_introducers(unescaped(decoded_once(reported))));
}

std::string decoded_once(std::string_view text) {
  const auto read = characters(text);
  if (!read) return std::string(text);
  std::string bytes;
  for (const std::uint32_t character : *read) {
    const std::optional<char> byte = latin1_byte(character);
    if (!byte) return std::string(text);
    bytes += *byte;
  }
  return characters(bytes) ? bytes : std::string(text);
}

// They write the shortest digits that give the number again, with an exponent if the point is more than 15 places away
// (my_gcvt() in both sources).
std::string real_text(double value) {
  std::array<char, 32> buffer{};
  const auto [end, failure] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t mark = text.find('e');
  int exponent = 0;
  const std::string_view exponent_text = text.substr(text[mark + 1] == '+' ? mark + 2 : mark + 1);
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  if (exponent >= -15 && exponent < 15) {
    std::array<char, 64> digits{};
    const auto [last, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    return {digits.data(), last};
  }
  return std::string(text.substr(0, mark)) + "e" + std::to_string(exponent);
}

}  // namespace whimbrel::dialect::mysql
