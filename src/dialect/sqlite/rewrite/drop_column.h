#pragma once

#include <string>
#include <vector>

#include "model/indexed_schema.h"
#include "operation/operation.h"

/// Whether ALTER TABLE ... DROP COLUMN can be used; otherwise the table is rebuilt.
/// https://www.sqlite.org/lang_altertable.html#alter_table_drop_column
namespace whimbrel::dialect::sqlite {

/// Returns whether anything but the column itself needs it; true if that is unknown.
[[nodiscard]] bool is_used(const std::string& column, const model::Table& table, const model::Schema& schema);

/// Returns whether, between the operations, a view or a trigger may not be readable, because something that it uses is
/// already dropped or not yet created. DROP COLUMN then fails, whatever its table is.
[[nodiscard]] bool leaves_unreadable(const std::vector<operation::Operation>& operations,
                                     const model::IndexedSchema& before, const model::IndexedSchema& after);

}  // namespace whimbrel::dialect::sqlite
