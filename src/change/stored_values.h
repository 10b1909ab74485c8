#pragma once

#include "change/generate.h"

namespace whimbrel::change {

/// Adds a note on views, triggers, checks and partial indexes that stay and use a column whose values are stored
/// otherwise. Those that compare it with the old values find nothing, without an error.
void note_old_values(session::Session& session, SchemaChange& generated);

}  // namespace whimbrel::change
