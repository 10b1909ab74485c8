#pragma once

#include <string>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// A name for the copy of a table that is rebuilt, which nothing has before or after.
[[nodiscard]] std::string temporary_name(const std::string& table, const model::Schema& before,
                                         const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
