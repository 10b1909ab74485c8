#pragma once

#include <string_view>

#include "sql/syntax.h"

namespace whimbrel::sql {

/// Is the expression nothing but NULL, in parentheses or not? As a default it says what no default says.
[[nodiscard]] bool is_null_literal(std::string_view expression, const Syntax& syntax);

}  // namespace whimbrel::sql
