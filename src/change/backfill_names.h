#pragma once

#include "dialect/dialect.h"
#include "diff/diff.h"

namespace whimbrel::change {

/// The SQL that fills rows runs after the renames. Throws Error (usage) if it reads a table or a column by a name that
/// means another one then, which no database would notice; a name that is gone, it reports itself. `current` is the
/// schema before the renames.
void require_later_names(const dialect::Dialect& dialect, const model::Schema& current,
                         const diff::Difference& difference);

}  // namespace whimbrel::change
