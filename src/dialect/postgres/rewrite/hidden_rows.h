#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns notes on operations that read rows which policies may hide from the role, because row level security is
/// forced even for the owner of the table. The operations begin with the schema.
[[nodiscard]] std::vector<std::string> notes_on_hidden_rows(const std::vector<operation::Operation>& operations,
                                                            const model::Schema& from);

}  // namespace whimbrel::dialect::postgres
