#pragma once

#include <vector>

#include "sql/statement.h"

namespace whimbrel::dialect::postgres {

/// The statements as a script for psql: in one transaction, with the settings that a connection of ours has, ended by
/// the first error.
[[nodiscard]] sql::ShellScript as_script(std::vector<sql::Statement> statements);

}  // namespace whimbrel::dialect::postgres
