#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/table_states.h"
#include "session/session.h"

namespace whimbrel::run {

/// The state of a migration in the program or in the history.
struct MigrationStatus {
  std::string name;
  std::int64_t timestamp = 0;
  bool applied = false;
  std::string applied_at;                   ///< UTC, `2026-01-31 12:00:00`; empty: unknown.
  std::optional<std::int64_t> duration_ms;  ///< None: unknown.
  bool missing = false;                     ///< If true, applied, but not in the program.
  bool changed = false;                     ///< If true, its source was modified since it was applied.
  bool out_of_order = false;                ///< If true, pending, but older than an applied one.
  /// If a run ended inside it: how many statements of its `up`, or of its `down` if it is applied, were completed. A
  /// schema operation counts as one more than its statements.
  std::optional<std::int64_t> partial{};
  /// For a pending migration that was generated without an earlier one that changes the same table: the table, that
  /// migration and the differences, as display text.
  std::vector<std::string> conflicts{};
};

/// Returns the pending migrations that were generated without an earlier one that changes the same table.
[[nodiscard]] std::vector<BranchConflict> pending_conflicts(session::Session& session);
/// Like pending_conflicts(), for all migrations of the program on an empty database.
[[nodiscard]] std::vector<BranchConflict> all_conflicts(const session::Session& session);
/// Returns `table "user" as left by A1: column "nick" is not known to the migration`.
[[nodiscard]] std::string to_string(const BranchConflict& conflict);

/// Returns all migrations of the program and of the history, oldest first.
[[nodiscard]] std::vector<MigrationStatus> status(session::Session& session);

}  // namespace whimbrel::run
