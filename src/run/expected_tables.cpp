#include "run/expected_tables.h"

#include <algorithm>
#include <map>
#include <set>

namespace whimbrel::run {

namespace {

/// A table, a view or an object as the migration finds it.
struct Expected {
  const change::TableChange& change;
  Direction direction;

  [[nodiscard]] bool is_up() const { return direction == Direction::up; }
  [[nodiscard]] const model::Name& name() const { return is_up() ? change.name_before : change.name_after; }
  /// Returns whether it exists before the migration; otherwise nothing can be lost.
  [[nodiscard]] bool is_there() const {
    return (is_up() ? change.up : change.down) != change::TableAction::created && !hash().empty();
  }
  /// Empty: it does not exist.
  [[nodiscard]] const std::string& hash() const { return is_up() ? change.hash_before : change.hash_after; }
  [[nodiscard]] bool is_object() const { return change.kind != change::table_kind && change.kind != change::view_kind; }
};

/// Objects of the same name, by kind.
using ItemsByKind = std::map<std::string, std::vector<change::TableItem>>;
using ItemsByName = std::map<std::string, ItemsByKind>;

std::string folded(const dialect::Dialect& dialect, const model::Name& name) {
  const model::Name key = dialect.fold_name(model::NameKind::table, name);
  return key.schema + '.' + key.name;
}

/// Objects are found only if the whole database is read.
dialect::InspectScope scope_of(const std::vector<Expected>& all) {
  dialect::InspectScope scope;
  scope.objects = std::any_of(all.begin(), all.end(), [](const Expected& one) { return one.is_object(); });
  if (!scope.objects) {
    scope.only_changed = true;
    scope.part.emplace();
  }
  for (const Expected& expected : all) {
    if (scope.part) scope.part->changed.push_back(expected.name());
    const std::string& schema = expected.name().schema;
    const bool is_known = std::find(scope.schemas.begin(), scope.schemas.end(), schema) != scope.schemas.end();
    if (!schema.empty() && !is_known) scope.schemas.push_back(schema);
  }
  return scope;
}

ItemsByName read(const dialect::Dialect& dialect, dialect::Connection& connection, const std::vector<Expected>& all) {
  ItemsByName items;
  if (all.empty()) return items;
  std::set<std::string> wanted;
  for (const Expected& expected : all) wanted.insert(folded(dialect, expected.name()));
  const auto add = [&](std::string_view kind, const auto& thing) {
    const std::string name = folded(dialect, thing.name);
    if (wanted.contains(name)) items[name].emplace(kind, change::items_of(thing, dialect));
  };
  const model::Schema schema = dialect.inspect(connection, scope_of(all));
  for (const model::Table& table : schema.tables) add(change::table_kind, table);
  for (const model::View& view : schema.views) add(change::view_kind, view);
  for (const model::Object& object : schema.objects) add(object.kind, object);
  return items;
}

std::vector<std::string> differences(const dialect::Dialect& dialect, const Expected& expected,
                                     const ItemsByKind& found) {
  const auto same_kind = found.find(expected.change.kind);
  if (same_kind == found.end() && !found.empty())
    return {"something else has this name (" + found.begin()->first + ')'};
  return find_differences(dialect, expected.change, expected.direction,
                          same_kind == found.end() ? nullptr : &same_kind->second);
}

Error unexpected(const std::string& migration, const std::string& words, Direction direction) {
  const std::string advice =
      direction == Direction::up
          ? "If another migration or a branch changed it, regenerate this migration on top of that: `makemigrations "
            "--rebase " +
                migration +
                "`. If the database was changed by hand, undo that change, or add it to the entities with a migration "
                "that runs before this one."
          : "If the database was changed by hand, undo that change, or add it to the entities with a migration, which "
            "is then reverted first.";
  return Error(ErrorKind::unsafe, "The database does not match what the migration expects, so it was not " +
                                      std::string(direction == Direction::up ? "run" : "reverted") + '.' + words)
      .with_remedy(advice + " No statement of this migration was run.");
}

Error not_reached(const std::string& migration, const std::string& words, Direction direction) {
  const bool is_up = direction == Direction::up;
  return Error(ErrorKind::unsafe, "An earlier run did not complete the migration " + migration +
                                      ". The rest was run, but the database does not match the result of " +
                                      (is_up ? "the migration" : "reverting it") + ", so it was not recorded as " +
                                      (is_up ? "applied" : "reverted") + '.' + words)
      .with_remedy(
          std::string("The statement at which the earlier run stopped may be incomplete, although its table has "
                      "changed since. Correct the database by hand and run `") +
          (is_up ? "migrations` again, or undo the migration with `revertmigration"
                 : "revertmigration` again, or apply the migration again with `migrations") +
          "`. If the migration was edited and this is the schema that you want, record it with `" +
          (is_up ? "migrations" : "revertmigration") + " --fake`.");
}

std::string line(const Expected& expected, const std::string& difference) {
  return "\n  " + expected.change.kind + " \"" + to_string(expected.name()) + "\": " + difference;
}

}  // namespace

void require_expected_tables(session::Session& session, const std::string& migration,
                             const std::vector<change::TableChange>& changes, Direction direction,
                             const TableStates* imagined) {
  const dialect::Dialect& dialect = session.dialect();
  std::vector<Expected> all;
  std::vector<Expected> to_read;
  const auto state_of = [&](const Expected& expected) {
    return imagined == nullptr ? nullptr : imagined->find(expected.change, direction);
  };
  for (const change::TableChange& change : changes) {
    const Expected expected{change, direction};
    if (!expected.is_there()) continue;
    const TableStates::State* const state = state_of(expected);
    if (state != nullptr && !state->decides(change, direction)) continue;
    all.push_back(expected);
    if (state == nullptr) to_read.push_back(expected);
  }
  ItemsByName found = read(dialect, session.connection(), to_read);
  std::string words;
  for (const Expected& expected : all) {
    ItemsByKind& items = found[folded(dialect, expected.name())];
    const TableStates::State* const state = state_of(expected);
    if (state != nullptr && !state->hash.empty()) items.insert_or_assign(expected.change.kind, state->items);
    for (const std::string& difference : differences(dialect, expected, items)) {
      words += line(expected, difference);
    }
  }
  if (!words.empty()) throw unexpected(migration, words, direction);
}

// What is gone may have left its name to another one.
void require_reached_tables(session::Session& session, const std::string& migration,
                            const std::vector<change::TableChange>& changes, Direction direction) {
  const dialect::Dialect& dialect = session.dialect();
  const Direction back = direction == Direction::up ? Direction::down : Direction::up;
  std::vector<Expected> all;
  std::set<std::string> names;
  for (const change::TableChange& change : changes) {
    const Expected after{change, back};
    if (after.hash().empty()) continue;
    all.push_back(after);
    names.insert(folded(dialect, after.name()));
  }
  for (const change::TableChange& change : changes) {
    const Expected before{change, direction};
    const bool is_gone = Expected{change, back}.hash().empty();
    if (is_gone && !names.contains(folded(dialect, before.name()))) all.push_back(before);
  }
  const ItemsByName found = read(dialect, session.connection(), all);
  std::string words;
  for (const Expected& expected : all) {
    const std::vector<change::TableItem>* items = nullptr;
    if (const auto same_name = found.find(folded(dialect, expected.name())); same_name != found.end()) {
      const auto same_kind = same_name->second.find(expected.change.kind);
      if (same_kind != same_name->second.end()) items = &same_kind->second;
    }
    for (const std::string& difference : find_unchanged(dialect, expected.change, direction, items)) {
      words += line(expected, difference);
    }
  }
  if (!words.empty()) throw not_reached(migration, words, direction);
}

}  // namespace whimbrel::run
