#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Notes on what the operations, which begin with the schema, do by looking for rows that policies may hide from the
/// role: where row level security is forced, also from the owner of the table.
[[nodiscard]] std::vector<std::string> notes_on_hidden_rows(const std::vector<operation::Operation>& operations,
                                                            const model::Schema& from);

}  // namespace whimbrel::dialect::postgres
