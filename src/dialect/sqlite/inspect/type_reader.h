#pragma once

#include "dialect/sqlite/inspect/cursor.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Reads the type of a column, which may be missing. Its name can be written into a statement unchanged.
[[nodiscard]] model::Type read_type(Cursor& cursor);

}  // namespace whimbrel::dialect::sqlite
