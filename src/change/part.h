#pragma once

#include "change/generate.h"
#include "dialect/dialect.h"

namespace whimbrel::run {

/// Returns the scope that a scratch copy must contain to verify the script in both directions.
[[nodiscard]] dialect::Part part_of(const Generated& generated, const sql::Syntax& syntax);

}  // namespace whimbrel::run
