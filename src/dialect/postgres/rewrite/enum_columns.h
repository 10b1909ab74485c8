#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Columns that swap changing enums are converted to text in between: each enum would have to change after a
/// column left it and before another one gets it. So are those whose enum becomes a domain of the same name, or back.
/// Throws Error (unsafe) if it becomes another type.
void exchange_as_texts(std::vector<operation::Operation>& operations, const model::Schema& from,
                       const model::Schema& to);

/// Throws Error (unsafe) if values become some of a type that does not read their texts.
void refuse_unreadable_texts(const std::vector<operation::Operation>& operations);

/// A default that calls a function is dropped before its column's enum is recreated, and set after that: the function
/// may have the enum as its result and is recreated, too. Call it when the columns of the enums are known.
void take_calls_apart(std::vector<operation::Operation>& operations, const model::Schema& from,
                      const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
