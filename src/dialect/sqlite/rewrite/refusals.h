#pragma once

#include "dialect/sqlite/inspect/module_trial.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// Throws Error (unsafe) if a table that a foreign key references becomes a view: SQLite then rejects changes of rows.
void require_referenced_tables(const model::Schema& before, const model::Schema& after);

/// Throws Error (unsafe) if a foreign key stays, but not the last key or unique index over the columns that it
/// references: SQLite then rejects changes of rows. Without operations, the way back of a repair is looked at.
void require_referenced_keys(const std::vector<operation::Operation>& operations, const model::Schema& before,
                             const model::Schema& after);

/// Throws Error (usage) for a backfill with a text in double quotes that names no column, so that it would be a string.
void require_columns_of_backfills(const std::vector<operation::Operation>& operations, const model::Schema& before,
                                  const OpenScratch& open_scratch);

/// Throws Error (unsafe) if an index, check constraint or generated column stays the same, but a text in double quotes
/// in it is a string in one of the schemas and the name of a column in the other.
void require_same_readings(const model::IndexedSchema& before, const model::Schema& after,
                           const OpenScratch& open_scratch);

}  // namespace whimbrel::dialect::sqlite
