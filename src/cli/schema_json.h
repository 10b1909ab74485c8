#pragma once

#include "cli/json.h"
#include "operation/operation.h"

/// Schemas and changes as data.
namespace whimbrel::cli {

[[nodiscard]] Json schema_document(const model::Schema& schema);

/// `kind`, `table`, `description`, what is lost, and what there is `before` and `after`.
[[nodiscard]] Json change_document(const operation::Operation& operation);

}  // namespace whimbrel::cli
