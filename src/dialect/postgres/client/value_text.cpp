#include "dialect/postgres/client/value_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace whimbrel::dialect::postgres {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return (c | 0x20) - 'a' + 10;
}

Bytes from_hexadecimal(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(digit(text[i]) << 4 | digit(text[i + 1])));
  }
  return bytes;
}

/// The older way, which a connection may be set to: `\\` for a backslash, `\ooo` for what cannot be printed.
Bytes from_escapes(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes.push_back(static_cast<std::byte>(text[i]));
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      bytes.push_back(static_cast<std::byte>(text[++i]));
    } else if (i + 3 < text.size()) {
      bytes.push_back(static_cast<std::byte>(digit(text[i + 1]) << 6 | digit(text[i + 2]) << 3 | digit(text[i + 3])));
      i += 3;
    }
  }
  return bytes;
}

}  // namespace

Value to_value(unsigned type, std::string_view text) {
  switch (static_cast<TypeNumber>(type)) {
    case TypeNumber::boolean:
      return text == "t";
    case TypeNumber::bytea:
      return text.substr(0, 2) == "\\x" ? from_hexadecimal(text.substr(2)) : from_escapes(text);
    case TypeNumber::bigint:
    case TypeNumber::smallint:
    case TypeNumber::integer:
    case TypeNumber::oid: {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case TypeNumber::real:
    case TypeNumber::double_precision: {
      if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
      const double infinity = std::numeric_limits<double>::infinity();
      if (text == "Infinity") return infinity;
      if (text == "-Infinity") return -infinity;
      double number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
  }
  return text;
}

std::string to_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return {buffer, end};
}

}  // namespace whimbrel::dialect::postgres
