#pragma once

#include <string>
#include <vector>

#include "diff/diff.h"
#include "session/session.h"
#include "sql/statement.h"

namespace whimbrel::run {

struct SynchronizeOptions {
  SynchronizeMode mode = SynchronizeMode::safe;
  bool dry_run = false;  ///< Says what would be done.
  diff::Decisions decisions;
};

/// What was done, or would be.
struct Synchronized {
  std::vector<sql::Statement> statements;
  std::vector<std::string> losses;      ///< In words.
  std::vector<std::string> left_alone;  ///< In words.
};

/// Makes the database fit the entities, in one transaction. Throws Error (unsafe) that names what would be lost, unless
/// the mode allows it.
Synchronized synchronize(Session& session, const SynchronizeOptions& options);

struct DropOptions {
  bool dry_run = false;
};

/// What was dropped, or would be, in the order of the statements.
struct Dropped {
  std::vector<sql::Statement> statements;
};

/// Drops the tables of the entities, what the program's migrations made, and the history, in one transaction. What else
/// is in the database stays.
Dropped drop_schema(Session& session, const DropOptions& options = {});

}  // namespace whimbrel::run
