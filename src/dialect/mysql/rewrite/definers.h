#pragma once

#include <vector>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// Throws Error (unsafe) if the operations create a view, a trigger, a routine or an event whose definer is another
/// user, for whom the connection's may not create it: it could be dropped, but not created again.
void require_definers(const std::vector<operation::Operation>& operations, Connection& connection,
                      const Server& server);

}  // namespace whimbrel::dialect::mysql
