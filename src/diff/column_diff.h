#pragma once

#include <string>
#include <vector>

#include "diff/compared_table.h"

namespace whimbrel::diff {

/// Adds the operations on the table's columns, and possible renames. Returns the names of the dropped columns.
std::vector<std::string> diff_columns(ComparedTable& table);

}  // namespace whimbrel::diff
