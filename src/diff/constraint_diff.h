#pragma once

#include <string>
#include <vector>

#include "diff/compared_table.h"

namespace whimbrel::diff {

/// Adds the operations on the table's primary key, constraints and indexes.
void diff_constraints(ComparedTable& table, const std::vector<std::string>& dropped_columns);

}  // namespace whimbrel::diff
