#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Throws Error (unsafe) if the operations change a column that the server cannot change: one in a partition key, or
/// one of a table whose row type is the type of a column that stays.
/// https://www.postgresql.org/docs/current/ddl-partitioning.html
void refuse_fixed_columns(const std::vector<operation::Operation>& operations, const model::Schema& from,
                          const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
