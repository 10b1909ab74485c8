#include "run/expected_tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace whimbrel::run {

namespace {

/// A table as the migration finds it, goes on and leaves it.
struct Expected {
  const TableChange& change;
  Direction direction;

  [[nodiscard]] bool is_up() const { return direction == Direction::up; }
  [[nodiscard]] const model::Name& name() const { return is_up() ? change.name_before : change.name_after; }
  [[nodiscard]] TableWay way() const { return is_up() ? change.up : change.down; }
  [[nodiscard]] const std::string& hash() const { return is_up() ? change.hash_before : change.hash_after; }

  /// What it has now; `changing` gets for each whether the migration changes it, `dropped` the columns that go.
  [[nodiscard]] std::vector<TableItem> items(std::vector<bool>& changing, std::set<std::string>& dropped) const {
    std::vector<TableItem> result;
    for (const ItemChange& item : change.items) {
      const std::string& hash = is_up() ? item.hash_before : item.hash_after;
      const std::string& hash_then = is_up() ? item.hash_after : item.hash_before;
      const std::string& name = is_up() ? item.name_before : item.name_after;
      if (hash.empty()) continue;
      result.push_back({item.kind, name, hash});
      changing.push_back(hash != hash_then || item.name_before != item.name_after);
      if (hash_then.empty() && item.kind == "column") dropped.insert(name);
    }
    return result;
  }
};

class Check {
 public:
  Check(const dialect::Dialect& dialect, const Expected& expected) : dialect_(dialect), expected_(expected) {
    items_ = expected.items(changing_, dropped_);
  }

  /// What is different and would be lost, in words; empty: nothing.
  [[nodiscard]] std::vector<std::string> differences(const model::Table* table) const {
    if (table == nullptr) return {"the table is not there"};
    const std::vector<TableItem> found = items_of(*table, dialect_);
    if (hash_of(found, dialect_) == expected_.hash()) return {};
    const ItemMatch match = match_items(items_, found, dialect_);
    std::vector<std::string> words;
    for (const std::size_t i : match.only_second) {
      if (is_lost(found[i])) words.push_back(text(found[i]) + " is not known to the migration");
    }
    for (const auto& [i, j] : match.changed) {
      if (is_made_anew() || changing_[i]) words.push_back(text(items_[i]) + " is not as the migration knows it");
    }
    // A rebuild would copy the column's name as a text.
    for (const std::size_t i : match.only_first) {
      if (expected_.way() == TableWay::rebuilt && items_[i].kind == "column") {
        words.push_back(text(items_[i]) + " is missing");
      }
    }
    return words;
  }

 private:
  [[nodiscard]] bool is_made_anew() const {
    return expected_.way() == TableWay::rebuilt || expected_.way() == TableWay::dropped;
  }

  /// Would it go with the table, or with a column?
  [[nodiscard]] bool is_lost(const TableItem& item) const {
    if (is_made_anew()) return true;
    if (dropped_.empty() || item.kind == "column" || item.kind == "trigger") return false;
    return item.has_expression || std::any_of(item.columns.begin(), item.columns.end(),
                                              [&](const std::string& column) { return dropped_.contains(column); });
  }

  static std::string text(const TableItem& item) {
    return item.kind == "primary key" ? "the primary key" : item.kind + " \"" + item.name + '"';
  }

  const dialect::Dialect& dialect_;
  const Expected& expected_;
  std::vector<TableItem> items_;
  std::vector<bool> changing_;
  std::set<std::string> dropped_;
};

/// Those that are there before the migration; what makes a table has nothing to lose.
std::vector<Expected> tables_to_check(const std::vector<TableChange>& changes, Direction direction) {
  std::vector<Expected> tables;
  for (const TableChange& change : changes) {
    const Expected expected{change, direction};
    if (expected.way() != TableWay::created && !expected.hash().empty()) tables.push_back(expected);
  }
  return tables;
}

model::Schema read(const dialect::Dialect& dialect, dialect::Connection& connection,
                   const std::vector<Expected>& tables) {
  dialect::Scope scope;
  scope.only_changed = true;
  scope.part.emplace();
  for (const Expected& expected : tables) {
    scope.part->changed.push_back(expected.name());
    const std::string& schema = expected.name().schema;
    const bool is_known = std::find(scope.schemas.begin(), scope.schemas.end(), schema) != scope.schemas.end();
    if (!schema.empty() && !is_known) scope.schemas.push_back(schema);
  }
  return dialect.inspect(connection, scope);
}

std::string folded(const dialect::Dialect& dialect, const model::Name& name) {
  return dialect.fold(name.schema) + '.' + dialect.fold(name.name);
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
                                      std::string(direction == Direction::up ? "run" : "reverted") +
                                      ": something would be lost." + words)
      .with_remedy(advice + " Nothing of this migration was executed.");
}

}  // namespace

void require_expected_tables(Session& session, dialect::Connection& connection, const std::vector<TableChange>& changes,
                             Direction direction) {
  const dialect::Dialect& dialect = session.dialect();
  const std::vector<Expected> tables = tables_to_check(changes, direction);
  if (tables.empty()) return;
  const model::Schema schema = read(dialect, connection, tables);
  std::map<std::string, const model::Table*> found;
  for (const model::Table& table : schema.tables) found.emplace(folded(dialect, table.name), &table);
  std::string words;
  for (const Expected& expected : tables) {
    const auto place = found.find(folded(dialect, expected.name()));
    for (const std::string& difference :
         Check(dialect, expected).differences(place == found.end() ? nullptr : place->second)) {
      words += "\n  table \"" + to_string(expected.name()) + "\": " + difference;
    }
  }
  if (!words.empty()) throw unexpected(words, direction);
}

}  // namespace whimbrel::run
