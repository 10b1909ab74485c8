#pragma once

#include <cstdint>
#include <set>

#include "history/journal.h"
#include "run/rehearsal.h"

namespace whimbrel::run {

/// How what an earlier run did of a migration is undone: which statements of its other direction are not to be run.
struct WayBack {
  std::int64_t last = 0;          ///< Those up to this ordinal,
  std::set<std::int64_t> left{};  ///< but for these.
};

[[nodiscard]] Error no_way_back(const history::PartialMigration& partial, const std::string& reason);

/// Finds the way back from the present schema. `here`: the direction inside which the earlier run ended; `back`: the
/// other one. Throws Error (migration) if there is none, or if it is not clear which of its statements change the rows
/// as the earlier run has left them.
[[nodiscard]] WayBack find_way_back(const dialect::Dialect& dialect, const history::PartialMigration& partial,
                                    const Course& here, const Course& back, const model::Schema& current);

/// Compares the objects that either of two directions changes; others may differ from those of a scratch database.
[[nodiscard]] bool leads_to(const model::Schema& end, const model::Schema& wanted, const Course& here,
                            const Course& back);

}  // namespace whimbrel::run
