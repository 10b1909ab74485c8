#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

/// The migration history table: one row per applied migration.
///
/// `id`, `timestamp` and `name` are TypeORM's columns, so that a database can be shared with it; additional facts are
/// stored in nullable columns that TypeORM ignores.
namespace whimbrel::history {

/// An applied migration.
struct Record {
  std::int64_t id = 0;  ///< Ascending in the order of application.
  std::int64_t timestamp = 0;
  std::string name;
  std::string checksum;                     ///< The checksum of its source when it was applied; empty: unknown.
  std::string applied_at;                   ///< UTC, `2026-01-31 12:00:00`; empty: unknown.
  std::optional<std::int64_t> duration_ms;  ///< None: unknown, or recorded without being run.
};

/// The current state of the history.
struct State {
  std::vector<Record> records;  ///< Sorted by id.
  bool table_exists = false;
  std::vector<std::string> missing_columns;  ///< For an existing table: whimbrel's columns that it lacks.
};

class History {
 public:
  History(const dialect::Dialect& dialect, std::string table_name);

  [[nodiscard]] const std::string& table_name() const { return table_.name.name; }
  /// The definition of the table.
  [[nodiscard]] const model::Table& table() const { return table_; }

  /// Reads the history with one query. Without a table, nothing was applied.
  [[nodiscard]] State read(dialect::Connection& connection) const;
  /// Reads only ids, timestamps and names with one query, to find out whether there is anything to do.
  [[nodiscard]] std::vector<Record> read_names(dialect::Connection& connection) const;
  /// Returns whether the migration is applied. Cheaper than read(), for rechecking against concurrent runners.
  [[nodiscard]] bool contains(dialect::Connection& connection, const std::string& name) const;

  /// Creates the table or adds the columns that it lacks, and updates `state`. Call it before the first add().
  void prepare(dialect::Connection& connection, State& state) const;
  void add(dialect::Connection& connection, const Record& record) const;
  void remove(dialect::Connection& connection, const Record& record) const;

 private:
  const dialect::Dialect* dialect_;
  model::Table table_;
};

/// Returns the current time in the format of applied_at.
[[nodiscard]] std::string current_time();

}  // namespace whimbrel::history
