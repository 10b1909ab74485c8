#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Adds what gives columns of child tables the defaults and NOT NULL that they have of their own, where the server sets
/// them with the parent's. The operations are in the order in which they run.
/// https://www.postgresql.org/docs/current/sql-altertable.html
void keep_own_columns(std::vector<operation::Operation>& operations, const model::Schema& from,
                      const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
