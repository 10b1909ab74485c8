#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Renames constraints and indexes that are dropped and added again with only another name, and sequences of columns.
void rename_constraints(std::vector<operation::Operation>& operations, const model::Schema& from,
                        const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
