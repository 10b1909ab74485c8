#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "session/session.h"

/// Migrates a database from one state of its history to another. Dry runs take the same path, with a different target
/// for the statements.
namespace whimbrel::run {

/// A migration that was run, reverted or recorded.
struct MigrationResult {
  std::string name;
  std::chrono::milliseconds duration{0};
  std::size_t statements = 0;
  std::vector<std::string> script;  ///< In a dry run: the statements.
};

struct ExecutionOptions {
  std::optional<TransactionMode> transaction;  ///< None: the session's option.
  bool fake = false;                           ///< If true, only updates the history.
  bool dry_run = false;                        ///< If true, reads the history and changes nothing.
  /// Called for each migration once its changes are committed; in a dry run, once they are known.
  std::function<void(const MigrationResult&)> on_done;
};

struct RunOptions : ExecutionOptions {
  std::string to;  ///< The last migration to run; empty: all.
};

struct RevertOptions : ExecutionOptions {
  std::size_t steps = 1;
  std::string to;    ///< If not empty, instead of steps: all migrations applied after this one.
  bool all = false;  ///< If true, instead of steps: all migrations.
  /// If true, also runs the `down` of migrations that were recorded without being run, which drops existing objects.
  bool allow_data_loss = false;
};

/// Runs pending migrations, oldest first. Takes one query if nothing is pending.
///
/// Throws Error with the migration's name if one fails. Uncommitted changes are rolled back: in mode `all` all of them,
/// in mode `each` those of the failed migration, in mode `none` none. TransactionPolicy has the exceptions.
std::vector<MigrationResult> run_migrations(session::Session& session, const RunOptions& options = {});

/// Reverts the last applied migrations, newest first. Throws Error before anything is changed: (migration) if one of
/// them is not in the program, (unsafe) if one was recorded without being run.
std::vector<MigrationResult> revert_migrations(session::Session& session, const RevertOptions& options = {});

/// Returns the names of the pending migrations, oldest first; before them, one that is partially reverted.
[[nodiscard]] std::vector<std::string> pending_migrations(session::Session& session);

}  // namespace whimbrel::run
