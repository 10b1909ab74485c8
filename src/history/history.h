#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

/// The table that remembers which migrations were applied. Its invariant: a row means applied.
///
/// `id`, `timestamp` and `name` are TypeORM's, so that a database can be shared with it; what else is known of a
/// migration stands in nullable columns that it does not see.
namespace whimbrel::history {

/// A migration that was applied.
struct Record {
  std::int64_t id = 0;  ///< In the order in which they were applied.
  std::int64_t timestamp = 0;
  std::string name;
  std::string checksum;                     ///< Of its source when it was applied; empty: not known.
  std::string applied_at;                   ///< UTC, `2026-01-31 12:00:00`; empty: not known.
  std::optional<std::int64_t> duration_ms;  ///< None: not known, or recorded without being run.
};

/// What the database says now.
struct State {
  std::vector<Record> records;  ///< By id.
  bool table_exists = false;
  std::vector<std::string> missing_columns;  ///< Of an existing table: those that are ours and not there yet.
};

class History {
 public:
  History(const dialect::Dialect& dialect, std::string table_name);

  [[nodiscard]] const std::string& table_name() const { return table_.name.name; }
  /// The table as it is made.
  [[nodiscard]] const model::Table& table() const { return table_; }

  /// One query. No table means that nothing was applied.
  [[nodiscard]] State read(dialect::Connection& connection) const;
  /// Only the id, the timestamp and the name of each: for a look before there is anything to do. One query, too.
  [[nodiscard]] std::vector<Record> read_names(dialect::Connection& connection) const;
  /// Was it applied? Less than read() where the state is known but for other runners.
  [[nodiscard]] bool contains(dialect::Connection& connection, const std::string& name) const;

  /// Makes the table, or adds the columns that it lacks, and notes it in `state`. Before the first add().
  void prepare(dialect::Connection& connection, State& state) const;
  void add(dialect::Connection& connection, const Record& record) const;
  void remove(dialect::Connection& connection, const Record& record) const;

 private:
  const dialect::Dialect* dialect_;
  model::Table table_;
};

/// Now, as applied_at has it.
[[nodiscard]] std::string current_time();

}  // namespace whimbrel::history
