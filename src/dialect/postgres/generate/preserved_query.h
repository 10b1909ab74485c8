#pragma once

#include <string>
#include <vector>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/recreated_item.h"

namespace whimbrel::dialect::postgres {

/// An item that is dropped and created again.
struct RecreatedItem {
  Item before;
  std::string target;  ///< Of the created one.
};

/// Returns the query of what must run after the items are recreated: a JSON array of conditions and statements.
[[nodiscard]] std::string query_to_read(const std::vector<RecreatedItem>& pairs, TargetDatabase target);

}  // namespace whimbrel::dialect::postgres
