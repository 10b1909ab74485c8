#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns what keeps the values that it computed with the old definition of a view or function that is replaced in
/// place, as display text. What uses it only in the text of a function's body is unknown.
[[nodiscard]] std::vector<std::string> notes_on_stale_values(const std::vector<operation::Operation>& operations,
                                                             const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
