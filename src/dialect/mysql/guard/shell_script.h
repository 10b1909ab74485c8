#pragma once

#include <vector>

#include "sql/statement.h"

namespace whimbrel::dialect::mysql {

/// Returns only the statements, with the shell's DELIMITER around those that contain semicolons.
[[nodiscard]] sql::ShellScript as_listing(std::vector<sql::Statement> statements);

}  // namespace whimbrel::dialect::mysql
