#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns which rows must not exist for the partitions to get their bounds, as display text.
[[nodiscard]] std::vector<std::string> notes_on_bounds(const std::vector<operation::Operation>& operations,
                                                       const model::Schema& from, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
