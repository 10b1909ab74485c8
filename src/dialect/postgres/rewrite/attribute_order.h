#pragma once

#include <vector>

#include "operation/operation.h"
#include "plan/order.h"

namespace whimbrel::dialect::postgres {

/// Splits changes to composite types, so that functions that are replaced in place use new attributes before old ones
/// are dropped. The server checks the bodies that it has parsed.
void split_attribute_changes(std::vector<operation::Operation>& operations);

/// Orders these functions and the changes to the types.
void add_attribute_dependencies(const std::vector<operation::Operation>& operations,
                                std::vector<plan::Dependency>& dependencies);

}  // namespace whimbrel::dialect::postgres
