#pragma once

#include "diff/compared_table.h"

namespace whimbrel::diff {

/// Returns the desired column, with the current one's text wherever both are equivalent.
[[nodiscard]] model::Column merge_column(const ComparedTable& table, const model::Column& current,
                                         const model::Column& desired);

}  // namespace whimbrel::diff
