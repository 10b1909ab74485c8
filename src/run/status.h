#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/table_states.h"
#include "session/session.h"

namespace whimbrel::run {

/// What is known of one migration, in the program or in the history.
struct MigrationStatus {
  std::string name;
  std::int64_t timestamp = 0;
  bool applied = false;
  std::string applied_at;                   ///< UTC, `2026-01-31 12:00:00`; empty: not known.
  std::optional<std::int64_t> duration_ms;  ///< None: not known.
  bool missing = false;                     ///< Applied, but not in the program.
  bool changed = false;                     ///< Applied, and its source is another now.
  bool out_of_order = false;                ///< Pending, but older than one that was applied.
  /// Pending, and made without one that runs before it and changes the same table: its name, the table, and what is
  /// different, in words.
  std::vector<std::string> conflicts{};
};

/// The pending migrations that were made without another one which runs before them and changes the same table.
[[nodiscard]] std::vector<BranchConflict> pending_conflicts(Session& session);
/// As those, for all of the program on an empty database.
[[nodiscard]] std::vector<BranchConflict> all_conflicts(const Session& session);
/// `table "user", which A1 leaves otherwise: column "nick" is not known to the migration`.
[[nodiscard]] std::string to_string(const BranchConflict& conflict);

/// All migrations of the program and of the history, oldest first.
[[nodiscard]] std::vector<MigrationStatus> status(Session& session);

}  // namespace whimbrel::run
