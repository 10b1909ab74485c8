#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Replaces views in place that would be dropped and created with another query, if the server can. What uses them
/// stays as it is.
void replace_views(std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
