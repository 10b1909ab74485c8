#pragma once

#include "cli/commands.h"

namespace whimbrel::cli {

/// Warns if the directory for new migrations has files that this program was built without. `command` is the one that
/// runs.
void warn_of_unbuilt(const Context& context, const std::string& command);

/// Throws Error (usage) if it has such files, because `makemigrations` would compare and write without them; only warns
/// with --ignore-pending.
void check_for_unbuilt(const Context& context, const MakeMigrations& arguments);

}  // namespace whimbrel::cli
