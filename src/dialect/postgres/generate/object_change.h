#pragma once

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns whether CREATE OR REPLACE can make the change: it can for a function whose text before the body is the same.
/// Otherwise the object is recreated.
[[nodiscard]] bool is_replaced(const operation::AlterObject& op);

}  // namespace whimbrel::dialect::postgres
