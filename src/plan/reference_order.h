#pragma once

#include <cstddef>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// Sorts the places of created and of dropped tables, so that each table is created after, and dropped before, those
/// that it references. Those in a cycle are not moved.
void order_tables(const std::vector<operation::Operation>& operations, std::vector<std::size_t>& places);

}  // namespace whimbrel::plan
