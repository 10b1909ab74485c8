#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Adds operations that drop and add the foreign keys to the tables of partitions that leave and come back, or are
/// dropped: rows that are referenced cannot leave, and the server drops no partition of a referenced table. The
/// operations are not sorted yet.
/// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
void free_referenced_partitions(std::vector<operation::Operation>& operations, const model::Schema& from,
                                const model::Schema& to);

/// Moves the operations that drop foreign keys to these tables before the first partition leaves, and those that add
/// some behind the return of the last: a table that references itself is one of them. The operations are sorted.
void reference_when_complete(std::vector<operation::Operation>& operations, const model::Schema& from,
                             const model::Schema& to);

/// A partition that only gets other bounds follows all changes of its parent, so it leaves it after these. The
/// operations are sorted.
void leave_late(std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
