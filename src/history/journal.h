#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

namespace whimbrel::history {

/// A statement of a migration, or an operation of several statements, in the journal.
struct JournalEntry {
  std::int64_t ordinal = 0;  ///< Counts the statements and operations of the migration, from 1.
  std::string hash;          ///< The hash of the statement with its parameters; empty: it is an operation.
  std::string text;          ///< The statement, or the statements of the operation.
  std::string state;         ///< The hash of Dialect::catalog_state() before it; empty: a rollback undoes it.
  std::string result;        ///< The rows or the error that it returned; of an operation, its last ordinal.
  bool is_done = false;      ///< If false, it may or may not have been run; without a state before others, it was not.

  [[nodiscard]] bool is_operation() const { return hash.empty(); }
};

/// A migration that a run begins, or that an earlier run began and did not complete.
struct PartialMigration {
  std::string name;
  bool reverting = false;             ///< If true, its `down` was running.
  std::string checksum;               ///< The checksum of its source; empty: unknown.
  std::vector<JournalEntry> entries;  ///< Sorted by ordinal.
  bool is_begun = true;               ///< If false, no earlier run began it.
};

/// Returns whether the database cannot undo schema changes, so that only a journal shows after a crash how far a
/// migration got.
[[nodiscard]] bool needs_journal(const dialect::Dialect& dialect);

/// The journal: the statements of the migration that is running. It is empty between migrations.
class Journal {
 public:
  /// The table's name is that of the history with `_journal`.
  Journal(const dialect::Dialect& dialect, const std::string& history_table);

  [[nodiscard]] const std::string& table_name() const { return table_.name.name; }

  /// Reads the journal with one query. Nullopt if no migration is partial, or if the database needs no journal.
  [[nodiscard]] std::optional<PartialMigration> read(dialect::Connection& connection) const;
  /// Creates the table unless it exists.
  void prepare(dialect::Connection& connection) const;
  /// Adds an entry of the migration, of which only the name, the direction and the checksum are used.
  void add(dialect::Connection& connection, const PartialMigration& partial, const JournalEntry& entry) const;
  /// Notes that a run has begun the migration in this direction, even if it completes no statement.
  void begin(dialect::Connection& connection, const PartialMigration& partial) const;
  /// Replaces the entries by those of a migration.
  void write(dialect::Connection& connection, const PartialMigration& partial) const;
  void set_done(dialect::Connection& connection, const JournalEntry& entry) const;
  void set_result(dialect::Connection& connection, const JournalEntry& entry) const;
  void set_state(dialect::Connection& connection, const JournalEntry& entry) const;
  void remove(dialect::Connection& connection, const JournalEntry& entry) const;
  void clear(dialect::Connection& connection) const;

 private:
  /// Sets columns, which are told by their places, to values.
  void set(dialect::Connection& connection, const JournalEntry& entry,
           const std::vector<std::pair<std::size_t, Value>>& columns) const;

  const dialect::Dialect* dialect_;
  model::Table table_;
};

/// Returns the names of whimbrel's own tables: the history, and its journal if the database needs one.
[[nodiscard]] std::vector<std::string> own_tables(const dialect::Dialect& dialect, const std::string& history_table);

}  // namespace whimbrel::history
