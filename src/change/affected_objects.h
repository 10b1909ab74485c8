#pragma once

#include "change/generate.h"
#include "dialect/dialect.h"

namespace whimbrel::run {

/// Returns the scope that a scratch copy must contain to verify the script in both directions.
[[nodiscard]] dialect::AffectedObjects affected_objects(const SchemaChange& generated, const sql::Syntax& syntax);

}  // namespace whimbrel::run
