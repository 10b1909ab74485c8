#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "plan/plan.h"

namespace whimbrel::plan {

/// Two operations, by their places in the list: the first must run before the second.
using Dependency = std::pair<std::size_t, std::size_t>;
/// Returns the dependencies between operations that follow from what only one database does.
using FindDependencies = std::function<std::vector<Dependency>(const std::vector<operation::Operation>&)>;

/// Sorts the operations like order_and_detach() in plan.h, which knows no such dependencies.
[[nodiscard]] std::vector<operation::Operation> order_and_detach(std::vector<operation::Operation> operations,
                                                                 const FindDependencies& find_dependencies,
                                                                 IndexNames names = IndexNames::of_schema);

}  // namespace whimbrel::plan
