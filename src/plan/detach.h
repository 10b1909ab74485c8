#pragma once

#include <cstddef>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// Takes parts out of the tables that are created or dropped in a cycle of operations: those that use anything outside
/// their table, such as a check constraint that calls a function over the table's rows, and that can be created after
/// the table and dropped before it. Splits changes of columns in the cycle that replace a default by one that uses
/// other things. Returns whether there were any.
[[nodiscard]] bool detach(std::vector<operation::Operation>& operations, const std::vector<std::size_t>& cycle);

}  // namespace whimbrel::plan
