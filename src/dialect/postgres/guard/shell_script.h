#pragma once

#include <vector>

#include "sql/statement.h"

namespace whimbrel::dialect::postgres {

/// Returns the statements as a script for psql: in one transaction, with whimbrel's settings of a connection, stopping
/// at the first error.
[[nodiscard]] sql::ShellScript as_script(std::vector<sql::Statement> statements);

}  // namespace whimbrel::dialect::postgres
