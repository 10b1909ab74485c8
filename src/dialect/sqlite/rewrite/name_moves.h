#pragma once

#include "dialect/sqlite/rewrite/indexed_names.h"
#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Returns whether the operation passes its name on to another object, or takes it over from one. Such an operation
/// cannot be part of a rebuild, which may come before the name is free, or after it is taken.
[[nodiscard]] bool moves_name(const operation::Operation& operation, const model::Table& table,
                              const IndexedNames& before, const IndexedNames& after);

}  // namespace whimbrel::dialect::sqlite
