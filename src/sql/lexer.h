#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sql/syntax.h"

/// SQL text as tokens.
namespace whimbrel::sql {

/// ASCII letters in lower case, others as they are.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

enum class TokenKind {
  word,  ///< A keyword or a bare identifier.
  quoted_identifier,
  string,  ///< 'a', also x'00', E'a\n', $$a$$.
  number,
  parameter,
  symbol,  ///< One operator or mark of punctuation.
};

struct Token {
  TokenKind kind = TokenKind::symbol;
  std::string_view text;  ///< As it stands in the SQL.
  std::size_t offset = 0;
  bool has_backslash_escapes = false;  ///< Of a string: a backslash in it takes the next character with it.

  [[nodiscard]] std::size_t end() const { return offset + text.size(); }
  /// Is it this keyword or symbol, whatever its case? Quoted text never is.
  [[nodiscard]] bool is(std::string_view keyword) const {
    return text.size() == keyword.size() && (kind == TokenKind::word || kind == TokenKind::symbol) &&
           equal_ignoring_case(text, keyword);
  }
  /// The identifier or string that it stands for: without quotes, doubled quotes and escapes undone. Strings with
  /// letters or dollars before their quotes are as they stand.
  [[nodiscard]] std::string value() const;
};

/// The tokens of `sql` without white space and comments. Never fails: an unterminated quote or comment reaches to the
/// end of the text. The views point into `sql`.
[[nodiscard]] std::vector<Token> tokenize(std::string_view sql, const Syntax& syntax);

/// Are they the same tokens, whatever quotes their identifiers have and whatever case? A bare word that one of the
/// databases reserves is no identifier.
[[nodiscard]] bool same_but_for_quotes(std::string_view a, std::string_view b, const Syntax& syntax);

/// Does the identifier stand in the text, bare or quoted, whatever the case of its ASCII letters?
[[nodiscard]] bool mentions(std::string_view sql, std::string_view identifier, const Syntax& syntax);

/// The text with every identifier `from` replaced by `to`: quoted as it was, and quoted where it was bare if `to` is
/// not a plain word that no database reserves. Strings stay as they are.
[[nodiscard]] std::string replace_identifier(std::string_view sql, std::string_view from, std::string_view to,
                                             const Syntax& syntax);

}  // namespace whimbrel::sql
