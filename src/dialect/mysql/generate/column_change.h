#pragma once

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/generate/statements.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// `check`: the check in its definition; null: none.
void add_column(Statements& statements, const operation::AddColumn& op, const model::Check* check,
                const Server& server);

/// Returns whether only the default differs, and can be set without redefining the column.
[[nodiscard]] bool only_changes_default(const operation::AlterColumn& op, const Server& server);

/// Returns whether the values of an enum are renamed without a change of rows: where UPDATE would leave the old ones in
/// the history, or where only the server knows which values are equal, of which no enum can have two.
[[nodiscard]] bool renames_in_place(const operation::AlterColumn& op, bool keeps_history);

/// The check in the definition of a column.
struct ColumnCheck {
  const model::Check* check = nullptr;  ///< Null: none, or the same as before.
  bool changes = false;                 ///< If true, it is added or dropped, so the column must be redefined.
};

/// Otherwise redefines the column, even if both definitions are equal: the server then applies those of the table anew.
void alter_column(Statements& statements, const operation::AlterColumn& op, const ColumnCheck& check,
                  const Server& server);

}  // namespace whimbrel::dialect::mysql
