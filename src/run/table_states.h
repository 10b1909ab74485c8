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

/// Returns which parts of a table, a view or an object would be lost or differ from what the migration knows, as
/// display text. `found`: its current parts; null: it does not exist.
[[nodiscard]] std::vector<std::string> find_differences(const dialect::Dialect& dialect,
                                                        const change::TableChange& change, Direction direction,
                                                        const std::vector<change::TableItem>* found);

/// Returns the parts that a migration run in this direction should have changed, but did not, as display text. Parts
/// that it does not change may be as they are. `found`: the current parts; null: it does not exist.
[[nodiscard]] std::vector<std::string> find_unchanged(const dialect::Dialect& dialect,
                                                      const change::TableChange& change, Direction direction,
                                                      const std::vector<change::TableItem>* found);

/// The simulated state of tables, views and objects after migrations whose effect is known.
class TableStates {
 public:
  struct State {
    std::string hash;  ///< Empty: it does not exist.
    std::vector<change::TableItem> items;
    std::string migration;            ///< The last migration that changed it.
    std::set<std::string> earlier{};  ///< The hashes that it had before.

    /// Returns whether it is known to be what the migration was generated for. The definition of a view changes when
    /// something that it selects from is renamed, which migrations do not record.
    [[nodiscard]] bool decides(const change::TableChange& change, Direction direction) const;
  };

  explicit TableStates(const dialect::Dialect& dialect) : dialect_(dialect) {}

  /// Returns the state that the migration finds. Null: unknown.
  [[nodiscard]] const State* find(const change::TableChange& change, Direction direction) const;
  void apply(const std::string& migration, const std::vector<change::TableChange>& changes, Direction direction);
  /// Forgets all states, after a migration whose effect is unknown.
  void forget() { states_.clear(); }

 private:
  [[nodiscard]] std::string key(const std::string& kind, const model::Name& name) const;

  const dialect::Dialect& dialect_;
  std::map<std::string, State> states_;
};

/// A migration that was generated without an earlier one that changes the same table, view or object.
struct BranchConflict {
  std::string migration;
  std::string earlier;
  std::string kind;  ///< The kind of the object that both change: `table`.
  model::Name table;
  std::vector<std::string> differences;  ///< As display text.
};

/// Finds conflicts between migrations in the order in which they run. One whose effect is unknown may do anything: no
/// state is known after it.
[[nodiscard]] std::vector<BranchConflict> find_branch_conflicts(
    const dialect::Dialect& dialect, const std::vector<const session::KnownMigration*>& migrations);

/// Returns the text of tables(); nullopt for a hand-written migration.
[[nodiscard]] std::optional<std::vector<change::TableChange>> tables_of(const session::KnownMigration& migration);

}  // namespace whimbrel::run
