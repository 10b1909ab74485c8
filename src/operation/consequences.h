#pragma once

#include <optional>
#include <string>

#include "operation/operation.h"

/// What an operation does to rows.
namespace whimbrel::operation {

/// What is lost for ever if there are rows, in a few words; nothing if nothing is.
[[nodiscard]] std::optional<std::string> loss(const Operation& operation);

/// Have the rows that are there a value in the column that is added, other than NULL?
[[nodiscard]] bool gives_values(const AddColumn& op);

/// Are there numbers for the rows whose value is NULL?
[[nodiscard]] bool numbers_nulls(const AlterColumn& op);

/// Which rows would make it fail or would be converted, in a few words; nothing if it fits all rows.
[[nodiscard]] std::optional<std::string> hazard(const Operation& operation);

}  // namespace whimbrel::operation
