#pragma once

#include "dialect/dialect.h"

namespace whimbrel::dialect::postgres {

/// The server does not drop used objects, and checks changes, so there is little to guard.
[[nodiscard]] std::unique_ptr<SafetyGuard> make_guard(Connection& connection);

}  // namespace whimbrel::dialect::postgres
