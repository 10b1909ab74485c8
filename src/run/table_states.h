#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "change/table_change.h"
#include "session/migrations.h"

namespace whimbrel::run {

enum class Direction { up, down };

/// What of a table would be lost or be another than the migration knows, in words; empty: nothing. `found`: what the
/// table has; null: it is not there.
[[nodiscard]] std::vector<std::string> find_differences(const dialect::Dialect& dialect, const TableChange& change,
                                                        Direction direction, const std::vector<TableItem>* found);

/// What the tables are after migrations of which is known what they leave.
class TableStates {
 public:
  struct State {
    std::string hash;  ///< Empty: the table is not there.
    std::vector<TableItem> items;
    std::string migration;  ///< The last one that had to do with it.
  };

  explicit TableStates(const dialect::Dialect& dialect) : dialect_(dialect) {}

  /// Null: not known.
  [[nodiscard]] const State* find(const model::Name& table) const;
  void apply(const std::string& migration, const std::vector<TableChange>& changes, Direction direction);
  /// After a migration that does not say what it does.
  void forget() { states_.clear(); }

 private:
  [[nodiscard]] std::string key(const model::Name& table) const;

  const dialect::Dialect& dialect_;
  std::map<std::string, State> states_;
};

/// A migration that was made without another one, which comes before it and changes the same table.
struct BranchConflict {
  std::string migration;
  std::string earlier;
  model::Name table;
  std::vector<std::string> differences;  ///< In words.
};

/// Of migrations in the order in which they run. One that does not say what it does may do anything: nothing is known
/// after it.
[[nodiscard]] std::vector<BranchConflict> find_branch_conflicts(const dialect::Dialect& dialect,
                                                                const std::vector<const KnownMigration*>& migrations);

/// The text of tables(); nothing if the migration was written by hand.
[[nodiscard]] std::optional<std::vector<TableChange>> tables_of(const KnownMigration& migration);

}  // namespace whimbrel::run
