#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/samples.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// See Samples. Works only with a scratch schema: a separate database cannot read the original one.
[[nodiscard]] std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                 const std::vector<SampledTable>& tables, std::size_t most);

}  // namespace whimbrel::dialect::postgres
