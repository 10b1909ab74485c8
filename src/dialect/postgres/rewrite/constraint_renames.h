#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// A constraint or an index that is dropped and added again with nothing but another name is renamed instead.
void rename_constraints(std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
