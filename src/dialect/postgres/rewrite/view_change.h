#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Replaces views in place that would be dropped and created with another query, if the server can. What uses them
/// stays as it is.
void replace_views(std::vector<operation::Operation>& operations);

/// Returns whether the operations replace a view that the way back would have to recreate, although a column of the
/// schema that they lead to has its row type.
[[nodiscard]] bool keeps_view_as_type(const std::vector<operation::Operation>& operations, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
