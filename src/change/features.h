#pragma once

#include <vector>

#include "dialect/dialect.h"
#include "operation/operation.h"

namespace whimbrel::change {

/// Throws Error (entity), which names the version that has it, if an operation needs what came with a later version of
/// the database.
void require_features(const dialect::Dialect& dialect, const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::change
