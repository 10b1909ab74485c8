#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// The way round for a column in a partition key.
inline constexpr const char* new_table_remedy =
    "Write a migration that creates a new partitioned table with the new type and its partitions, copies the rows into "
    "it, drops the old one and gives the new one its name (`newmigration`).";

/// Throws Error (unsafe) if the operations change a column that the server cannot change: one in a partition key, or
/// one of a table whose row type is the type of a column that stays.
/// https://www.postgresql.org/docs/current/ddl-partitioning.html
void refuse_fixed_columns(const std::vector<operation::Operation>& operations, const model::Schema& from,
                          const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
