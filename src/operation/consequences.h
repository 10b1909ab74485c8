#pragma once

#include <optional>
#include <string>

#include "operation/operation.h"

/// The effects of an operation on rows.
namespace whimbrel::operation {

/// Returns the data loss if there are rows, as display text; nullopt if there is none.
[[nodiscard]] std::optional<std::string> data_loss(const Operation& operation);

/// Returns whether existing rows have a value other than NULL in the added column.
[[nodiscard]] bool gives_values(const AddColumn& op);

/// Returns whether rows whose value is NULL get numbers.
[[nodiscard]] bool numbers_nulls(const AlterColumn& op);

/// Returns which rows would make it fail or would be converted, as display text; nullopt if it fits all rows.
[[nodiscard]] std::optional<std::string> hazard(const Operation& operation);

/// Returns whether the column has the same sequence before and after.
[[nodiscard]] bool keeps_sequence(const AlterColumn& op);

}  // namespace whimbrel::operation
