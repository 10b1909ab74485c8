#include "dialect/postgres/rewrite/own_columns.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/rewrite/family_order.h"
#include "plan/type_detour.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;
using model::Table;

/// The columns that tables have of their own, as the operations leave them, one after the other.
class OwnColumns {
 public:
  OwnColumns(const Schema& from, const std::vector<Operation>& operations) {
    for (const Table& table : from.tables) add(table);
    for (const Operation& operation : operations) {
      const auto* const op = std::get_if<AddColumn>(&operation);
      if (op != nullptr && op->column.of_parent.value) coming_.emplace(std::pair(op->table, op->column.name), *op);
    }
  }

  void operator()(const CreateTable& op) {
    add(op.table);
    if (op.table.apart.value != nullptr) made_.emplace(op.table.name, op.table.apart.value);
  }
  void operator()(const DropTable& op) {
    leave(op.table.name, op.table.inherits);
    columns_.erase(op.table.name);
  }
  void operator()(const AlterTable& op) {
    leave(op.table, op.inherits_before);
    join(op.table, op.inherits_after);
  }
  void operator()(const AddColumn& op) {
    if (!op.column.of_parent.value) columns_[op.table].insert_or_assign(op.column.name, op.column);
    if (!op.column.computed) return;
    // It may be a recreated one: with it, children lost theirs, and got another.
    for_family(op.table, op.column.name, [&](Column& column, bool is_self) {
      if (!is_self) column.nullable = op.column.nullable;
    });
  }
  void operator()(const DropColumn& op) {
    columns_[op.table].erase(op.column.name);
    const auto children = children_.find(op.table);
    if (!op.only || children == children_.end()) return;
    for (const Name& child : children->second) left_behind_.emplace(child, op.column.name);
  }
  void operator()(const AlterColumn& op) {
    const Column& before = op.before;
    const Column& after = op.after;
    const bool changes_counting = before.auto_increment != after.auto_increment || before.identity != after.identity;
    const bool sets_default = before.default_expression != after.default_expression || changes_type(op);
    const bool counts = changes_counting && after.auto_increment && !after.identity;
    for_family(op.table, after.name, [&](Column& column, bool is_self) {
      if (before.identity && changes_counting && is_self) column.auto_increment = column.identity = false;
      if (before.auto_increment && !before.identity && changes_counting) give(column, std::nullopt);
      if (clears_default(op) || (sets_default && after.default_expression)) give(column, after.default_expression);
      if (counts && is_self) column.auto_increment = true;
      if (counts && !is_self) give(column, "nextval");  // Of the other table's sequence: never what it should have.
      if (before.nullable != after.nullable) column.nullable = after.nullable;
    });
  }
  void operator()(const AlterEnum& op) {
    if (!is_recreated(op)) return;
    for (const bool inherited : {false, true}) {
      for (const EnumColumn& user : op.columns) {
        if (user.inherited != inherited) continue;
        const auto& value = user.column.default_expression;
        if (!inherited && !user.before_has_default && !value) continue;
        for_family(user.table, user.column.name, [&](Column& column, bool) { give(column, value); });
      }
    }
  }
  /// For a table that is created, such an object states that an inherited column is NOT NULL, unlike the parent's.
  void operator()(const CreateObject& op) {
    if (op.object.kind != own_not_null_kind) return;
    const model::Reference& used = column_of(op.object);
    const auto table = made_.find(used.name);
    if (table == made_.end()) return;
    const Column* const made = table->second->find_column(used.column);
    if (made == nullptr) return;
    for_family(used.name, used.column, [&](Column& column, bool) { column.nullable = made->nullable; });
  }
  template <class Other>
  void operator()(const Other&) {}

  /// Returns what must come before the operation: a default of a child may have no cast to the column's new type.
  [[nodiscard]] std::vector<Operation> dropped_before(const Operation& operation) {
    std::vector<Operation> drops;
    const auto* const op = std::get_if<AlterColumn>(&operation);
    if (op == nullptr || !changes_type(*op) || clears_default(*op)) return drops;
    for (const Name& name : descendants(op->table)) {
      const Column* const column = find(name, op->before.name);
      if (column == nullptr || !column->default_expression) continue;
      drops.emplace_back(AlterColumn{name, *column, plan::without_default(*column), {}, {}});
      (*this)(std::get<AlterColumn>(drops.back()));
    }
    return drops;
  }

  /// Returns whether to omit the operation, because that of the parent adds or drops the column.
  [[nodiscard]] bool is_of_parent(const Operation& operation) const {
    const auto* const added = std::get_if<AddColumn>(&operation);
    const auto* const dropped = std::get_if<DropColumn>(&operation);
    if (added != nullptr) return added->column.of_parent.value;
    return dropped != nullptr && dropped->column.of_parent.value &&
           !left_behind_.contains({dropped->table, dropped->column.name});
  }

