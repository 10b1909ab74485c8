#pragma once

#include <string>
#include <vector>

#include "dialect/postgres/generate/preserved_query.h"

namespace whimbrel::dialect::postgres {

/// Returns the query for the objects with owners and privileges among the rows of `item`, which are these; empty if
/// none of them is of such a kind.
[[nodiscard]] std::string query_of_objects(const std::vector<RecreatedItem>& items);

}  // namespace whimbrel::dialect::postgres
