#pragma once

#include "sql/syntax.h"

namespace whimbrel::dialect::postgres {

/// With standard_conforming_strings, which is on for every connection.
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
inline constexpr sql::Syntax postgres_syntax{.has_escape_strings = true,
                                             .has_dollar_strings = true,
                                             .parameter_marks = "$",
                                             .has_numbered_placeholders = true,
                                             .has_nested_comments = true};

}  // namespace whimbrel::dialect::postgres
