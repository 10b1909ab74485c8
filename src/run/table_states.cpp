#include "run/table_states.h"

#include <algorithm>
#include <set>
#include <utility>

namespace whimbrel::run {

namespace {

class StateCheck {
 public:
  StateCheck(const dialect::Dialect& dialect, const change::TableChange& change, Direction direction)
      : dialect_(dialect), is_up_(direction == Direction::up), change_(change) {
    for (const change::ItemChange& item : change.items) {
      const std::string& hash = is_up_ ? item.hash_before : item.hash_after;
      const std::string& hash_then = is_up_ ? item.hash_after : item.hash_before;
      const std::string& name = is_up_ ? item.name_before : item.name_after;
      if (hash.empty()) {
        others_.push_back({item.kind, is_up_ ? item.name_after : item.name_before, hash_then});
        continue;
      }
      items_.push_back({item.kind, name, hash});
      changing_.push_back(hash != hash_then || item.name_before != item.name_after || item.is_rewritten);
      if (hash_then.empty() && item.kind == "column") dropped_.insert(name);
    }
  }

  [[nodiscard]] std::vector<std::string> differences(const std::vector<change::TableItem>& stored) const {
    const std::vector<change::TableItem> found = as_known(stored);
    if (hash_of(found, dialect_) == (is_up_ ? change_.hash_before : change_.hash_after)) return {};
    const change::ItemMatch match = change::match_items(items_, found, dialect_);
    std::vector<std::string> words;
    for (const std::size_t i : match.only_second) {
      if (is_lost(found[i])) {
        words.push_back(text(found[i]) + " is not known to the migration");
      } else if (is_in_the_way(found[i])) {
        words.push_back(text(found[i]) + " already exists");
      }
    }
    for (const auto& [i, j] : match.changed) {
      if (is_made_anew() || changing_[i]) words.push_back(text(items_[i]) + " differs from what the migration knows");
    }
    for (const std::size_t i : match.only_first) {
      // A rebuild would copy the column's name as a string, and a statement that changes the column fails.
      const bool is_needed =
          way() == change::TableAction::rebuilt || (way() == change::TableAction::altered && changing_[i]);
      if (is_needed && items_[i].kind == "column") words.push_back(text(items_[i]) + " is missing");
    }
    return words;
  }

  /// Returns what the other direction, which leads to this state, has not changed.
  [[nodiscard]] std::vector<std::string> unchanged(const std::vector<change::TableItem>& stored) const {
    const std::vector<change::TableItem> found = as_known(stored);
    if (hash_of(found, dialect_) == (is_up_ ? change_.hash_before : change_.hash_after)) return {};
    const change::ItemMatch match = change::match_items(items_, found, dialect_);
    std::vector<std::string> words;
    for (const std::size_t i : match.only_first) {
      if (changing_[i]) words.push_back(text(items_[i]) + " is missing");
    }
    for (const auto& [i, j] : match.changed) {
      if (changing_[i]) words.push_back(text(items_[i]) + " differs from what the migration makes");
    }
    for (const std::size_t j : match.only_second) {
      const bool was_dropped = std::any_of(others_.begin(), others_.end(), [&](const change::TableItem& item) {
        return item.kind == found[j].kind && item.name == found[j].name && item.hash == found[j].hash;
      });
      if (was_dropped) words.push_back(text(found[j]) + " still exists");
    }
    return words;
  }

  /// Returns whether the migration knows all parts of the table.
  [[nodiscard]] bool knows(const std::vector<change::TableItem>& found) const {
    const change::ItemMatch match = change::match_items(items_, found, dialect_);
    return match.only_second.empty() && match.changed.empty();
  }

 private:
  /// Returns the items, with the known hash of each whose text only the database itself has rewritten.
  [[nodiscard]] std::vector<change::TableItem> as_known(std::vector<change::TableItem> items) const {
    const auto is_known = [&](const std::string& kind, const std::string& hash) {
      return std::any_of(items_.begin(), items_.end(),
                         [&](const change::TableItem& known) { return known.kind == kind && known.hash == hash; });
    };
    for (change::TableItem& item : items) {
      if (is_known(item.kind, item.hash)) continue;
      const auto former = std::find_if(item.former_hashes.begin(), item.former_hashes.end(),
                                       [&](const std::string& hash) { return is_known(item.kind, hash); });
      if (former != item.former_hashes.end()) item.hash = *former;
    }
    return items;
  }

  [[nodiscard]] change::TableAction way() const { return is_up_ ? change_.up : change_.down; }
  [[nodiscard]] bool is_made_anew() const {
    return way() == change::TableAction::rebuilt || way() == change::TableAction::dropped;
  }

  /// Returns whether it would be dropped with the table or with a column.
  [[nodiscard]] bool is_lost(const change::TableItem& item) const {
    if (is_made_anew()) return true;
    if (dropped_.empty() || item.kind == "column" || item.kind == "trigger") return false;
    return item.has_expression || std::any_of(item.columns.begin(), item.columns.end(),
                                              [&](const std::string& column) { return dropped_.contains(column); });
  }

  /// Returns whether it has the name of a column that is added.
  [[nodiscard]] bool is_in_the_way(const change::TableItem& item) const {
    return item.kind == "column" && way() == change::TableAction::altered &&
           std::any_of(others_.begin(), others_.end(), [&](const change::TableItem& added) {
             return added.kind == item.kind && dialect_.same_name(model::NameKind::column, added.name, item.name);
           });
  }

