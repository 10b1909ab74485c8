#pragma once

#include <string>
#include <vector>

#include "run/table_states.h"

namespace whimbrel::run {

/// The migrations that are to be made anew on top of the others, oldest first: those that were made without an earlier
/// one which changes the same table, or the one of this name; with them what was made on top of them. Empty: there are
/// none. Throws Error (usage) if one of them is applied or was written by hand.
[[nodiscard]] std::vector<const KnownMigration*> migrations_to_rebase(Session& session, const std::string& name);

}  // namespace whimbrel::run
