#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Returns the schemas with the current definitions of functions and rules that differ only in white space, or in the
/// names of the columns which the last statement of a function returns, and which no caller sees; nullopt if there are
/// none. The server writes `SELECT $1` as `SELECT a` if that is the name of the argument, and after it has read that
/// again, as `SELECT a AS a`.
[[nodiscard]] std::optional<diff::SchemaPair> with_current_result_names(const model::Schema& current,
                                                                        const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
