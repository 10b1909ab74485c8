#include "write/literal.h"

#include <algorithm>
#include <cstdint>

#include "whimbrel/error.h"

namespace whimbrel::write {

namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  // 0: the bytes are not UTF-8.
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {};
  std::uint32_t value = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[size] || value > 0x10FFFF || surrogate) return {};
  return {value, size};
}

bool is_plain(std::uint32_t character) {
  if (character == '\n' || character == '\t') return true;
  if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return false;
  const bool turns_direction = (character >= 0x202A && character <= 0x202E) ||
                               (character >= 0x2066 && character <= 0x2069) || character == 0x200E ||
                               character == 0x200F || character == 0x061C;
  const bool is_line_end = character == 0x2028 || character == 0x2029;
  return !turns_direction && !is_line_end && character != 0xFEFF;
}

// whimbrel_add_migrations() looks for the macro's name at the beginning of a line, and would find it in the literal.
bool is_safe_in_raw_literal(std::string_view text) {
  return is_plain_text(text) && text.find("??") == text.npos && text.find("WHIMBREL_MIGRATION") == text.npos;
}

std::string raw_literal(std::string_view text) {
  std::string delimiter = "sql";
  for (std::size_t number = 1; text.find(')' + delimiter + '"') != text.npos; ++number) {
    delimiter = "sql" + std::to_string(number);
  }
  return "R\"" + delimiter + '(' + std::string(text) + ')' + delimiter + '"';
}

void append_escaped(std::string& result, char character) {
  const auto byte = static_cast<unsigned char>(character);
  if (character == '\n') {
    result += "\\n";
  } else if (character == '"' || character == '\\' || character == '?') {
    result += {'\\', character};
  } else if (byte >= 0x20 && byte < 0x7F) {
    result += character;
  } else {
    // An escape of three octal digits ends there, whatever follows.
    const auto digit = [&](int shift) { return static_cast<char>('0' + ((byte >> shift) & 7)); };
    result += {'\\', digit(6), digit(3), digit(0)};
  }
}

std::string escaped_literal(std::string_view text, std::size_t indent) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    append_escaped(result, text[i]);
    if (text[i] == '\n' && i + 1 < text.size()) result += "\"\n" + std::string(indent, ' ') + '"';
  }
  return result + '"';
}

}  // namespace

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const CodePoint character = decode(text);
    if (character.size == 0 || !is_plain(character.value)) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

std::string cpp_literal(std::string_view text, std::size_t indent) {
  if (text.find('\0') != text.npos) {
    throw Error(ErrorKind::internal, "A statement contains a NUL byte, where the database would end it: " +
                                         std::string(text.substr(0, text.find('\0'))));
  }
  return is_safe_in_raw_literal(text) ? raw_literal(text) : escaped_literal(text, indent);
}

}  // namespace whimbrel::write
