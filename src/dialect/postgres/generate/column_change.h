#pragma once

#include "dialect/postgres/generate/statements.h"
#include "operation/operation.h"

/// The statements that add and change columns and enums.
namespace whimbrel::dialect::postgres {

void add_column(Statements& statements, const operation::AddColumn& op);
void alter_column(Statements& statements, const operation::AlterColumn& op);
/// Returns whether it gives the column another type or collation.
[[nodiscard]] bool changes_type(const operation::AlterColumn& op);

/// Returns whether it drops the column's default, and those of its children with it: one of the old type may have no
/// cast to the new one, nor may a child's own.
[[nodiscard]] bool clears_default(const operation::AlterColumn& op);

/// Gives an existing auto-increment column a sequence with explicit options. `gives_away`: if true, the table may have
/// another owner.
void create_sequence(Statements& statements, const model::Name& table, const model::Column& column, bool gives_away);

/// Returns the column's sequence as a value of type regclass: that of an identity can have any name, and the column can
/// own others.
[[nodiscard]] std::string own_sequence(const model::Name& table, const model::Column& column);
/// Makes the column's sequence continue after the last current or, if `has_position`, former value; without one, it
/// starts as defined.
void set_sequence(Statements& statements, const model::Name& table, const model::Column& column, bool has_position);

/// Returns whether `after` contains the values of `before` in the same order.
[[nodiscard]] bool only_adds_values(const model::Enum& before, const model::Enum& after);
/// Returns whether the type is recreated: columns must be converted, or values are removed.
[[nodiscard]] bool is_recreated(const operation::AlterEnum& op);
/// Adds the values or recreates the type.
void alter_enum(Statements& statements, const operation::AlterEnum& op);
[[nodiscard]] std::string create_enum_sql(const model::Enum& type);

}  // namespace whimbrel::dialect::postgres
