#pragma once

#include "history/journal.h"
#include "session/session.h"

namespace whimbrel::run {

/// Finds out how a migration, inside which an earlier run ended, is undone: which first statements of its other
/// direction lead to the schema at the point of interruption, if the migration is run on an empty scratch database.
/// Replaces its entries in the journal by these statements, as if they had been run, and returns them. Throws Error
/// (migration) if there are none, or if it is not clear which of them change the rows as this migration has left them.
[[nodiscard]] history::PartialMigration turn_around(session::Session& session, const session::KnownMigration& migration,
                                                    const history::PartialMigration& earlier);

}  // namespace whimbrel::run
