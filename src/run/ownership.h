#pragma once

#include <optional>

#include "run/session.h"

namespace whimbrel::run {

/// What the migrations of the program that are applied make, known by running them on an empty scratch database. What
/// fails there, since it needs rows or the tables of others, is passed over. None where there is no scratch database.
[[nodiscard]] std::optional<model::Schema> created_by_migrations(Session& session);

/// The schema without the history's table.
[[nodiscard]] model::Schema without_history(const Session& session, model::Schema schema);

}  // namespace whimbrel::run
