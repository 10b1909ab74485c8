#pragma once

#include <string>
#include <vector>

#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

/// Returns whether the connection's user, or a role that it has enabled, has one of the privileges on the server.
[[nodiscard]] bool has_global_privilege(Connection& connection, const std::vector<std::string>& privileges);

/// Does the same for privileges on the database, which those on the server include.
[[nodiscard]] bool has_privilege(Connection& connection, const std::vector<std::string>& privileges);

/// Returns the privileges that let a user create an object for another one; each is enough.
[[nodiscard]] std::vector<std::string> definer_privileges(const Server& server);

}  // namespace whimbrel::dialect::mysql
