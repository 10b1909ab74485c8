#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

using Tokens = std::span<const sql::Token>;

/// A position in a statement from sqlite_schema. Everything unexpected is an error.
class Cursor {
 public:
  explicit Cursor(std::string_view sql);

  /// Returns the tokens from here on; never empty, because the last one marks the end and has no text.
  [[nodiscard]] Tokens rest() const { return Tokens(tokens_).subspan(at_); }
  [[nodiscard]] const sql::Token& peek() const { return tokens_[at_]; }
  [[nodiscard]] bool is_at(std::string_view keyword) const { return peek().is(keyword); }
  [[nodiscard]] bool is_at_end() const { return at_ + 1 == tokens_.size(); }
  /// Returns the end of the token before this position.
  [[nodiscard]] std::size_t end_of_last() const { return at_ == 0 ? 0 : tokens_[at_ - 1].end(); }

  void skip(std::size_t count) { at_ += count; }
  /// Moves past the keyword if it is next.
  bool accept(std::string_view keyword) {
    const bool is_here = is_at(keyword);
    if (is_here) ++at_;
    return is_here;
  }
  void expect(std::string_view keyword);
  /// Reads an identifier: bare, quoted or, as SQLite allows, written as a string.
  std::string name(std::string_view what);
  /// Returns the tokens in the parentheses that begin here, of which there is at least one, and moves past them.
  Tokens parenthesised();
  /// Requires that only `;` follows.
  void expect_end();

  /// Returns the source of consecutive tokens, without the white space and the comments around them.
  [[nodiscard]] std::string_view text(Tokens tokens) const;

  /// Sets what the statement creates, for errors: `table "a"`.
  void set_subject(std::string subject) { subject_ = std::move(subject); }
  [[noreturn]] void fail(std::string_view expected) const;

 private:
  std::string_view sql_;
  std::vector<sql::Token> tokens_;
  std::size_t at_ = 0;
  std::string subject_;
};

/// Returns whether it can be a name. SQLite accepts a string as a name if nothing else is possible.
[[nodiscard]] bool is_name(const sql::Token& token);

/// Returns whether the tokens are enclosed in one pair of parentheses.
[[nodiscard]] bool are_enclosed(Tokens tokens);

}  // namespace whimbrel::dialect::sqlite
