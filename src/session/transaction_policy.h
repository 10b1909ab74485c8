#pragma once

#include <string>
#include <vector>

#include "session/session.h"

namespace whimbrel::session {

/// Which migrations share a transaction, and which changes of a failed one remain. This depends on the mode, on what a
/// migration asks for, and on whether the database can undo schema changes.
///
/// If the database can undo schema changes:
/// - mode `all`: one transaction for all migrations. All of them are undone.
/// - mode `each`: one transaction per migration. The failed one is undone.
/// - mode `none`: no transaction. Each operation is atomic, earlier ones remain.
///
/// Otherwise:
/// - modes `all` and `each`: one transaction per migration, which the database commits with each schema change. Only
/// later statements are undone.
/// - mode `none`: no transaction. Everything remains.
///
/// Under `each` and `none` a migration can ask for the other of the two.
class TransactionPolicy {
 public:
  TransactionPolicy(const dialect::Dialect& dialect, TransactionMode mode);

  /// Returns whether all migrations share one transaction.
  [[nodiscard]] bool joins_migrations() const;
  /// Returns whether the runner begins and ends a transaction for the migration.
  [[nodiscard]] bool encloses(MigrationTransaction wish) const;
  /// Returns whether the migration can have the transaction that it asks for.
  [[nodiscard]] bool grants(MigrationTransaction wish) const;
  /// Returns whether the history's table is created before the transaction that records a migration, because creating
  /// it would commit that transaction.
  [[nodiscard]] bool makes_history_first() const { return !undoes_schema_; }
  /// Returns whether a journal says which statements of a migration a run has completed that ended inside it.
  [[nodiscard]] bool keeps_journal() const { return keeps_journal_; }

 private:
  bool undoes_schema_;
  bool keeps_journal_;
  TransactionMode mode_;
};

/// Returns whether each schema change commits the transaction in which it runs.
[[nodiscard]] bool commits_with_schema_changes(const dialect::Dialect& dialect);

/// The progress of a failed migration.
struct Progress {
  bool reverting = false;   ///< If true, its `down` failed.
  bool in_journal = false;  ///< If true, the next run knows which statements were completed.
  bool enclosed = true;     ///< If true, it ran in a transaction of the runner, which rolls it back.
  std::size_t statements_kept =
      0;  ///< The number of its first statements that were committed nevertheless; only if `enclosed`.
  bool all_undone = false;  ///< If true, no changes remain; only if not `enclosed`.
  bool is_first = true;     ///< If true, no other migration completed in the same run.
};

/// Adds which changes remain in the database to the remedy of the error.
void tell_what_stays(Error& error, const dialect::Dialect& dialect, const Progress& progress);
/// For a schema change in a transaction, which failed after `done` statements.
void tell_what_stays_of_change(Error& error, Session& session, std::size_t done);

}  // namespace whimbrel::session
