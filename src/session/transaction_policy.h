#pragma once

#include <string>
#include <vector>

#include "session/session.h"

namespace whimbrel::run {

/// What migrations share a transaction, and what stays of one that fails. It follows from the mode, from what a
/// migration asks for, and from whether the database can undo changes of the schema.
///
///                      the database undoes changes of the schema      it does not
///     mode `all`       one transaction for all; all is undone         as `each`
///     mode `each`      one for each migration; that is undone         one for each migration, which the database
///     commits
///                                                                     with each change of the schema: what comes after
///                                                                     the last one is undone
///     mode `none`      none; operations are whole, the rest stays     none; everything stays
///
/// Under `each` and `none` a migration can ask for the other one.
class TransactionPolicy {
 public:
  TransactionPolicy(const dialect::Dialect& dialect, TransactionMode mode);

  /// Are all migrations in one transaction?
  [[nodiscard]] bool joins_migrations() const;
  /// Is the migration in a transaction that the runner begins and ends?
  [[nodiscard]] bool encloses(MigrationTransaction wish) const;
  /// Can the migration have what it asks for?
  [[nodiscard]] bool grants(MigrationTransaction wish) const;
  /// Is the history's table made before the transaction in which a migration is recorded? Else that would be committed.
  [[nodiscard]] bool makes_history_first() const { return !undoes_schema_; }

 private:
  bool undoes_schema_;
  TransactionMode mode_;
};

/// How far something came that failed.
struct Progress {
  bool enclosed = true;             ///< It was in a transaction that the runner began, and rolls back.
  std::size_t statements_kept = 0;  ///< Then: so many of its first statements were committed all the same.
  bool all_undone = false;          ///< Else: nothing of it can have stayed.
  bool is_first = true;             ///< No migration was finished before it in the same run.
};

/// What stays of it in the database, in sentences that begin with a blank; empty if nothing does. To be added to the
/// remedy of the error.
[[nodiscard]] std::string what_stays(const dialect::Dialect& dialect, const Progress& progress);
/// Adds them.
void tell_what_stays(Error& error, const dialect::Dialect& dialect, const Progress& progress);
/// Of a change of the schema in a transaction, which failed after so many statements.
void tell_what_stays_of_change(Error& error, Session& session, std::size_t done);

}  // namespace whimbrel::run
