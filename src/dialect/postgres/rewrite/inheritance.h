#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// A table that starts or stops to inherit from another one has its columns before and after, although it defines them
/// itself only while it does not inherit. One that continues to inherit keeps a column that the parent loses.
/// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
void keep_inherited_columns(std::vector<operation::Operation>& operations, const model::Schema& from,
                            const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
