#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns the operations that move extensions to the schemas that they have in the desired schema, and that create
/// these schemas. Throws Error (unsafe) if one cannot be moved.
[[nodiscard]] std::vector<operation::Operation> extension_moves(const model::Schema& current,
                                                                const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
