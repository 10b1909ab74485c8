#pragma once

#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Returns whether the operation passes its name on to another object, or takes it over from one. Such an operation
/// cannot be part of a rebuild, which may come before the name is free, or after it is taken.
[[nodiscard]] bool moves_name(const operation::Operation& operation, const model::Table& table,
                              const model::Schema& before, const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
