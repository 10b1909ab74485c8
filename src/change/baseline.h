#pragma once

#include <functional>

#include "change/generate.h"

/// The beginning of a history for a database that was there before it.
namespace whimbrel::run {

/// What makes the database's schema in an empty one, but for the history, and what drops it again.
[[nodiscard]] Generated generate_baseline(Session& session);

/// Proves the script on an empty scratch database: `up` must arrive at the schema, `down` come back to nothing. Throws
/// Error (internal) that shows the difference. Returns what could not be proved, in words.
[[nodiscard]] std::vector<std::string> verify_baseline(Session& session, const Generated& baseline);

/// Records a migration as applied, without running it. `make` says which one; it is called when nothing but the commit
/// can fail any more.
void record_applied(Session& session, const std::function<history::Record()>& make);

}  // namespace whimbrel::run
