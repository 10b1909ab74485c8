#pragma once

#include "cli/json.h"
#include "operation/operation.h"

/// Schemas and changes as JSON.
namespace whimbrel::cli {

[[nodiscard]] Json schema_document(const model::Schema& schema);

/// Returns `kind`, `object`, `description`, `loss`, `before` and `after`.
[[nodiscard]] Json change_document(const operation::Operation& operation);

}  // namespace whimbrel::cli
