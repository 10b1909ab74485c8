#pragma once

#include "dialect/postgres/statements.h"
#include "operation/operation.h"

/// What stands in Table::options: "UNLOGGED", "WITH" (storage parameters), "PARTITION BY", "FOR VALUES" (of a
/// partition), "USING" (the access method), "TABLESPACE", "ROW LEVEL SECURITY" (ENABLE, FORCE), "REPLICA IDENTITY".
namespace whimbrel::dialect::postgres {

/// Those that CREATE TABLE does not say.
void set_options(Statements& statements, const model::Table& table);
/// Throws Error (unsafe) for what cannot be changed with the rows kept.
void change_options(Statements& statements, const operation::AlterTable& op);

}  // namespace whimbrel::dialect::postgres
