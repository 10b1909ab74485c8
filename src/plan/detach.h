#pragma once

#include <cstddef>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// Takes out of the tables that are created or dropped in a cycle of operations the parts that can be made after the
/// table and dropped before it, if they use anything but their table: a check that calls a function over the table's
/// rows, say. Returns whether there was one.
[[nodiscard]] bool detach(std::vector<operation::Operation>& operations, const std::vector<std::size_t>& cycle);

}  // namespace whimbrel::plan
