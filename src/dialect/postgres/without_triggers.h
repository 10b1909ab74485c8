#pragma once

#include <functional>

#include "dialect/connection.h"

namespace whimbrel::dialect::postgres {

/// Returns whether a table of a scratch database or schema has enabled triggers.
[[nodiscard]] bool has_triggers(Connection& scratch);
/// Runs the function while these triggers are disabled. A trigger that the function creates or changes is kept like
/// that.
void without_triggers(Connection& scratch, const std::function<void()>& function);

}  // namespace whimbrel::dialect::postgres
