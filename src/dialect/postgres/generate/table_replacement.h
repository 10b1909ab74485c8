#pragma once

#include "dialect/postgres/generate/statements.h"
#include "operation/operation.h"

/// The statements that replace a table: between them, the new table is created.
namespace whimbrel::dialect::postgres {

/// Gives the table, and the sequences that go with it, other names.
void set_aside(Statements& statements, const operation::DropTable& op);
/// Copies the rows, lets sequences go on where they were, and drops the old table.
void copy_rows(Statements& statements, const operation::RebuildTable& op);

/// Returns whether a serial column keeps its sequence.
[[nodiscard]] bool has_same_sequence(const model::Column& before, const model::Column& after);

}  // namespace whimbrel::dialect::postgres
