#pragma once

#include "dialect/postgres/generate/statements.h"
#include "operation/operation.h"

/// The statements that add and change columns and enums.
namespace whimbrel::dialect::postgres {

void add_column(Statements& statements, const operation::AddColumn& op);
void alter_column(Statements& statements, const operation::AlterColumn& op);

/// Gives a column that counts up by a sequence with options of its own that sequence. The column is there.
void create_sequence(Statements& statements, const model::Name& table, const model::Column& column);

/// Are the values of `before` among those of `after`, in the same order?
[[nodiscard]] bool only_adds_values(const model::Enum& before, const model::Enum& after);
/// Adds the values; or, if there are columns to be converted or values go, makes the type anew.
void alter_enum(Statements& statements, const operation::AlterEnum& op);
[[nodiscard]] std::string create_enum_sql(const model::Enum& type);

}  // namespace whimbrel::dialect::postgres
