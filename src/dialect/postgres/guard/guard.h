#pragma once

#include "dialect/dialect.h"

namespace whimbrel::dialect::postgres {

/// The server keeps what is used from being dropped, and checks what is changed: there is little to watch over.
[[nodiscard]] std::unique_ptr<SafetyGuard> make_guard(Connection& connection);

}  // namespace whimbrel::dialect::postgres
