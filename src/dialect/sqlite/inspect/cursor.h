#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

using Tokens = std::span<const sql::Token>;

/// A place in a statement that sqlite_schema keeps. Everything that it does not expect there is an error.
class Cursor {
 public:
  explicit Cursor(std::string_view sql);

  /// The tokens from here on; never empty, the last one stands for the end and has no text.
  [[nodiscard]] Tokens rest() const { return Tokens(tokens_).subspan(at_); }
  [[nodiscard]] const sql::Token& peek() const { return tokens_[at_]; }
  [[nodiscard]] bool is_at(std::string_view keyword) const { return peek().is(keyword); }
  [[nodiscard]] bool is_at_end() const { return at_ + 1 == tokens_.size(); }
  /// Where the token before this place ends.
  [[nodiscard]] std::size_t end_of_last() const { return at_ == 0 ? 0 : tokens_[at_ - 1].end(); }

  void skip(std::size_t count) { at_ += count; }
  /// Goes past the keyword if it stands here.
  bool accept(std::string_view keyword) {
    const bool is_here = is_at(keyword);
    if (is_here) ++at_;
    return is_here;
  }
  void expect(std::string_view keyword);
  /// An identifier, bare, quoted or, as SQLite allows, written as a string.
  std::string name(std::string_view what);
  /// What stands between the parenthesis here and its match; goes past both. It is never empty.
  Tokens parenthesised();
  /// Only `;` may follow.
  void expect_end();

  /// The source of consecutive tokens: without the white space and the comments around them.
  [[nodiscard]] std::string_view text(Tokens tokens) const;

  /// What the statement makes, for errors: `table "a"`.
  void set_subject(std::string subject) { subject_ = std::move(subject); }
  [[noreturn]] void fail(std::string_view expected) const;

 private:
  std::string_view sql_;
  std::vector<sql::Token> tokens_;
  std::size_t at_ = 0;
  std::string subject_;
};

/// Can it be a name? SQLite takes a string for one where nothing else can stand.
[[nodiscard]] bool is_name(const sql::Token& token);

/// Does the parenthesis that the tokens begin with end with them?
[[nodiscard]] bool are_enclosed(Tokens tokens);

}  // namespace whimbrel::dialect::sqlite
