#pragma once

#include <string>

#include "sql/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

/// With neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES, which are off on every connection (text/session_settings.h).
/// https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
inline constexpr sql::Syntax mysql_syntax{.name_quotes = "`",
                                          .string_quotes = "'\"",
                                          .has_backslash_escapes = true,
                                          .has_hash_comments = true,
                                          .dashes_need_space = true,
                                          .has_conditional_comments = true};

[[nodiscard]] inline std::string quote_name(std::string_view name) { return sql::quote_identifier(name, mysql_syntax); }

}  // namespace whimbrel::dialect::mysql
