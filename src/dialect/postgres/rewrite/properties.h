#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Lets comments, settings, and the defaults of columns of views go with what has them: those of something that is
/// dropped need not be removed before, and those of something that is recreated are set again as the schema `to` has
/// them. So it is for what the server resets when the type of a column changes.
void follow_owners(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
