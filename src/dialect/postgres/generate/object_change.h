#pragma once

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns whether the change is made in place: that of a sequence always is, and CREATE OR REPLACE can make that of a
/// function whose text before the body is the same. Otherwise the object is recreated.
[[nodiscard]] bool is_replaced(const operation::AlterObject& op);

}  // namespace whimbrel::dialect::postgres
