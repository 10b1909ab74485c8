#pragma once

#include <cstddef>
#include <string_view>

namespace whimbrel::dialect::sqlite {

/// White space to SQLite, and to its shell.
[[nodiscard]] bool is_space(char c);

/// Tells quoted text and comments from the rest as SQLite does, and knows what sql::tokenize does not say: whether a
/// comment is left open. https://www.sqlite.org/draft/tokenreq.html
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  /// The next token; empty at the end.
  [[nodiscard]] std::string_view next();
  /// Ends the text in a comment that is not closed, as SQLite lets it? Known at the end.
  [[nodiscard]] bool ends_in_comment() const { return ends_in_comment_; }

 private:
  void skip_blank();
  void skip_quoted(char quote);
  /// No, and to the end of the text, if it is not there.
  bool skip_to_after(std::string_view end, std::size_t from);

  std::string_view sql_;
  std::size_t at_ = 0;
  bool ends_in_comment_ = false;
};

}  // namespace whimbrel::dialect::sqlite
