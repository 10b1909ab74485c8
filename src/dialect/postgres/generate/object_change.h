#pragma once

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns whether the change can be made in place: that of a sequence, a comment or the default of a view always can,
/// that of a domain or composite type if can_change_in_place() says so, and that of a function, by CREATE OR REPLACE,
/// if the text before its body is the same. Otherwise the object is recreated.
[[nodiscard]] bool is_replaced(const operation::AlterObject& op);

}  // namespace whimbrel::dialect::postgres
