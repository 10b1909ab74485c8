#pragma once

#include "dialect/postgres/generate/statements.h"
#include "operation/operation.h"

/// What stands in Table::options: "UNLOGGED", "WITH" (storage parameters), "PARTITION BY", "FOR VALUES" (of a
/// partition), "USING" (the access method), "TABLESPACE", "ROW LEVEL SECURITY" (ENABLE, FORCE), "REPLICA IDENTITY".
namespace whimbrel::dialect::postgres {

/// `fillfactor = 70, autovacuum_enabled=false` by the names, which are in lower case; and back, in PostgreSQL's order.
[[nodiscard]] std::map<std::string, std::string> read_storage_parameters(std::string_view text);
[[nodiscard]] std::string storage_parameters_text(const std::map<std::string, std::string>& parameters);

/// Those that CREATE TABLE does not say.
void set_options(Statements& statements, const model::Table& table);
/// Throws Error (unsafe) for what cannot be changed with the rows kept.
void change_options(Statements& statements, const operation::AlterTable& op);

}  // namespace whimbrel::dialect::postgres
