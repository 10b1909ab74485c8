#pragma once

#include "sql/syntax.h"

namespace whimbrel::dialect::sqlite {

/// https://www.sqlite.org/draft/tokenreq.html
inline constexpr sql::Syntax sqlite_syntax{.name_quotes = "\"`[", .parameter_marks = "?:@$"};

}  // namespace whimbrel::dialect::sqlite
