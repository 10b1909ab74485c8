#pragma once

#include <vector>

#include "dialect/sqlite/inspect/cursor.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// The parts of a key or an index, separated by commas. What looks like the name of a column is one here, though SQLite
/// takes it for a string if no column has that name.
[[nodiscard]] std::vector<model::KeyPart> read_key_parts(Cursor& cursor);

}  // namespace whimbrel::dialect::sqlite
