#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Returns whether the operations change what the full-text index has read, or let it read what it could not, so that
/// it must be filled again.
[[nodiscard]] bool is_outdated(const model::Object& index, const std::vector<operation::Operation>& operations,
                               const model::Schema& before, const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
