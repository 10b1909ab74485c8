#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sql/syntax.h"

/// Splits SQL text into tokens.
namespace whimbrel::sql {

/// Returns the text with ASCII letters in lower case.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Returns whether the first word of the statement is this one, ignoring case.
[[nodiscard]] bool begins_with(std::string_view statement, std::string_view word);

enum class TokenKind {
  word,  ///< A keyword or a bare identifier.
  quoted_identifier,
  string,  ///< 'a', also x'00', E'a\n', $$a$$.
  number,
  parameter,
  symbol,  ///< An operator or a punctuation mark.
};

struct Token {
  TokenKind kind = TokenKind::symbol;
  std::string_view text;  ///< The source text.
  std::size_t offset = 0;
  bool has_backslash_escapes = false;  ///< For a string: if true, a backslash escapes the next character.

  [[nodiscard]] std::size_t end() const { return offset + text.size(); }
  /// Returns whether it is this keyword or symbol, ignoring case. Quoted text never is.
  [[nodiscard]] bool is(std::string_view keyword) const {
    return text.size() == keyword.size() && (kind == TokenKind::word || kind == TokenKind::symbol) &&
           equal_ignoring_case(text, keyword);
  }
  /// Returns the value of the identifier or string: without quotes, with doubled quotes and escapes resolved. Strings
  /// with a prefix or dollar quotes are returned unchanged.
  [[nodiscard]] std::string value() const;
};

/// Returns the tokens of `sql` without white space and comments. Never fails: an unterminated quote or comment extends
/// to the end of the text. The views point into `sql`.
[[nodiscard]] std::vector<Token> tokenize(std::string_view sql, const Syntax& syntax);

/// Returns whether the text contains the identifier, bare or quoted, ignoring the case of ASCII letters.
[[nodiscard]] bool mentions(std::string_view sql, std::string_view identifier, const Syntax& syntax);
/// Returns all that the text mentions(), in lower case.
[[nodiscard]] std::set<std::string> mentioned_names(std::string_view sql, const Syntax& syntax);

/// Returns the text with every identifier `from` replaced by `to`, in the same quotes. A bare one gets quotes unless
/// `to` is a plain, unreserved word. Strings are not changed.
[[nodiscard]] std::string replace_identifier(std::string_view sql, std::string_view from, std::string_view to,
                                             const Syntax& syntax);

}  // namespace whimbrel::sql
