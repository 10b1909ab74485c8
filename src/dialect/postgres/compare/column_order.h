#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Writes the definitions of the desired schema for the order that columns have after the change, since their order is
/// not compared. Nullopt if nothing changes.
[[nodiscard]] std::optional<diff::SchemaPair> with_current_column_order(const model::Schema& current,
                                                                        const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
