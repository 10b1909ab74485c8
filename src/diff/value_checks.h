#pragma once

#include <optional>

#include "diff/table_diff.h"

namespace whimbrel::diff {

/// An entity can describe the values of a column by an enum or by a check constraint. Returns `current` with the
/// enum that was read replaced by a check constraint, if the entity has one; else nullopt.
[[nodiscard]] std::optional<model::Table> with_value_checks(const Context& context, const model::Table& current,
                                                            const model::Table& desired);

}  // namespace whimbrel::diff
