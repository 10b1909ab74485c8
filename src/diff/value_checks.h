#pragma once

#include "diff/table_diff.h"

namespace whimbrel::diff {

/// An entity says the values of a column by an enum, or by a check. Where it does by a check, `current` with what was
/// read as an enum as such a check; else `current` as it is.
[[nodiscard]] model::Table with_value_checks(const Context& context, const model::Table& current,
                                             const model::Table& desired);

}  // namespace whimbrel::diff
