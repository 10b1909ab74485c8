#include "dialect/sqlite/rewrite/drop_column.h"

#include <algorithm>
#include <set>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/syntax.h"
#include "operation/uses.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using model::Column;
using model::IndexedSchema;
using model::Schema;
using model::Table;
using ObjectNames = std::set<std::string>;

bool has_part(const std::vector<model::KeyPart>& parts, const std::string& column) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const model::KeyPart& part) { return sql::equal_ignoring_case(part.column, column); });
}

bool has_name(const std::vector<std::string>& names, const std::string& column) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return sql::equal_ignoring_case(name, column); });
}

/// The views, triggers and other objects that operations drop, and those that they create, in lower case.
struct Moved {
  ObjectNames dropped, dropped_triggers, created;

  void operator()(const DropTable& op) { dropped.insert(sql::to_lower(op.table.name.name)); }
  void operator()(const DropView& op) { dropped.insert(sql::to_lower(op.view.name.name)); }
  void operator()(const DropObject& op) { dropped.insert(sql::to_lower(op.object.name.name)); }
  void operator()(const DropTrigger& op) { dropped_triggers.insert(sql::to_lower(op.trigger.name)); }
  void operator()(const CreateTable& op) { created.insert(sql::to_lower(op.table.name.name)); }
  void operator()(const CreateView& op) { created.insert(sql::to_lower(op.view.name.name)); }
  void operator()(const CreateObject& op) { created.insert(sql::to_lower(op.object.name.name)); }
  template <class Other>
  void operator()(const Other&) {}

  [[nodiscard]] bool is_dropped(const model::Name& name) const { return dropped.contains(sql::to_lower(name.name)); }
  [[nodiscard]] bool is_dropped(const model::Trigger& trigger) const {
    return dropped_triggers.contains(sql::to_lower(trigger.name));
  }
};

/// Returns whether the view or trigger may use one of the objects.
template <class Item>
bool may_use_one(const Item& item, const ObjectNames& names) {
  if (names.empty()) return false;
  const std::set<std::string> mentioned = sql::mentioned_names(item.definition, sqlite_syntax);
  return std::any_of(mentioned.begin(), mentioned.end(), [&](const std::string& name) { return names.contains(name); });
}

/// Returns whether an object is kept while something that it uses is dropped.
bool stays_without(const Schema& before, const Moved& moved) {
  const auto is_without = [&](const auto& owner) {
    return std::any_of(owner.triggers.begin(), owner.triggers.end(), [&](const model::Trigger& trigger) {
      return !moved.is_dropped(trigger) && may_use_one(trigger, moved.dropped);
    });
  };
  for (const Table& table : before.tables) {
    if (!moved.is_dropped(table.name) && is_without(table)) return true;
  }
  return std::any_of(before.views.begin(), before.views.end(), [&](const model::View& view) {
    return !moved.is_dropped(view.name) && (may_use_one(view, moved.dropped) || is_without(view));
  });
}

/// A rebuild creates the triggers of its table, perhaps before what they use.
bool comes_before(const IndexedSchema& before, const IndexedSchema& after, const ObjectNames& created) {
  return std::any_of(after.tables.begin(), after.tables.end(), [&](const Table& table) {
    return before.find_table(table.name) != nullptr &&
           std::any_of(table.triggers.begin(), table.triggers.end(),
                       [&](const model::Trigger& trigger) { return may_use_one(trigger, created); });
  });
}

}  // namespace

bool is_used(const std::string& column, const Table& table, const Schema& schema) {
  if (table.primary_key && has_part(table.primary_key->columns, column)) return true;
  const auto uses_column = [&](const auto& item) { return has_part(item.columns, column); };
  if (std::any_of(table.uniques.begin(), table.uniques.end(), uses_column)) return true;
  const auto checks_column = [&](const model::Check& check) { return uses(check.uses, table.name, column); };
  if (std::any_of(table.checks.begin(), table.checks.end(), checks_column)) return true;
  for (const model::ForeignKey& key : table.foreign_keys) {
    if (has_name(key.columns, column)) return true;
  }
  for (const Column& other : table.columns) {
    if (other.computed && uses(other.computed->uses, table.name, column)) return true;
  }
  for (const Table& other : schema.tables) {
    for (const model::ForeignKey& key : other.foreign_keys) {
      const bool refers = sql::equal_ignoring_case(key.referenced_table.name, table.name.name);
      if (refers && has_name(key.referenced_columns, column)) return true;
    }
    for (const model::Trigger& trigger : other.triggers) {
      if (may_use(trigger, column)) return true;
    }
  }
  const auto view_uses = [&](const model::View& view) {
    return may_use(view, column) ||
           std::any_of(view.triggers.begin(), view.triggers.end(),
                       [&](const model::Trigger& trigger) { return may_use(trigger, column); });
  };
  return std::any_of(schema.views.begin(), schema.views.end(), view_uses);
}

bool leaves_unreadable(const std::vector<Operation>& operations, const IndexedSchema& before,
                       const IndexedSchema& after) {
  Moved moved;
  for (const Operation& operation : operations) std::visit(moved, operation);
  return stays_without(before.whole, moved) || comes_before(before, after, moved.created);
}

}  // namespace whimbrel::dialect::sqlite
