#pragma once

/// The kinds of characters in SQL text, independent of the locale.
namespace whimbrel::sql {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_word_part(char c) { return is_word_start(c) || is_digit(c) || c == '$'; }

}  // namespace whimbrel::sql
