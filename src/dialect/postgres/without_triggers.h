#pragma once

#include <functional>

#include "dialect/connection.h"

namespace whimbrel::dialect::postgres {

/// Has a table of a scratch database, or of the scratch schema, triggers that fire?
[[nodiscard]] bool has_triggers(Connection& scratch);
/// Runs the function while these triggers do nothing. One that the function makes, or changes, is then as it makes it.
void without_triggers(Connection& scratch, const std::function<void()>& function);

}  // namespace whimbrel::dialect::postgres
