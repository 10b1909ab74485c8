#pragma once

#include "dialect/postgres/generate/statements.h"
#include "operation/operation.h"

/// The keys of Table::options: "UNLOGGED", "WITH" (storage parameters), "PARTITION BY", "FOR VALUES" (of a partition),
/// "USING" (the access method), "TABLESPACE", "ROW LEVEL SECURITY" (ENABLE, FORCE), "REPLICA IDENTITY".
namespace whimbrel::dialect::postgres {

inline constexpr const char* partition_bound = "FOR VALUES";

/// Returns whether the table is a partition of another one.
[[nodiscard]] bool is_partition(const model::Table& table);

/// Parses `fillfactor = 70, autovacuum_enabled=false` into values by lower-case names; and back, in PostgreSQL's order.
[[nodiscard]] std::map<std::string, std::string> read_storage_parameters(std::string_view text);
[[nodiscard]] std::string storage_parameters_text(const std::map<std::string, std::string>& parameters);

/// Sets the options that CREATE TABLE cannot contain.
void set_options(Statements& statements, const model::Table& table);
/// Throws Error (unsafe) for options that cannot be changed in place.
void change_options(Statements& statements, const operation::AlterTable& op);

}  // namespace whimbrel::dialect::postgres
