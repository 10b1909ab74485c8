#pragma once

#include <string>
#include <vector>

#include "cli/style.h"
#include "operation/operation.h"

/// Schemas and changes for people to read.
namespace whimbrel::cli {

/// Each table and view with what belongs to it, a line each.
[[nodiscard]] std::string schema_text(const model::Schema& schema, const Style& style);

/// A line for each change: `+` for what comes, `-` for what goes, `~` for what stays and is another.
[[nodiscard]] std::string changes_text(const std::vector<operation::Operation>& operations, const Style& style);

}  // namespace whimbrel::cli
