#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Adds what must be dropped before the operations and made again after them, because PostgreSQL refuses to change what
/// it depends on: views and triggers over columns whose type changes, keys that refer to a changed key, generated
/// columns, indexes and checks over an enum that is made anew. The operations lead from one schema to the other, and
/// are yet to be ordered. Throws Error (unsafe) for a view that uses what is dropped, and that stays.
void add_dependents(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
