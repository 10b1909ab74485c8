#include "dialect/postgres/rewrite/inheritance.h"
#include "dialect/postgres/generate/table_options.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;
using model::Table;
using ColumnName = std::pair<Name, std::string>;

bool has(const std::vector<Name>& names, const Name& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_moved(const AlterTable& op) {
  const auto before = op.options_before.find(partition_bound);
  const auto after = op.options_after.find(partition_bound);
  const bool is_partition = before != op.options_before.end();
  if (is_partition != (after != op.options_after.end())) return true;
  return op.inherits_before != op.inherits_after || (is_partition && before->second != after->second);
}

/// Returns whether the keys and indexes of a partition that belong to its parent's are named as the server does it.
bool has_names_of_server(const Table& table) {
  const auto is_usual = [&](const std::string& name, const std::vector<std::string>& columns, const char* suffix) {
    std::string usual = table.name.name;
    for (const std::string& column : columns) usual += '_' + column;
    return name == usual + suffix;
  };
  const Table& apart = *table.apart.value;
  return (!apart.primary_key || table.primary_key || is_usual(apart.primary_key->name.text, {}, "_pkey")) &&
         std::all_of(apart.uniques.begin() + static_cast<std::ptrdiff_t>(table.uniques.size()), apart.uniques.end(),
                     [&](const model::Unique& unique) {
                       return is_usual(unique.name.text, model::column_names(unique.columns), "_key");
                     }) &&
         std::all_of(apart.indexes.begin() + static_cast<std::ptrdiff_t>(table.indexes.size()), apart.indexes.end(),
                     [&](const model::Index& index) {
                       return is_usual(index.name.text, model::column_names(index.columns), "_idx");
                     });
}

/// The tables of a schema that inherit, and all tables by their names.
class Family {
 public:
  explicit Family(const Schema& schema) {
    for (const Table& table : schema.tables) {
      tables_.emplace(table.name, &table);
      for (const Name& parent : table.inherits) children_[parent].push_back(&table);
    }
  }

  [[nodiscard]] bool has_children() const { return !children_.empty(); }
  [[nodiscard]] const Table* find(const Name& name) const {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : found->second;
  }
  [[nodiscard]] const std::vector<const Table*>& children(const Name& name) const {
    static const std::vector<const Table*> none;
    const auto found = children_.find(name);
    return found == children_.end() ? none : found->second;
  }
  /// Returns those of its children, and of theirs, that only inherit the column.
  [[nodiscard]] std::vector<Name> heirs(const Name& name, const std::string& column) const {
    std::vector<Name> names;
    std::set<Name> known;
    std::vector<Name> parents = {name};
    while (!parents.empty()) {
      const Name parent = std::move(parents.back());
      parents.pop_back();
      for (const Table* const child : children(parent)) {
        if (!known.insert(child->name).second) continue;
        names.push_back(child->name);
        parents.push_back(child->name);
      }
    }
    std::erase_if(names, [&](const Name& child) { return tables_.at(child)->find_column(column) != nullptr; });
    return names;
  }
  /// Returns whether the table has the column, its own or one that it inherits.
  [[nodiscard]] bool has_column(const Name& name, const std::string& column) const {
    const Table* const table = find(name);
    return table != nullptr && (table->find_column(column) != nullptr ||
                                std::any_of(table->inherits.begin(), table->inherits.end(),
                                            [&](const Name& parent) { return has_column(parent, column); }));
  }

 private:
  std::map<Name, const Table*> tables_;
  std::map<Name, std::vector<const Table*>> children_;
};

/// Drops columns of parents only there if a child keeps them.
class ColumnDrops {
 public:
  ColumnDrops(std::vector<Operation>& operations, const Family& from, const Family& to)
      : operations_(operations), from_(from), to_(to) {}

  void run() {
    for (const Operation& operation : operations_) {
      if (const auto* op = std::get_if<DropColumn>(&operation)) dropped_.emplace(op->table, op->column.name);
    }
    // Those that are added are followed, too.
    std::size_t next = 0;
    while (next < operations_.size()) {
      auto* const op = std::get_if<DropColumn>(&operations_[next++]);
      if (op == nullptr || !is_kept_below(op->table, op->column.name)) continue;
      op->only = true;
      drop_from_children(DropColumn(*op));
    }
  }

 private:
  [[nodiscard]] bool stays(const Table& child, const Name& parent) const {
    const Table* const after = to_.find(child.name);
    return after != nullptr && has(after->inherits, parent);
  }

  [[nodiscard]] bool is_kept_below(const Name& table, const std::string& column) const {
    const std::vector<const Table*>& children = from_.children(table);
    return std::any_of(children.begin(), children.end(), [&](const Table* child) {
      return stays(*child, table) && (to_.has_column(child->name, column) || is_kept_below(child->name, column));
    });
  }

  void drop_from_children(const DropColumn& op) {
    for (const Table* const child : from_.children(op.table)) {
      if (!stays(*child, op.table) || to_.has_column(child->name, op.column.name)) continue;
      if (!dropped_.emplace(child->name, op.column.name).second) continue;
      operations_.emplace_back(DropColumn{child->name, op.column, 0, {}});
    }
  }

  std::vector<Operation>& operations_;
  const Family& from_;
  const Family& to_;
  std::set<ColumnName> dropped_;
};

struct ColumnChange {
  Column before, after;
};

/// Makes the parent's change to the column of a child.
void inherit(Column& column, const ColumnChange& change) {
  const Column& before = change.before;
  const Column& after = change.after;
  const bool changes_type = before.type != after.type || before.collation != after.collation;
  if (changes_type) {
    column.type = after.type;
    column.base_type = after.base_type;
    column.collation = after.collation;
    column.enum_name = after.enum_name;
    column.type_uses = after.type_uses;
  }
  if (before.nullable != after.nullable) column.nullable = after.nullable;
  if (before.computed != after.computed) column.computed = after.computed;
  // With the type, the server is told the default again.
  const bool has_default = before.default_expression || after.default_expression;
  if (before.default_expression != after.default_expression || (changes_type && has_default)) {
    column.default_expression = after.default_expression;
    column.default_uses = after.default_uses;
  }
}

/// Replaces changes of a child's columns by what remains of them after the parent's.
class ColumnChanges {
 public:
  ColumnChanges(std::vector<Operation>& operations, const Family& to) : operations_(operations), to_(to) {
    for (const Operation& operation : operations) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      if (op != nullptr) changes_[op->table].emplace(op->before.name, ColumnChange{op->before, op->after});
    }
  }

  /// Parents come before their children.
  void run(const Schema& from) {
    if (changes_.empty()) return;
    for (const Table& table : from.tables) {
      const Table* const after = table.inherits.empty() ? nullptr : to_.find(table.name);
      if (after == nullptr) continue;
      for (const auto& [name, left] : columns_after_parents(table, *after)) {
        const Column* const own = table.find_column(name);
        const Column* const wanted = after->find_column(name);
        if (wanted != nullptr) change(table.name, *own, left, *wanted);
      }
    }
    std::move(made_.begin(), made_.end(), std::back_inserter(operations_));
  }

 private:
  /// Returns the table's own columns as the changes of its parents leave them.
  std::map<std::string, Column> columns_after_parents(const Table& table, const Table& after) {
    std::map<std::string, Column> left;
    for (const Name& parent : table.inherits) {
      const auto changed = has(after.inherits, parent) ? changes_.find(parent) : changes_.end();
      if (changed == changes_.end()) continue;
      const std::map<std::string, ColumnChange> of_parent = changed->second;
      for (const auto& [name, change] : of_parent) {
        const Column* const own = table.find_column(name);
        if (own == nullptr) {
          changes_[table.name].emplace(name, change);
        } else {
          inherit(left.try_emplace(name, *own).first->second, change);
        }
      }
    }
    return left;
  }

  void change(const Name& table, const Column& own, const Column& left, const Column& wanted) {
    AlterColumn op{table, left, wanted, {}, {}};
    std::erase_if(operations_, [&](const Operation& operation) {
      const auto* const planned = std::get_if<AlterColumn>(&operation);
      if (planned == nullptr || planned->table != table || planned->before.name != own.name) return false;
      op = *planned;
      op.before = left;
      return true;
    });
    changes_[table].insert_or_assign(own.name, ColumnChange{own, op.after});
    if (op.before != op.after) made_.emplace_back(std::move(op));
  }

  std::vector<Operation>& operations_;
  const Family& to_;
  std::map<Name, std::map<std::string, ColumnChange>> changes_;
  std::vector<Operation> made_;
};

