#pragma once

#include <optional>

#include "session/session.h"

namespace whimbrel::run {

/// What the applied migrations of the program leave behind, known by running them on an empty scratch database. What
/// fails there, since it needs rows or the tables of others, is passed over. None where there is no scratch database.
[[nodiscard]] std::optional<model::Schema> created_by_migrations(Session& session, const dialect::Scope& scope);

/// The same without what a migration only made again: an index of another's that went with a rebuilt table, say. The
/// way down of that migration makes it too, though no migration before had made it. Takes longer.
[[nodiscard]] std::optional<model::Schema> owned_by_migrations(Session& session);

/// The schema without the history's table.
[[nodiscard]] model::Schema without_history(const Session& session, model::Schema schema);

}  // namespace whimbrel::run
