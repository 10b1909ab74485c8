#pragma once

#include <vector>

#include "operation/operation.h"
#include "plan/order.h"

namespace whimbrel::dialect::postgres {

/// Returns whether the table becomes unlogged or logged.
[[nodiscard]] bool changes_logging(const operation::AlterTable& op);

/// Adds dependencies between SET UNLOGGED and SET LOGGED of tables with foreign keys, because a logged table cannot
/// reference an unlogged one. https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED
void add_logging_dependencies(const std::vector<operation::Operation>& operations, const model::Schema& to,
                              std::vector<plan::Dependency>& dependencies);

}  // namespace whimbrel::dialect::postgres