int depth(const Family& family, const Name& name) {
  const Table* const table = family.find(name);
  int most = 0;
  if (table == nullptr) return most;
  for (const Name& parent : table->inherits) most = std::max(most, depth(family, parent) + 1);
  return most;
}

/// Returns whether a parent, direct or indirect, is among the columns' tables.
bool has_parent_in(const std::set<ColumnName>& columns, const Family& family, const Name& name,
                   const std::string& column) {
  const Table* const table = family.find(name);
  return table != nullptr && std::any_of(table->inherits.begin(), table->inherits.end(), [&](const Name& parent) {
           return columns.contains({parent, column}) || has_parent_in(columns, family, parent, column);
         });
}

/// Takes out the operations of this type on columns of children that are also on the parent's, parents first.
template <class Op>
std::vector<Operation> take_merged(std::vector<Operation>& operations, const Family& family) {
  std::set<ColumnName> columns;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<Op>(&operation)) columns.emplace(op->table, op->column.name);
  }
  const auto is_merged = [&](const Operation& operation) {
    const auto* op = std::get_if<Op>(&operation);
    return op != nullptr && has_parent_in(columns, family, op->table, op->column.name);
  };
  const auto first = std::stable_partition(operations.begin(), operations.end(), std::not_fn(is_merged));
  std::vector<Operation> merged(std::make_move_iterator(first), std::make_move_iterator(operations.end()));
  operations.erase(first, operations.end());
  std::stable_sort(merged.begin(), merged.end(), [&](const Operation& a, const Operation& b) {
    return depth(family, target_name(a)) < depth(family, target_name(b));
  });
  return merged;
}

