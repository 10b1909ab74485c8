#pragma once

#include <string>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Returns whether two expressions, deparsed or as declared, are equivalent without asking the server: there are
/// several functions for the time and for random UUIDs, and numbers may be quoted.
[[nodiscard]] bool have_same_meaning(const diff::ExpressionPair& pair, const std::string& current,
                                     const std::string& desired);

}  // namespace whimbrel::dialect::postgres
