#pragma once

#include "change/generate.h"

namespace whimbrel::run {

/// What says whether values are lost by a conversion.
enum class Judged {
  by_types,  ///< What may be in any database: for a migration, which others will run.
  by_rows,   ///< What is in this one, where it can be asked.
};

/// As generate(), within the work of another command.
[[nodiscard]] Generated compare(Session& session, const diff::Decisions& decisions, Judged judged = Judged::by_types);

/// The way from `current`, the schema of the connection's database, as the difference says it.
[[nodiscard]] Generated make_way(const dialect::Dialect& dialect, dialect::Connection& connection,
                                 model::Schema current, diff::Difference difference, Judged judged = Judged::by_types);

}  // namespace whimbrel::run
