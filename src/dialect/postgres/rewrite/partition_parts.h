#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// An index, key or constraint that a partition has before its table gets the same becomes the partition's part of it,
/// and goes with it. Keeps comments on such parts, and creates again those that a partition keeps without its table:
/// they are dropped here as if by themselves, so that what depends on them is dropped and created, too.
void keep_partition_parts(std::vector<operation::Operation>& operations, const model::Schema& from,
                          const model::Schema& to);

/// Takes out the drops that the function above added, when the operations are in order.
void drop_with_table(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
