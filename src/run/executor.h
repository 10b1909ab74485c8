#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "session/session.h"

/// Brings a database from one state of its history to another. Dry runs take the same path: only what the statements go
/// to is another.
namespace whimbrel::run {

/// A migration that was run, reverted or recorded.
struct AppliedMigration {
  std::string name;
  std::chrono::milliseconds duration{0};
  std::size_t statements = 0;
  std::vector<std::string> script;  ///< Of a dry run: the statements.
};

struct ExecutionOptions {
  std::optional<TransactionMode> transaction;  ///< None: as the session's options say.
  bool fake = false;                           ///< Changes the history only.
  bool dry_run = false;                        ///< Reads the history, and changes nothing.
  /// Told of each migration as soon as what it did is there to stay; of a dry run, as soon as it is known.
  std::function<void(const AppliedMigration&)> on_done;
};

struct RunOptions : ExecutionOptions {
  std::string to;  ///< The last one to run; empty: all.
};

struct RevertOptions : ExecutionOptions {
  std::size_t steps = 1;
  std::string to;    ///< If not empty, instead of steps: everything that was applied after this one.
  bool all = false;  ///< Instead of steps: everything.
  /// Also run the `down` of migrations that were recorded without being run, and so of what others made.
  bool allow_data_loss = false;
};

/// Runs what is pending, oldest first. One query when nothing is.
///
/// Throws Error with the migration's name when one fails. What was done since the last commit is undone: under the mode
/// `all` everything, under `each` what the failing one did, under `none` nothing. TransactionPolicy has the exceptions.
std::vector<AppliedMigration> run_migrations(Session& session, const RunOptions& options = {});

/// Reverts what was applied last, newest first. Throws Error before anything is changed: (migration) when one of them
/// is not in the program, (unsafe) when one was recorded without being run.
std::vector<AppliedMigration> revert_migrations(Session& session, const RevertOptions& options = {});

/// The names of the migrations that were not applied yet, oldest first.
[[nodiscard]] std::vector<std::string> pending_migrations(Session& session);

}  // namespace whimbrel::run
