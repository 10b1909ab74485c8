#pragma once

#include <string>
#include <vector>

#include "cli/style.h"
#include "operation/operation.h"
#include "sql/statement.h"

/// Schemas and changes as display text.
namespace whimbrel::cli {

/// Returns each table and view with its parts, one line per part.
[[nodiscard]] std::string schema_text(const model::Schema& schema, const Style& style);

/// Returns one line per change: `+` for added, `-` for dropped, `~` for changed objects.
[[nodiscard]] std::string changes_text(const std::vector<operation::Operation>& operations, const Style& style);

/// Returns one line per statement that changes owners or privileges, with the same signs.
[[nodiscard]] std::string privileges_text(const std::vector<sql::Statement>& statements, const Style& style);

}  // namespace whimbrel::cli
