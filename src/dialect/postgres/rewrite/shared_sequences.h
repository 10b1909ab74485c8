#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// A serial column that becomes an identity, or back, gets a new sequence of the same name: the defaults of other
/// columns that use it are dropped right before and set right after. Throws Error (unsafe) if something else uses it.
/// Call it when the operations are in their final order.
void replace_shared_sequences(std::vector<operation::Operation>& operations, const model::Schema& from,
                              const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
