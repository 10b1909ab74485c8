#pragma once

#include <vector>

#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

/// Returns the renames, and around them operations that drop and recreate with the new name what the server does not
/// rename in: views and triggers, and MySQL's checks and generated columns. Throws Error (unsafe) if one of them uses
/// the name in a way that cannot be told; but with `is_whole`, the desired schema has all triggers, and such a one is
/// only dropped.
[[nodiscard]] std::vector<operation::Operation> with_followers(const model::Schema& current,
                                                               const std::vector<operation::Operation>& renames,
                                                               const Server& server, bool is_whole = false);

}  // namespace whimbrel::dialect::mysql
