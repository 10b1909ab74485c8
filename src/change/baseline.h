#pragma once

#include <functional>

#include "change/generate.h"

/// Adopts an existing database.
namespace whimbrel::change {

/// Generates the script that creates the database's schema, except the migrations table, in an empty database, and the
/// one that drops it.
[[nodiscard]] SchemaChange generate_baseline(session::Session& session);

/// Verifies the script on an empty scratch database: `up` must create the schema, and `down` must drop all of it.
/// Throws Error (internal), which shows the difference. Returns what could not be verified, as display text.
[[nodiscard]] std::vector<std::string> verify_baseline(session::Session& session, const SchemaChange& baseline);

/// Records a migration as applied without running it. `make` supplies the record; it is called last, when only the
/// commit can still fail.
void record_applied(session::Session& session, const std::function<history::Record()>& make);

}  // namespace whimbrel::change
