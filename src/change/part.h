#pragma once

#include "change/generate.h"
#include "dialect/dialect.h"

namespace whimbrel::run {

/// What a copy must have on which the script is tried, there and back.
[[nodiscard]] dialect::Part part_of(const Generated& generated, const sql::Syntax& syntax);

}  // namespace whimbrel::run
