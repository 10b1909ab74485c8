#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Makes sequences of serial columns objects where the other schema has them in another role, so that they are altered
/// and not recreated: owned by a column of which they are not the default, free, or of another column; and where
/// another column counts with them, too. Nullopt: there are none.
[[nodiscard]] std::optional<diff::SchemaPair> with_same_roles(const model::Schema& current,
                                                              const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
