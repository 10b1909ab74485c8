#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Adds operations around changes to composite types: tables of these types cease to be of them before, so that their
/// columns change like others, and are again afterwards.
void release_typed_tables(std::vector<operation::Operation>& operations, const model::Schema& from,
                          const model::Schema& to);

/// Throws Error (unsafe) if a table would become one of a type whose attributes have another order than its columns.
void refuse_other_order(const std::vector<operation::Operation>& operations, const model::Schema& from,
                        const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