  /// Returns what the columns that children got with the operation need at once, before keys are made of them. Those of
  /// children come first, because NOT NULL of a parent concerns their rows, too.
  [[nodiscard]] std::vector<Operation> needed_after(const Operation& operation) {
    std::vector<Operation> made;
    const auto* const op = std::get_if<AddColumn>(&operation);
    if (op == nullptr || coming_.empty()) return made;
    const std::vector<Name> names = descendants(op->table);
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const auto coming = coming_.find({*name, op->column.name});
      if (coming == coming_.end()) continue;
      const Column& wanted = coming->second.column;
      AlterColumn change{*name, wanted, wanted, coming->second.backfill, {}};
      if (!change.backfill) change.backfill = wanted.default_expression;
      change.before.nullable = op->column.nullable;
      give(change.before,
           op->column.auto_increment ? std::optional<std::string>("nextval") : op->column.default_expression);
      columns_[*name].insert_or_assign(wanted.name, change.before);
      coming_.erase(coming);
      if (change.before == change.after) continue;
      (*this)(change);
      made.emplace_back(std::move(change));
    }
    return made;
  }

  /// Returns what makes the columns of child tables as they are in the schema.
  [[nodiscard]] std::vector<Operation> restored(const Schema& to) {
    std::vector<Operation> made;
    for (const Table* const table : parents_first(to)) {
      for (const Column& wanted : table->columns) {
        const Column* const left = find(table->name, wanted.name);
        if (left == nullptr || wanted.identity) continue;
        AlterColumn op{table->name, wanted, wanted, {}, {}};
        op.before.nullable = left->nullable;
        if (!wanted.computed) {
          op.before.default_expression = left->default_expression;
          op.before.auto_increment = left->auto_increment;
        }
        if (op.before == op.after) continue;
        (*this)(op);
        made.emplace_back(std::move(op));
      }
    }
    return made;
  }

 private:
  void add(const Table& table) {
    join(table.name, table.inherits);
    for (const Column& column : table.columns) columns_[table.name].insert_or_assign(column.name, column);
  }
  void join(const Name& table, const std::vector<Name>& parents) {
    for (const Name& parent : parents) children_[parent].insert(table);
  }
  void leave(const Name& table, const std::vector<Name>& parents) {
    for (const Name& parent : parents) children_[parent].erase(table);
  }

  /// Parents come before their children.
  [[nodiscard]] std::vector<Name> descendants(const Name& table) const {
    std::vector<Name> names = {table};
    std::set<Name> found_names = {table};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto found = children_.find(names[i]);
      if (found == children_.end()) continue;
      for (const Name& child : found->second) {
        if (found_names.insert(child).second) names.push_back(child);
      }
    }
    names.erase(names.begin());
    return names;
  }

  [[nodiscard]] Column* find(const Name& table, const std::string& column) {
    const auto columns = columns_.find(table);
    if (columns == columns_.end()) return nullptr;
    const auto found = columns->second.find(column);
    return found == columns->second.end() ? nullptr : &found->second;
  }

  /// For the table's column, and those of its children, direct and indirect, that are their own, too.
  template <class Function>
  void for_family(const Name& table, const std::string& name, Function function) {
    if (Column* const column = find(table, name)) function(*column, true);
    for (const Name& child : descendants(table)) {
      if (Column* const column = find(child, name)) function(*column, false);
    }
  }

  static void give(Column& column, std::optional<std::string> value) {
    if (column.computed || column.identity) return;
    column.auto_increment = false;
    column.default_expression = std::move(value);
  }

  /// Returns the tables that inherit.
  static std::vector<const Table*> parents_first(const Schema& schema) {
    Depths depths(schema);
    std::vector<const Table*> tables;
    for (const Table& table : schema.tables) {
      if (!table.inherits.empty()) tables.push_back(&table);
    }
    std::stable_sort(tables.begin(), tables.end(), [&](const Table* const a, const Table* const b) {
      return depths.of(a->name) < depths.of(b->name);
    });
    return tables;
  }

  std::map<Name, std::shared_ptr<const Table>> made_;
  std::map<Name, std::set<Name>> children_;
  std::map<Name, std::map<std::string, Column>> columns_;
  std::map<std::pair<Name, std::string>, AddColumn> coming_;  ///< Those that a parent adds.
  std::set<std::pair<Name, std::string>> left_behind_;        ///< Those that only a parent dropped.
};

bool has_children(const Schema& schema) {
  return std::any_of(schema.tables.begin(), schema.tables.end(),
                     [](const Table& table) { return !table.inherits.empty(); });
}

}  // namespace

void keep_own_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  if (!has_children(from) && !has_children(to)) return;
  OwnColumns columns(from, operations);
  std::vector<Operation> all;
  for (Operation& operation : operations) {
    std::vector<Operation> before = columns.dropped_before(operation);
    std::move(before.begin(), before.end(), std::back_inserter(all));
    std::visit(columns, operation);
    std::vector<Operation> needed = columns.needed_after(operation);
    if (!columns.is_of_parent(operation)) all.push_back(std::move(operation));
    std::move(needed.begin(), needed.end(), std::back_inserter(all));
  }
  std::vector<Operation> after = columns.restored(to);
  std::move(after.begin(), after.end(), std::back_inserter(all));
  operations = std::move(all);
}

}  // namespace whimbrel::dialect::postgres
