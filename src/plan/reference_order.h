#pragma once

#include <cstddef>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// Puts the places of tables that are created, and those of tables that are dropped, so that each is created after, and
/// dropped before, those that it refers to. Those in a cycle stay as they are.
void order_tables(const std::vector<operation::Operation>& operations, std::vector<std::size_t>& places);

}  // namespace whimbrel::plan
