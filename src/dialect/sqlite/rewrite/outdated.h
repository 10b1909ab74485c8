#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Returns whether the operations, which lead to the schema, change what the full-text index has read from its table,
/// so that it must be filled again.
[[nodiscard]] bool is_outdated(const model::Object& index, const std::vector<operation::Operation>& operations,
                               const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
