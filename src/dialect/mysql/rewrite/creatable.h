#pragma once

#include <vector>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// Throws Error (unsafe) if the operations create a view, a trigger, a routine or an event that could be dropped, but
/// not created again: because no statement of a script can create it in its SQL mode; or because its definer is another
/// user, for whom the connection's may not create it. Without a connection, definers are not asked about.
void require_creatable(const std::vector<operation::Operation>& operations, Connection* connection,
                       const Server& server);

}  // namespace whimbrel::dialect::mysql
