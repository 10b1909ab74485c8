#pragma once

#include <string>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Do two expressions in the server's spelling, or as they are declared, mean the same without asking the server? There
/// are several words for the time, for random UUIDs, and numbers may be quoted.
[[nodiscard]] bool have_same_meaning(const diff::ExpressionPair& pair, const std::string& current,
                                     const std::string& desired);

}  // namespace whimbrel::dialect::postgres
