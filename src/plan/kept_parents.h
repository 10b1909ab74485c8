#pragma once

#include <map>
#include <string>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::plan {

using TablesByName = std::map<model::Name, const model::Table*>;

/// Returns those of the table's parents, and of theirs, whose column changes with theirs. It has left other parents,
/// and lost their columns, before the type of a column changes.
[[nodiscard]] std::vector<model::Name> kept_parents_with(const TablesByName& before, const TablesByName& after,
                                                         const model::Table& table, const std::string& column);

}  // namespace whimbrel::plan