void add_ancestors(const Family& family, const Name& name, const Table& table, Relatives& relatives) {
  for (const Name& parent : table.inherits) {
    relatives[name].insert(parent);
    relatives[parent].insert(name);
    if (const Table* const found = family.find(parent)) add_ancestors(family, name, *found, relatives);
  }
}

/// Returns the tables of which a partition gets other bounds.
std::set<Name> tables_with_moved_bounds(const std::vector<Operation>& operations) {
  std::set<Name> names;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op != nullptr && is_moved(*op) && op->inherits_before == op->inherits_after) {
      names.insert(op->inherits_after.begin(), op->inherits_after.end());
    }
  }
  return names;
}

/// A partition is created by itself if some names would be different otherwise, or if it may take bounds of one that
/// leaves only after other changes.
void attach_later(Table& table, const std::set<Name>& moved, std::vector<Operation>& parts) {
  if (table.apart.value == nullptr || !table.options.contains(partition_bound)) return;
  if (has_names_of_server(table) && !moved.contains(table.inherits.front())) return;
  Table apart = *table.apart.value;
  parts.emplace_back(
      AlterTable{table.name, apart.options, table.options, table.comment, table.comment, {}, table.inherits});
  table = std::move(apart);
}

}  // namespace

Relatives find_relatives(const Schema& from, const Schema& to) {
  Relatives relatives;
  for (const Schema* const schema : {&from, &to}) {
    const Family family(*schema);
    for (const Table& table : schema->tables) add_ancestors(family, table.name, table, relatives);
  }
  return relatives;
}

void split_parent_changes(std::vector<Operation>& operations) {
  std::vector<Operation> parts;
  const std::set<Name> moved = tables_with_moved_bounds(operations);
  for (Operation& operation : operations) {
    if (auto* const made = std::get_if<CreateTable>(&operation)) attach_later(made->table, moved, parts);
    auto* const op = std::get_if<AlterTable>(&operation);
    if (op == nullptr || !is_moved(*op)) continue;
    AlterTable leave = *op;
    AlterTable join = *op;
    leave.options_after = op->options_before;
    leave.options_after.erase(partition_bound);
    leave.comment_after = op->comment_before;
    const bool was_partition = leave.options_after != op->options_before;
    // A child table whose parent becomes partitioned leaves it to become a partition.
    const bool is_exclusive = was_partition || op->options_after.contains(partition_bound);
    std::erase_if(leave.inherits_after,
                  [&](const Name& parent) { return is_exclusive || !has(op->inherits_before, parent); });
    join.options_before = op->options_after;
    join.options_before.erase(partition_bound);
    join.comment_before = op->comment_after;
    join.inherits_before = leave.inherits_after;
    op->options_before = leave.options_after;
    op->options_after = join.options_before;
    op->inherits_before = op->inherits_after = leave.inherits_after;
    if (leave.inherits_before != leave.inherits_after) parts.emplace_back(std::move(leave));
    if (join.inherits_before != join.inherits_after) parts.emplace_back(std::move(join));
  }
  std::erase_if(operations, [](const Operation& operation) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    return op != nullptr && op->options_before == op->options_after && op->comment_before == op->comment_after &&
           op->inherits_before == op->inherits_after;
  });
  std::move(parts.begin(), parts.end(), std::back_inserter(operations));
}

void follow_parents(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const Family before(from);
  if (!before.has_children()) return;
  const Family after(to);
  ColumnDrops(operations, before, after).run();
  ColumnChanges(operations, after).run(from);
}

void name_children(std::vector<Operation>& operations, const Schema& from) {
  const Family family(from);
  if (!family.has_children()) return;
  for (Operation& operation : operations) {
    if (auto* const op = std::get_if<AlterColumn>(&operation)) {
      op->children = family.heirs(op->table, op->before.name);
    }
    auto* const type = std::get_if<AlterEnum>(&operation);
    if (type == nullptr) continue;
    for (EnumColumn& user : type->columns) user.children = family.heirs(user.table, user.column.name);
  }
}

void order_merged_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const Family before(from);
  const Family after(to);
  if (after.has_children()) {
    std::vector<Operation> added = take_merged<AddColumn>(operations, after);
    operations.insert(operations.begin(), std::make_move_iterator(added.rbegin()),
                      std::make_move_iterator(added.rend()));
  }
  if (!before.has_children()) return;
  std::vector<Operation> dropped = take_merged<DropColumn>(operations, before);
  std::move(dropped.begin(), dropped.end(), std::back_inserter(operations));
}

}  // namespace whimbrel::dialect::postgres
