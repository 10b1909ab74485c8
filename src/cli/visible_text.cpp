#include "cli/visible_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "cli/style.h"

namespace whimbrel::cli {

namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 1;  ///< In bytes.
  bool is_valid = true;  ///< If false, one byte that is not UTF-8.
};

/// Returns the first UTF-8 character of the text.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0)};
  const std::size_t size = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < size) return {byte(0), 1, false};
  std::uint32_t code = byte(0) & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {byte(0), 1, false};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  return {code, size};
}

/// Control characters, and characters that reverse or hide the following text or end a line invisibly.
/// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
bool is_dangerous(const Character& character) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr auto ranges = std::to_array<Range>({{0x00, 0x1F},
                                                {0x7F, 0x9F},
                                                {0x061C, 0x061C},
                                                {0x200B, 0x200B},
                                                {0x200E, 0x200F},
                                                {0x2028, 0x202E},
                                                {0x2060, 0x206F},
                                                {0xFEFF, 0xFEFF},
                                                {0xFFF9, 0xFFFB},
                                                {0xE0000, 0xE007F}});
  return !character.is_valid || std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return character.code >= range.first && character.code <= range.last;
  });
}

std::string formatted(const char* format, std::uint32_t code) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, code);
  return text.data();
}

std::string escaped(const Character& character) {
  if (character.code == '\n') return "\\n";
  if (character.code == '\t') return "\\t";
  const char* const format = !character.is_valid || character.code < 0x80 ? "\\x%02x"
                             : character.code > 0xFFFF                    ? "\\U%08x"
                                                                          : "\\u%04x";
  return formatted(format, character.code);
}

/// A JSON escape has 16 bits.
std::string json_escape(const Character& character) {
  if (character.code <= 0xFFFF) return formatted("\\u%04x", character.code);
  const std::uint32_t rest = character.code - 0x10000;
  return formatted("\\u%04x", 0xD800 + (rest >> 10U)) + formatted("\\u%04x", 0xDC00 + (rest & 0x3FFU));
}

/// `replace` returns the replacement of a dangerous character.
template <class Keep, class Replace>
std::string replaced(std::string_view text, Keep keep, Replace replace) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    if (const std::size_t size = keep(text); size > 0) {
      result += text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    const Character character = first_character(text);
    result += is_dangerous(character) ? replace(character) : std::string(text.substr(0, character.size));
    text.remove_prefix(character.size);
  }
  return result;
}

constexpr auto keep_nothing = [](std::string_view) -> std::size_t { return 0; };

}  // namespace

std::string visible(std::string_view text, bool with_colours) {
  const auto keep = [&](std::string_view rest) -> std::size_t {
    if (rest.front() == '\n' || rest.front() == '\t') return 1;
    return with_colours && rest.front() == '\x1b' ? Style::sequence_length(rest) : 0;
  };
  return replaced(text, keep, escaped);
}

std::string visible_line(std::string_view text) { return replaced(text, keep_nothing, escaped); }

std::string blanked(std::string_view text) {
  return replaced(text, keep_nothing, [](const Character&) { return std::string(" "); });
}

std::string visible_json(std::string_view json) {
  const auto keep = [](std::string_view rest) -> std::size_t { return rest.front() == '\n' ? 1 : 0; };
  return replaced(json, keep, json_escape);
}

}  // namespace whimbrel::cli
