#pragma once

#include <vector>

#include "dialect/connection.h"
#include "operation/operation.h"

namespace whimbrel::dialect::sqlite {

/// A copy of the database in which renames can be tried: what is broken only there, since a module or a function is
/// missing, is left away. ALTER TABLE goes on only where it can read every view and trigger.
[[nodiscard]] std::unique_ptr<Connection> copy_for_renames(Connection& connection);

/// Can ALTER TABLE go on in the database? SQLite reads every view and trigger for it, those too that nothing can use.
[[nodiscard]] bool can_alter(Connection& connection);

/// The renames, with the views and triggers dropped before and made again after them which SQLite cannot carry along: a
/// view over a view whose column gets another name, or what is broken as it is. It says so when it tries.
[[nodiscard]] std::vector<operation::Operation> without_obstacles(Connection& connection, const model::Schema& current,
                                                                  std::vector<operation::Operation> renames);

}  // namespace whimbrel::dialect::sqlite
