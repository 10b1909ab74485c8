#pragma once

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Does CREATE OR REPLACE make the change? It does for a function whose beginning, up to its body, is the same. Else
/// the object is dropped and made again.
[[nodiscard]] bool is_replaced(const operation::AlterObject& op);

}  // namespace whimbrel::dialect::postgres
