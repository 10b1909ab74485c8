#pragma once

#include <string>

#include "dialect/sqlite/rewrite/indexed_names.h"

namespace whimbrel::dialect::sqlite {

/// Returns a name for the copy of a rebuilt table that is unused in both schemas.
[[nodiscard]] std::string temporary_name(const std::string& table, const IndexedNames& before,
                                         const IndexedNames& after);

}  // namespace whimbrel::dialect::sqlite
