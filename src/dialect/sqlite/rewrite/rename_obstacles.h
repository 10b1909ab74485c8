#pragma once

#include <vector>

#include "dialect/connection.h"
#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// A copy of the database for testing renames, without objects that are broken only there because a module or a
/// function is missing. ALTER TABLE works only if it can read every view and trigger.
[[nodiscard]] std::unique_ptr<Connection> copy_for_renames(Connection& connection);

/// Returns whether ALTER TABLE works in the database: SQLite reads every view and trigger for it, even unusable ones.
[[nodiscard]] bool can_alter(Connection& connection);

/// Returns the renames together with operations that recreate views and triggers in which SQLite cannot rename: a view
/// over a view with a renamed column, or broken objects. Testing the rename finds them, and those whose meaning SQLite
/// would change. Throws Error (unsafe) if one of these cannot be recreated.
[[nodiscard]] std::vector<operation::Operation> without_obstacles(Connection& connection, const model::Schema& current,
                                                                  std::vector<operation::Operation> renames);

}  // namespace whimbrel::dialect::sqlite
