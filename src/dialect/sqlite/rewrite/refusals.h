#pragma once

#include "dialect/sqlite/inspect/module_trial.h"
#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Throws Error (unsafe) if a table that a foreign key references becomes a view: SQLite then rejects changes of rows.
void require_referenced_tables(const model::Schema& before, const model::Schema& after);

/// Throws Error (usage) for a backfill with a text in double quotes that names no column, so that it would be a string.
void require_columns_of_backfills(const std::vector<operation::Operation>& operations, const model::Schema& before,
                                  const OpenScratch& open_scratch);

}  // namespace whimbrel::dialect::sqlite
