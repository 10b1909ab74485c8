#pragma once

#include "cli/commands.h"

namespace whimbrel::cli {

/// Warns if the directory for new migrations has files that this program was built without. `required`: if true, throws
/// Error (usage) instead.
void check_for_unbuilt(const Context& context, bool required);

}  // namespace whimbrel::cli
