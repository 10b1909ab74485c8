#pragma once

#include <optional>

#include "session/session.h"

namespace whimbrel::change {

/// Returns the schema that the program's applied migrations produce, found by replaying them on an empty scratch
/// database. Statements that fail there, because they need rows or unmanaged tables, are skipped. Empty if there is no
/// scratch database.
[[nodiscard]] std::optional<model::Schema> created_by_migrations(session::Session& session,
                                                                 const dialect::InspectScope& scope);

/// Returns the error of a migration that creates the trigger in a database with only what the program's applied
/// migrations produce, where it may lack a table that it uses; nullopt: there is none.
[[nodiscard]] std::optional<std::string> error_without_unmanaged(session::Session& session,
                                                                 const model::Trigger& trigger);

/// Returns what created_by_migrations() returned for the scope of the session, without objects that a migration merely
/// recreated, such as an unmanaged index on a rebuilt table: the `down` of that migration creates it too, although no
/// earlier migration did. Takes longer.
[[nodiscard]] std::optional<model::Schema> owned_by_migrations(session::Session& session, model::Schema created);

/// Returns the schema without the migrations table.
[[nodiscard]] model::Schema without_history(const session::Session& session, model::Schema schema);

}  // namespace whimbrel::change
