#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace whimbrel::sql {

/// How a database quotes.
struct Quoting {
  char identifier = '"';
};

/// Builds one statement: the only place where identifiers and literals are quoted.
class Writer {
 public:
  explicit Writer(Quoting quoting = {}) : quoting_(quoting) {}

  /// Text as it is.
  Writer& raw(std::string_view text);
  Writer& identifier(std::string_view name);
  /// `'text'`, quotes doubled.
  Writer& string(std::string_view text);
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
  Quoting quoting_;
  std::string text_;
};

[[nodiscard]] std::string quote_identifier(std::string_view name, char quote = '"');
[[nodiscard]] std::string quote_string(std::string_view text);

}  // namespace whimbrel::sql
