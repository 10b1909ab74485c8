#include "plan/touched.h"

#include <algorithm>

#include "operation/uses.h"
#include "plan/effects.h"

namespace whimbrel::plan {

namespace {

using namespace operation;
using model::Reference;

Reference whole(const model::Name& name) { return {name, {}, {}}; }
Reference primary_key(const model::Name& table) { return {table, {}, "primary key"}; }
Reference constraint(const model::Name& table, const std::string& name) { return {table, name, "constraint"}; }

std::vector<std::string> sorted(std::vector<std::string> columns) {
  std::sort(columns.begin(), columns.end());
  return columns;
}

/// Returns how the type of a column changes.
std::optional<Change> change_of(const model::Column& before, const model::Column& after, const RemakeRules& rules) {
  if (before.collation != after.collation) return Change::type;
  if (before.type == after.type) return std::nullopt;
  return rules.keeps_expressions(before.type, after.type) ? Change::size : Change::type;
}

/// Returns the items that the operations create.
std::set<Reference> made_by(const std::vector<Operation>& operations) {
  std::set<Reference> made;
  for (const Operation& operation : operations) {
    if (const auto* column = std::get_if<AddColumn>(&operation)) {
      made.insert({column->table, column->column.name, {}});
    } else if (const auto* table = std::get_if<CreateTable>(&operation)) {
      made.insert(whole(table->table.name));
    } else if (const auto* view = std::get_if<CreateView>(&operation)) {
      made.insert(whole(view->view.name));
    } else if (const auto* object = std::get_if<CreateObject>(&operation)) {
      made.insert({object->object.name, {}, object->object.kind});
    } else if (const auto* unique = std::get_if<AddUnique>(&operation)) {
      made.insert(constraint(unique->table, unique->unique.name.text));
    } else if (const auto* key = std::get_if<AlterPrimaryKey>(&operation); key != nullptr && key->after) {
      made.insert(constraint(key->table, key->after->name.text));
      made.insert(primary_key(key->table));
    }
  }
  return made;
}

}  // namespace

Touched::Touched(const std::vector<Operation>& operations, const RemakeRules& rules) {
  const std::set<Reference> made = made_by(operations);
  const auto drop_one = [&](Reference item) {
    const bool comes_back = made.contains(item);
    drop(std::move(item), comes_back);
  };
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<AlterColumn>(&operation)) {
      if (const auto change = change_of(op->before, op->after, rules)) add({op->table, op->before.name, {}}, *change);
    } else if (const auto* column = std::get_if<DropColumn>(&operation)) {
      drop_one({column->table, column->column.name, {}});
    } else if (const auto* table = std::get_if<DropTable>(&operation)) {
      drop_one(whole(table->table.name));
    } else if (const auto* view = std::get_if<DropView>(&operation)) {
      drop_one(whole(view->view.name));
    } else if (const auto* object = std::get_if<DropObject>(&operation)) {
      drop_one({object->object.name, {}, object->object.kind});
    } else if (const auto* type = std::get_if<AlterEnum>(&operation)) {
      if (!rules.is_made_anew(*type)) continue;
      add({type->before.name, {}, "enum"}, Change::values);
      for (const EnumColumn& user : type->columns) {
        add({user.table, user.column.name, {}}, Change::type);
        add({user.table, user.column.name, {}}, Change::values);
      }
    } else if (const auto* key = std::get_if<AlterPrimaryKey>(&operation)) {
      if (!key->before) continue;
      keys_.emplace(key->table, sorted(model::column_names(key->before->columns)));
      // Its new name is irrelevant: only a view that groups by it uses it, and any primary key suffices.
      drop(constraint(key->table, key->before->name.text), made.contains(primary_key(key->table)));
    } else if (const auto* unique = std::get_if<DropUnique>(&operation)) {
      keys_.emplace(unique->table, sorted(model::column_names(unique->unique.columns)));
      drop_one(constraint(unique->table, unique->unique.name.text));
    } else if (const auto* index = std::get_if<DropIndex>(&operation)) {
      // A foreign key may refer to a unique index that is no constraint.
      if (index->index.unique) keys_.emplace(index->table, sorted(model::column_names(index->index.columns)));
    }
  }
}

void Touched::spread(const model::Schema& schema) {
  std::vector<const model::Table*> children;
  for (const model::Table& table : schema.tables) {
    if (!table.inherits.empty()) children.push_back(&table);
  }
  for (bool is_done = false; !is_done;) {
    is_done = true;
    for (const model::Table* const child : children) {
      for (const model::Name& parent : child->inherits) is_done = !inherit(parent, child->name) && is_done;
    }
  }
}

bool Touched::inherit(const model::Name& parent, const model::Name& child) {
  std::map<Reference, Item> inherited;
  for (auto change = changes_.lower_bound(whole(parent)); change != changes_.end(); ++change) {
    const auto& [used, item] = *change;
    if (used.name != parent) break;
    if (!used.column.empty() && used.kind.empty()) inherited[{child, used.column, {}}] = item;
  }
  bool is_new = false;
  for (auto& [used, item] : inherited) is_new = changes_.emplace(used, std::move(item)).second || is_new;
  return is_new;
}

void Touched::drop(Reference item, bool comes_back) {
  Item& dropped = changes_[std::move(item)];
  if (comes_back) dropped.changes.insert(Change::made_anew);
  dropped.is_gone = !comes_back;
}

template <class Function>
void Touched::for_each(const Reference& used, Function function) const {
  if (const auto own = changes_.find(used); own != changes_.end()) function(own->second);
  if (used.column.empty()) return;
  if (const auto table = changes_.find(whole(used.name)); table != changes_.end()) function(table->second);
}

std::set<Change> Touched::changes_of(const Reference& used) const {
  std::set<Change> changes;
  for_each(used, [&](const Item& item) { changes.insert(item.changes.begin(), item.changes.end()); });
  return changes;
}

bool Touched::is_gone(const Reference& used) const {
  bool is_gone = false;
  for_each(used, [&](const Item& item) { is_gone = is_gone || item.is_gone; });
  return is_gone;
}

bool Touched::is_gone(const model::Uses& uses) const {
  return uses.value &&
         std::any_of(uses.value->begin(), uses.value->end(), [&](const Reference& used) { return is_gone(used); });
}

void Touched::forget_gone(model::Uses& uses) const {
  if (!uses.value) return;
  std::vector<Reference> left;
  for (Reference& used : *uses.value) {
    const auto name = name_of_overloads(used.name.name);
    if (!is_gone(used)) {
      left.push_back(std::move(used));
    } else if (name) {
      left.push_back({model::Name(used.name.schema, std::string(*name)), {}, std::string(any_overload)});
    }
  }
  std::sort(left.begin(), left.end());
  uses.value = std::move(left);
}

bool Touched::has_key(const model::ForeignKey& foreign_key) const {
  return !keys_.empty() && keys_.contains({foreign_key.referenced_table, sorted(foreign_key.referenced_columns)});
}

model::Uses kept_uses(const AlterObject& op) {
  model::Uses kept = op.before.uses;
  const auto& later = op.after.uses.value;
  if (kept.value && later) {
    std::erase_if(*kept.value,
                  [&](const Reference& used) { return std::find(later->begin(), later->end(), used) == later->end(); });
  }
  return kept;
}

}  // namespace whimbrel::plan
