#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// A table that begins or ceases to be a part of another has its columns before and after, though it says them itself
/// only as long as it is none. One that goes on to inherit keeps a column that the other loses.
/// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
void keep_inherited_columns(std::vector<operation::Operation>& operations, const model::Schema& from,
                            const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
