#pragma once

#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Is it one that gives up its name for something else, or takes it from something? That is no part of a rebuild, which
/// may come before the other has given it up, or after it has taken it.
[[nodiscard]] bool moves_name(const operation::Operation& operation, const model::Table& table,
                              const model::Schema& before, const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
