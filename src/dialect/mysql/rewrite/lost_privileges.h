#pragma once

#include <string>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// Returns notes on privileges that the rewritten operations lose: those granted on a routine end with it, and those on
/// a table or a column stay with its old name. Without a connection, which knows the grants, there are none.
[[nodiscard]] std::vector<std::string> notes_on_privileges(const std::vector<operation::Operation>& operations,
                                                           Connection* connection, const Server& server);

}  // namespace whimbrel::dialect::mysql
