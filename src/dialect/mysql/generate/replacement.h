#pragma once

#include <string>
#include <string_view>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// Returns whether one statement makes the change, which keeps the privileges granted on the routine. Those end with a
/// routine that is dropped.
[[nodiscard]] bool can_replace(const operation::AlterObject& op, const Server& server);

/// Returns the statement that creates an object, with OR REPLACE.
[[nodiscard]] std::string replacing(std::string_view definition);

}  // namespace whimbrel::dialect::mysql
