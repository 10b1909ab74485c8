#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/syntax.h"

namespace whimbrel::sql {

/// Builds one statement: the only place where identifiers and literals are quoted.
class Writer {
 public:
  explicit Writer(const Syntax& syntax) : syntax_(syntax) {}

  /// Text as it is.
  Writer& raw(std::string_view text);
  Writer& identifier(std::string_view name);
  /// `'text'`, quotes doubled, and backslashes where they would take a character with them.
  Writer& string(std::string_view text);
  /// The place of the nth parameter, from 1.
  Writer& placeholder(std::size_t number);
  /// `"a", "b"`
  Writer& identifiers(const std::vector<std::string>& names);
  /// Calls `write(item)` for each, with ", " between them.
  template <class Range, class Write>
  Writer& list(const Range& range, Write write) {
    bool first = true;
    for (const auto& item : range) {
      if (!first) text_ += ", ";
      first = false;
      write(item);
    }
    return *this;
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  Syntax syntax_;
  std::string text_;
};

[[nodiscard]] std::string quote_identifier(std::string_view name, const Syntax& syntax);
[[nodiscard]] std::string quote_string(std::string_view text, const Syntax& syntax);
/// How the nth parameter is written, from 1.
[[nodiscard]] std::string placeholder(std::size_t number, const Syntax& syntax);
/// The text between these quotes, with those in it doubled.
[[nodiscard]] std::string quoted(std::string_view text, char quote);

}  // namespace whimbrel::sql
