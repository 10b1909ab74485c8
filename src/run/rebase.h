#pragma once

#include <string>
#include <vector>

#include "run/table_states.h"

namespace whimbrel::run {

/// Returns the migrations to regenerate on top of the others, oldest first: those generated without an earlier
/// one that changes the same table, or the named one; together with those that build on them. Empty if there are none.
/// Throws Error (usage) if one of them is applied or hand-written.
[[nodiscard]] std::vector<const session::KnownMigration*> migrations_to_rebase(session::Session& session,
                                                                               const std::string& name);

}  // namespace whimbrel::run
