#pragma once

#include "sql/syntax.h"

namespace whimbrel::test {

/// That of a MySQL as it is installed, with neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES in its sql_mode.
/// https://dev.mysql.com/doc/refman/8.4/en/lexical-structure.html
inline constexpr sql::Syntax backtick_syntax{.name_quotes = "`",
                                             .string_quotes = "'\"",
                                             .has_backslash_escapes = true,
                                             .parameter_marks = "?@",
                                             .has_hash_comments = true,
                                             .dashes_need_space = true,
                                             .has_conditional_comments = true};

}  // namespace whimbrel::test
