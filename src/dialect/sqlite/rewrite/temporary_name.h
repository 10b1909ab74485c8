#pragma once

#include <string>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Returns a name for the copy of a rebuilt table that is unused in both schemas.
[[nodiscard]] std::string temporary_name(const std::string& table, const model::Schema& before,
                                         const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
