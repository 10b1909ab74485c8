#pragma once

#include <cstddef>
#include <string_view>

namespace whimbrel::dialect::sqlite {

/// Distinguishes quoted text and comments from other text as SQLite does. Unlike sql::tokenize(), it reports unclosed
/// comments. https://www.sqlite.org/draft/tokenreq.html
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  /// Returns the next token; empty at the end.
  [[nodiscard]] std::string_view next();
  /// Returns whether the text ends in an unclosed comment, which SQLite allows. Known at the end.
  [[nodiscard]] bool ends_in_comment() const { return ends_in_comment_; }

 private:
  void skip_blank();
  void skip_quoted(char quote);
  /// Moves past `end`. If it is missing, moves to the end of the text and returns false.
  bool skip_to_after(std::string_view end, std::size_t from);

  std::string_view sql_;
  std::size_t at_ = 0;
  bool ends_in_comment_ = false;
};

}  // namespace whimbrel::dialect::sqlite
