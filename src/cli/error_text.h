#pragma once

#include <string>

#include "cli/style.h"
#include "whimbrel/error.h"

namespace whimbrel::cli {

/// An error for people: what failed and why, the SQL with the place marked, and what to do next.
[[nodiscard]] std::string error_text(const Error& error, const Style& style);

/// The lines of a statement, indented, with a caret below the place. A long line is cut to what is around the place.
[[nodiscard]] std::string marked_statement(const std::string& sql, int offset);

}  // namespace whimbrel::cli
