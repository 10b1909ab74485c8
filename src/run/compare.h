#pragma once

#include "run/generate.h"

namespace whimbrel::run {

/// As generate(), within the work of another command.
[[nodiscard]] Generated compare(Session& session, const diff::Decisions& decisions);

/// The way from `current`, the schema of the connection's database, as the difference says it.
[[nodiscard]] Generated make_way(const dialect::Dialect& dialect, dialect::Connection& connection,
                                 model::Schema current, diff::Difference difference);

}  // namespace whimbrel::run
