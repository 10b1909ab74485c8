#pragma once

#include <vector>

#include "operation/operation.h"
#include "plan/order.h"

namespace whimbrel::dialect::postgres {

/// Adds operations that drop and add the foreign keys to the tables of partitions that leave and come back, or are
/// dropped: rows that are referenced cannot leave, and the server drops no partition of a referenced table. The
/// operations are not sorted yet.
/// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
void free_referenced_partitions(std::vector<operation::Operation>& operations, const model::Schema& from,
                                const model::Schema& to);

/// Foreign keys to these tables are dropped before the first of their partitions leaves, and added after the last has
/// joined: a table that references itself is one of them.
void add_reference_dependencies(const std::vector<operation::Operation>& operations, const model::Schema& from,
                                const model::Schema& to, std::vector<plan::Dependency>& dependencies);

/// A partition that only gets other bounds follows all changes of its parent, so it leaves it after these. The
/// operations are sorted.
void leave_late(std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