  static std::string text(const change::TableItem& item) {
    const bool is_only_one = item.kind == "primary key" || item.kind == "definition";
    return is_only_one ? "the " + item.kind : item.kind + " \"" + item.name + '"';
  }

  const dialect::Dialect& dialect_;
  bool is_up_;
  const change::TableChange& change_;
  std::vector<change::TableItem> items_;
  std::vector<bool> changing_;
  std::vector<change::TableItem> others_;  ///< Those that are there only after the change.
  std::set<std::string> dropped_;
};

/// Compares the migration with the known state of the table.
std::vector<std::string> find_conflict(const dialect::Dialect& dialect, const change::TableChange& change,
                                       const TableStates::State& state) {
  if (change.hash_before == state.hash) return {};
  if (!state.decides(change, Direction::up)) return {};
  if (change.hash_before.empty()) return {"the " + change.kind + " already exists"};
  if (state.hash.empty()) return {"the " + change.kind + " does not exist"};
  std::vector<std::string> differences = find_differences(dialect, change, Direction::up, &state.items);
  const bool goes_back_anew = change.down == change::TableAction::rebuilt;
  if (differences.empty() && goes_back_anew && !StateCheck(dialect, change, Direction::up).knows(state.items)) {
    differences.emplace_back("reverting the migration would lose what the other one created");
  }
  return differences;
}

}  // namespace

std::vector<std::string> find_differences(const dialect::Dialect& dialect, const change::TableChange& change,
                                          Direction direction, const std::vector<change::TableItem>* found) {
  if (found == nullptr) return {"the " + change.kind + " does not exist"};
  return StateCheck(dialect, change, direction).differences(*found);
}

std::vector<std::string> find_unchanged(const dialect::Dialect& dialect, const change::TableChange& change,
                                        Direction direction, const std::vector<change::TableItem>* found) {
  const bool is_up = direction == Direction::up;
  const bool exists_after = !(is_up ? change.hash_after : change.hash_before).empty();
  if (!exists_after) return found == nullptr ? std::vector<std::string>() : std::vector<std::string>{"still exists"};
  if (found == nullptr) return {"is missing"};
  return StateCheck(dialect, change, is_up ? Direction::down : Direction::up).unchanged(*found);
}

bool TableStates::State::decides(const change::TableChange& change, Direction direction) const {
  const std::string& expected = direction == Direction::up ? change.hash_before : change.hash_after;
  return change.kind == change::table_kind || hash.empty() || hash == expected || earlier.contains(expected);
}

std::string TableStates::key(const std::string& kind, const model::Name& name) const {
  const model::Name folded = dialect_.fold_name(model::NameKind::table, name);
  return kind + ' ' + folded.schema + '.' + folded.name;
}

const TableStates::State* TableStates::find(const change::TableChange& change, Direction direction) const {
  const auto found =
      states_.find(key(change.kind, direction == Direction::up ? change.name_before : change.name_after));
  return found == states_.end() ? nullptr : &found->second;
}

void TableStates::apply(const std::string& migration, const std::vector<change::TableChange>& changes,
                        Direction direction) {
  const bool is_up = direction == Direction::up;
  // An object may have had a different name before, which another object has now.
  std::vector<std::pair<std::string, State>> after;
  for (const change::TableChange& change : changes) {
    State state{is_up ? change.hash_after : change.hash_before, {}, migration};
    if (const State* const before = find(change, direction)) {
      state.earlier = before->earlier;
      state.earlier.insert(before->hash);
    }
    state.earlier.insert(is_up ? change.hash_before : change.hash_after);
    for (const change::ItemChange& item : change.items) {
      const std::string& hash = is_up ? item.hash_after : item.hash_before;
      if (hash.empty()) continue;
      // The text does not contain its columns.
      state.items.push_back({item.kind, is_up ? item.name_after : item.name_before, hash, {}, true});
    }
    after.emplace_back(key(change.kind, is_up ? change.name_after : change.name_before), std::move(state));
  }
  for (const change::TableChange& change : changes) {
    const model::Name& name = is_up ? change.name_before : change.name_after;
    states_.insert_or_assign(key(change.kind, name), State{{}, {}, migration});
  }
  for (auto& [name, state] : after) states_.insert_or_assign(name, std::move(state));
}

std::optional<std::vector<change::TableChange>> tables_of(const session::KnownMigration& migration) {
  std::optional<std::vector<change::TableChange>> changes;
  migration.use([&](Migration& one) {
    if (const char* const text = one.tables()) changes = change::read_table_changes(text);
  });
  return changes;
}

std::vector<BranchConflict> find_branch_conflicts(const dialect::Dialect& dialect,
                                                  const std::vector<const session::KnownMigration*>& migrations) {
  std::vector<BranchConflict> conflicts;
  TableStates states(dialect);
  for (const session::KnownMigration* migration : migrations) {
    const std::optional<std::vector<change::TableChange>> changes = tables_of(*migration);
    if (!changes) {
      states.forget();
      continue;
    }
    for (const change::TableChange& change : *changes) {
      const TableStates::State* const state = states.find(change, Direction::up);
      if (state == nullptr) continue;
      std::vector<std::string> differences = find_conflict(dialect, change, *state);
      if (differences.empty()) continue;
      conflicts.push_back({migration->name, state->migration, change.kind, change.name_before, std::move(differences)});
    }
    states.apply(migration->name, *changes, Direction::up);
  }
  return conflicts;
}

}  // namespace whimbrel::run
