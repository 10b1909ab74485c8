#pragma once

#include <string_view>

#include "sql/syntax.h"

namespace whimbrel::sql {

/// Returns whether the expression is only NULL, possibly in parentheses. As a default it is equivalent to none.
[[nodiscard]] bool is_null_literal(std::string_view expression, const Syntax& syntax);

}  // namespace whimbrel::sql
