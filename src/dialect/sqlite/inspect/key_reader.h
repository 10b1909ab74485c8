#pragma once

#include <vector>

#include "dialect/sqlite/inspect/cursor.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Reads the parts of a key or an index, separated by commas. Text that looks like a column name is treated as one,
/// although SQLite treats it as a string if no column has that name.
[[nodiscard]] std::vector<model::KeyPart> read_key_parts(Cursor& cursor);

}  // namespace whimbrel::dialect::sqlite
