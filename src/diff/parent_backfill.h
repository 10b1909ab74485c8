#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::diff {

/// Lets a column that child tables get with their parents' be backfilled like the parents', in both directions: the
/// rows of a child are rows of its parents.
void pass_on_backfills(std::vector<operation::Operation>& operations, const std::vector<model::Table>& current,
                       const std::vector<model::Table>& desired);

}  // namespace whimbrel::diff
