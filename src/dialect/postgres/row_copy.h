#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// As Samples says. Only into a scratch schema: a database of its own cannot read the other one.
[[nodiscard]] std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                 const std::vector<const model::Table*>& tables, std::size_t most);

}  // namespace whimbrel::dialect::postgres
