#pragma once

#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace whimbrel::sql {

/// What a database's tokens can be.
struct Syntax {
  bool has_arrays = true;           ///< Else a bracket always begins an identifier: `[a]`.
  bool has_escaped_strings = true;  ///< `E'...'` and `$$...$$`. Else they are a word, or nothing, before a string.
};

/// As tokenize() of lexer.h, for one database.
[[nodiscard]] std::vector<Token> tokenize(std::string_view sql, Syntax syntax);

}  // namespace whimbrel::sql
