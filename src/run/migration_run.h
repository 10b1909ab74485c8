#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "run/runner.h"
#include "run/table_states.h"
#include "session/backend.h"
#include "session/transaction_policy.h"

namespace whimbrel::run {

/// A migration to run or revert.
struct Step {
  const session::KnownMigration* migration = nullptr;  ///< Null: not in the program; possible only in a fake revert.
  history::Record record;                              ///< For a revert: its record in the history.

  [[nodiscard]] const std::string& name() const { return migration == nullptr ? record.name : migration->name; }
};

using Records = std::vector<history::Record>;

/// Determines the steps from the history. `partial`: the migration inside which an earlier run ended; null: none.
using Select = std::function<std::vector<Step>(const Records& applied, const history::PartialMigration* partial)>;

/// Runs steps under a transaction mode: checks, and only if there is something to do, locks, checks again and runs.
class MigrationRun {
 public:
  MigrationRun(session::Session& session, Direction direction, const ExecutionOptions& options, Select select);

  std::vector<MigrationResult> run();

 private:
  struct Task {
    Step step;
    MigrationTransaction transaction = MigrationTransaction::by_mode;
  };

  [[nodiscard]] std::vector<Task> make_tasks(std::vector<Step> steps) const;
  [[nodiscard]] Task make_task(Step step) const;
  void refuse_wishes(const std::vector<Task>& tasks) const;

  void run_dry(const std::vector<Task>& tasks);
  /// Under one lock and in one transaction.
  void run_together();
  /// Each under a lock and, if the policy says so, in a transaction of its own.
  void run_each(const std::vector<Task>& tasks);
  /// Under one lock for all; each in a transaction of its own if the policy says so.
  void run_under_one_lock();
  void read_partial();
  [[nodiscard]] std::vector<Step> select(const Records& applied) const;
  void run_enclosed(const Task& task);
  void run_unenclosed(const Task& task);

  /// Cleans up after an error, so it does not throw. Returns whether changes may remain.
  bool keep_done(dialect::SafetyGuard* guard) const noexcept;

  void read_under_lock();
  /// Creates the history's table before a transaction that its creation would commit.
  void prepare_history();
  /// Returns what the journal says of the migration; nullopt if it keeps none. If an earlier run ended in the other
  /// direction, its statements are undone from the last one that was completed.
  [[nodiscard]] std::optional<history::PartialMigration> prepare_journal(const Task& task);
  /// Returns whether the journal holds the beginning of it.
  [[nodiscard]] bool is_partial(const Task& task) const { return partial_ && partial_->name == task.step.name(); }
  [[nodiscard]] bool is_still_wanted(const Task& task);
  [[nodiscard]] MigrationResult apply(const Task& task, dialect::SafetyGuard* guard, bool enclosed,
                                      const std::optional<history::PartialMigration>& partial = {});
  void run_and_record(const Task& task, session::ConnectionBackend& backend, MigrationResult& applied);
  /// Calls `before`, if set, with the migration that it is about to run.
  void call(const Task& task, session::MigrationBackend& backend,
            const std::function<void(const Migration&)>& before) const;
  /// For a dry run: checks against the simulated state of the tables.
  void require_imagined(const Task& task, TableStates& states, bool& is_known) const;
  [[nodiscard]] dialect::WrittenStatements written_statements(const Task& task) const;
  void write_history(const Task& task, const MigrationResult& applied);
  void add_record(const Task& task, const MigrationResult& applied);
  void remove_record(const Task& task);
  void finish(MigrationResult applied);

  [[nodiscard]] std::unique_ptr<dialect::SafetyGuard> make_guard() const;

  session::Session& session_;
  Direction direction_;
  const ExecutionOptions& options_;
  TransactionMode mode_;
  session::TransactionPolicy policy_;
  Select select_;
  history::State state_;
  bool is_state_locked_ = false;                      ///< If true, it was read under the lock.
  std::optional<history::PartialMigration> partial_;  ///< The one that comes first, if an earlier run ended inside it.
  std::vector<MigrationResult> done_;
};

}  // namespace whimbrel::run
