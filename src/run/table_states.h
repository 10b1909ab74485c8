#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "change/table_change.h"
#include "session/migrations.h"

namespace whimbrel::run {

enum class Direction { up, down };

/// What of a table, a view or an object would be lost or be another than the migration knows, in words; empty: nothing.
/// `found`: what it has; null: it is not there.
[[nodiscard]] std::vector<std::string> find_differences(const dialect::Dialect& dialect, const TableChange& change,
                                                        Direction direction, const std::vector<TableItem>* found);

/// What tables, views and objects are after migrations of which is known what they leave.
class TableStates {
 public:
  struct State {
    std::string hash;  ///< Empty: it is not there.
    std::vector<TableItem> items;
    std::string migration;            ///< The last one that had to do with it.
    std::set<std::string> earlier{};  ///< The hashes that it had before.

    /// Is it known whether this is what the migration was made for? What a view says becomes another with the name of
    /// what it selects from, which no migration tells.
    [[nodiscard]] bool decides(const TableChange& change, Direction direction) const;
  };

  explicit TableStates(const dialect::Dialect& dialect) : dialect_(dialect) {}

  /// Of what the migration finds. Null: not known.
  [[nodiscard]] const State* find(const TableChange& change, Direction direction) const;
  void apply(const std::string& migration, const std::vector<TableChange>& changes, Direction direction);
  /// After a migration that does not say what it does.
  void forget() { states_.clear(); }

 private:
  [[nodiscard]] std::string key(const std::string& kind, const model::Name& name) const;

  const dialect::Dialect& dialect_;
  std::map<std::string, State> states_;
};

/// A migration that was made without another one, which comes before it and changes the same table, view or object.
struct BranchConflict {
  std::string migration;
  std::string earlier;
  std::string kind;  ///< Of what both change: `table`.
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
