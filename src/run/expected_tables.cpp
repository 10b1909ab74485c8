#include "run/expected_tables.h"

#include <algorithm>
#include <map>

namespace whimbrel::run {

namespace {

/// A table as the migration finds it.
struct Expected {
  const TableChange& change;
  Direction direction;

  [[nodiscard]] bool is_up() const { return direction == Direction::up; }
  [[nodiscard]] const model::Name& name() const { return is_up() ? change.name_before : change.name_after; }
  /// What makes a table has nothing to lose.
  [[nodiscard]] bool is_there() const {
    return (is_up() ? change.up : change.down) != TableWay::created &&
           !(is_up() ? change.hash_before : change.hash_after).empty();
  }
};

using ItemsByName = std::map<std::string, std::vector<TableItem>>;

std::string folded(const dialect::Dialect& dialect, const model::Name& name) {
  return dialect.fold(name.schema) + '.' + dialect.fold(name.name);
}

ItemsByName read(const dialect::Dialect& dialect, dialect::Connection& connection,
                 const std::vector<Expected>& tables) {
  ItemsByName items;
  if (tables.empty()) return items;
  dialect::Scope scope;
  scope.only_changed = true;
  scope.part.emplace();
  for (const Expected& expected : tables) {
    scope.part->changed.push_back(expected.name());
    const std::string& schema = expected.name().schema;
    const bool is_known = std::find(scope.schemas.begin(), scope.schemas.end(), schema) != scope.schemas.end();
    if (!schema.empty() && !is_known) scope.schemas.push_back(schema);
  }
  for (const model::Table& table : dialect.inspect(connection, scope).tables) {
    items.emplace(folded(dialect, table.name), items_of(table, dialect));
  }
  return items;
}

Error unexpected(const std::string& words, Direction direction) {
  const std::string advice =
      direction == Direction::up
          ? "If another migration or a branch changed the table, make this one anew on top of that: `makemigrations "
            "--rebase`. If somebody changed the database by hand, undo that, or make it part of the entities with a "
            "migration that runs before this one."
          : "If somebody changed the database by hand, undo that, or add it to the entities with a migration, which is "
            "then reverted first.";
  return Error(ErrorKind::unsafe, "The database is not as the migration expects it, so it was not " +
                                      std::string(direction == Direction::up ? "run" : "reverted") + '.' + words)
      .with_remedy(advice + " Nothing of this migration was executed.");
}

}  // namespace

void require_expected_tables(Session& session, const std::vector<TableChange>& changes, Direction direction,
                             const TableStates* imagined) {
  const dialect::Dialect& dialect = session.dialect();
  std::vector<Expected> tables;
  std::vector<Expected> to_read;
  const auto state_of = [&](const Expected& expected) {
    return imagined == nullptr ? nullptr : imagined->find(expected.name());
  };
  for (const TableChange& change : changes) {
    const Expected expected{change, direction};
    if (!expected.is_there()) continue;
    tables.push_back(expected);
    if (state_of(expected) == nullptr) to_read.push_back(expected);
  }
  const ItemsByName found = read(dialect, session.connection(), to_read);
  std::string words;
  for (const Expected& expected : tables) {
    const TableStates::State* const state = state_of(expected);
    const auto place = found.find(folded(dialect, expected.name()));
    const std::vector<TableItem>* items = place == found.end() ? nullptr : &place->second;
    if (state != nullptr) items = state->hash.empty() ? nullptr : &state->items;
    for (const std::string& difference : find_differences(dialect, expected.change, direction, items)) {
      words += "\n  table \"" + to_string(expected.name()) + "\": " + difference;
    }
  }
  if (!words.empty()) throw unexpected(words, direction);
}

}  // namespace whimbrel::run
