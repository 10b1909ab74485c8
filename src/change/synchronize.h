#pragma once

#include <string>
#include <vector>

#include "diff/diff.h"
#include "session/session.h"
#include "sql/statement.h"

namespace whimbrel::change {

struct SynchronizeOptions {
  SynchronizeMode mode = SynchronizeMode::safe;
  bool dry_run = false;  ///< If true, only returns what would be done.
  diff::Answers answers;
};

/// The changes that were made or, in a dry run, would be.
struct Synchronized {
  std::vector<sql::Statement> statements;
  std::vector<std::string> losses;     ///< Data loss, as display text.
  std::vector<std::string> unmanaged;  ///< Unmanaged objects, as display text.
};

/// Changes the database to match the entities, in one transaction. Throws Error (unsafe), which lists the data loss,
/// unless the mode allows it.
Synchronized synchronize(session::Session& session, const SynchronizeOptions& options);

struct DropOptions {
  bool dry_run = false;
};

/// The objects that were dropped or, in a dry run, would be, in the order of the statements.
struct Dropped {
  std::vector<sql::Statement> statements;
  std::vector<std::string> notes;  ///< What goes with them although no migration created it, as display text.
};

/// Drops the tables of the entities, everything the program's migrations created, and the migrations table, in one
/// transaction. Unmanaged objects are not touched.
Dropped drop_schema(session::Session& session, const DropOptions& options = {});

}  // namespace whimbrel::change
