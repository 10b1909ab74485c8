#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/syntax.h"

namespace whimbrel::sql {

/// Builds one statement. Identifiers and literals are quoted only here.
class Writer {
 public:
  explicit Writer(const Syntax& syntax) : syntax_(syntax) {}

  /// Appends the text unchanged.
  Writer& raw(std::string_view text);
  Writer& identifier(std::string_view name);
  /// Appends `'text'`, with quotes doubled, and backslashes too if they would escape.
  Writer& string(std::string_view text);
  /// Appends the nth parameter, counted from 1.
  Writer& placeholder(std::size_t number);
  /// `"a", "b"`
  Writer& identifiers(const std::vector<std::string>& names);
  /// Calls `write(item)` for each, separated by ", ".
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
/// Returns the nth parameter, counted from 1.
[[nodiscard]] std::string placeholder(std::size_t number, const Syntax& syntax);
/// Returns the text in these quotes, with quotes inside it doubled.
[[nodiscard]] std::string quoted(std::string_view text, char quote);

}  // namespace whimbrel::sql
