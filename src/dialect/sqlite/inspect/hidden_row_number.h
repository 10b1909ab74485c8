#pragma once

#include <optional>

#include "dialect/connection.h"
#include "dialect/sqlite/inspect/quoted_strings.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Finds a check constraint or an index whose text stays, and that reads the row number by a name which is that of a
/// column in only one of the tables.
[[nodiscard]] std::optional<ChangedReading> find_hidden_row_number(Connection& scratch, const model::Table& before,
                                                                   const model::Table& after);

}  // namespace whimbrel::dialect::sqlite
