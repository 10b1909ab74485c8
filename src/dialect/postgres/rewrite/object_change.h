#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Makes changes of objects that the server cannot make in place drop and recreate them. The enums must have been
/// filled. Throws Error (unsafe) if this concerns the type of a column whose values the new type may not have.
void split_objects(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to);

/// Throws Error (unsafe) if a column is converted to text whose values would not all come back from it.
void refuse_lossy_texts(const std::vector<operation::Operation>& operations, const model::Schema& from);

}  // namespace whimbrel::dialect::postgres
