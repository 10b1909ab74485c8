#include "dialect/postgres/rewrite/family_order.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/comment.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

/// What the same constraint of several tables has in common.
using SameConstraint = std::pair<std::string, std::vector<std::string>>;

/// The operations on the same constraint of several tables.
using OfConstraint = std::map<SameConstraint, std::map<Name, std::vector<std::size_t>>>;

using Parents = std::map<Name, const std::vector<Name>*>;

Parents parents_of(const Schema& schema) {
  Parents parents;
  for (const Table& table : schema.tables) {
    if (!table.inherits.empty()) parents.emplace(table.name, &table.inherits);
  }
  return parents;
}

void add_ancestors(const Name& table, const Parents& parents, std::set<Name>& ancestors) {
  const auto found = parents.find(table);
  if (found == parents.end()) return;
  for (const Name& parent : *found->second) {
    if (ancestors.insert(parent).second) add_ancestors(parent, parents, ancestors);
  }
}

enum class First { children, parents };

void add_dependencies(const OfConstraint& all, const Parents& parents, First first,
                      std::vector<plan::Dependency>& dependencies) {
  for (const auto& [constraint, tables] : all) {
    if (tables.size() < 2) continue;
    for (const auto& [child, of_child] : tables) {
      std::set<Name> ancestors;
      add_ancestors(child, parents, ancestors);
      for (const Name& ancestor : ancestors) {
        const auto of_parent = tables.find(ancestor);
        if (of_parent == tables.end()) continue;
        for (const std::size_t lower : of_child) {
          for (const std::size_t upper : of_parent->second) {
            dependencies.push_back(first == First::children ? plan::Dependency(lower, upper)
                                                            : plan::Dependency(upper, lower));
          }
        }
      }
    }
  }
}

using TableColumn = std::pair<Name, std::string>;
using ColumnPlaces = std::map<TableColumn, std::size_t>;

/// The server adds and drops what a child inherits of the columns of its primary key together with the parent's.
void add_key_dependencies(const std::vector<Operation>& operations, const Parents& before, const Parents& after,
                          std::vector<plan::Dependency>& dependencies) {
  ColumnPlaces added, dropped;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (const auto* const add = std::get_if<AddColumn>(&operations[i])) {
      added.emplace(std::pair(add->table, add->column.name), i);
    } else if (const auto* const drop = std::get_if<DropColumn>(&operations[i])) {
      dropped.emplace(std::pair(drop->table, drop->column.name), i);
    }
  }
  const auto for_columns = [](const Name& table, const model::PrimaryKey& key, const Parents& parents,
                              const ColumnPlaces& places, auto function) {
    std::set<Name> ancestors;
    add_ancestors(table, parents, ancestors);
    std::vector<std::string> columns = model::column_names(key.columns);
    columns.insert(columns.end(), key.included.begin(), key.included.end());
    for (const Name& ancestor : ancestors) {
      for (const std::string& column : columns) {
        const auto found = places.find({ancestor, column});
        if (found != places.end()) function(found->second);
      }
    }
  };
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<AlterPrimaryKey>(&operations[i]);
    if (op == nullptr) continue;
    if (op->after) {
      for_columns(op->table, *op->after, after, added, [&](std::size_t add) { dependencies.emplace_back(add, i); });
    }
    if (op->before) {
      for_columns(op->table, *op->before, before, dropped,
                  [&](std::size_t drop) { dependencies.emplace_back(i, drop); });
    }
  }
}

/// The columns of a table that its keys, constraints, indexes and triggers name.
std::set<std::string> columns_of_parts(const Table& table) {
  std::set<std::string> columns;
  const auto add_key = [&](const auto& key) {
    for (std::string& column : model::column_names(key.columns)) columns.insert(std::move(column));
    columns.insert(key.included.begin(), key.included.end());
  };
  const auto add_uses = [&](const auto& parts) {
    for (const auto& part : parts) {
      if (!part.uses.value) continue;
      for (const model::Reference& used : *part.uses.value) {
        if (used.name == table.name) columns.insert(used.column);
      }
    }
  };
  if (table.primary_key) add_key(*table.primary_key);
  for (const model::Unique& unique : table.uniques) add_key(unique);
  for (const model::Index& index : table.indexes) add_key(index);
  add_uses(table.indexes);
  add_uses(table.checks);
  add_uses(table.exclusions);
  add_uses(table.triggers);
  return columns;
}

/// Parts of a new table may use a column that its parent gets.
void add_creation_dependencies(const std::vector<Operation>& operations, const Parents& parents,
                               std::vector<plan::Dependency>& dependencies) {
  ColumnPlaces added;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<AddColumn>(&operations[i]);
    if (op != nullptr) added.emplace(std::pair(op->table, op->column.name), i);
  }
  if (added.empty()) return;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const made = std::get_if<CreateTable>(&operations[i]);
    if (made == nullptr || made->table.inherits.empty()) continue;
    std::set<Name> ancestors;
    add_ancestors(made->table.name, parents, ancestors);
    for (const std::string& column : columns_of_parts(made->table)) {
      if (made->table.find_column(column) != nullptr) continue;
      for (const Name& ancestor : ancestors) {
        const auto found = added.find({ancestor, column});
        if (found != added.end()) dependencies.emplace_back(found->second, i);
      }
    }
  }
}

using CreatedTables = std::map<Name, std::pair<const Table*, std::size_t>>;

/// Returns whether the new table, or a new one that it inherits from, has several parents.
bool has_several_parents(const Table& table, const CreatedTables& created) {
  return table.inherits.size() > 1 ||
         std::any_of(table.inherits.begin(), table.inherits.end(), [&](const Name& parent) {
           const auto found = created.find(parent);
           return found != created.end() && has_several_parents(*found->second.first, created);
         });
}

/// Where the operations are that concern types of columns.
struct TypeChanges {
  ColumnPlaces added, dropped;
  std::vector<std::pair<TableColumn, std::size_t>> changed;  ///< A column can be a text meanwhile.
  CreatedTables created;

  explicit TypeChanges(const std::vector<Operation>& operations) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (const auto* const add = std::get_if<AddColumn>(&operations[i])) {
        added.emplace(std::pair(add->table, add->column.name), i);
      } else if (const auto* const drop = std::get_if<DropColumn>(&operations[i])) {
        dropped.emplace(std::pair(drop->table, drop->column.name), i);
      } else if (const auto* const made = std::get_if<CreateTable>(&operations[i])) {
        created.emplace(made->table.name, std::pair(&made->table, i));
      } else if (const auto* const op = std::get_if<AlterColumn>(&operations[i])) {
        if (changes_type(*op)) changed.emplace_back(TableColumn(op->table, op->before.name), i);
      }
    }
  }
};

}  // namespace

Depths::Depths(const Schema& schema) {
  for (const Table& table : schema.tables) {
    if (!table.inherits.empty()) parents_.emplace(table.name, &table.inherits);
  }
}

int Depths::of(const Name& table) {
  const auto parents = parents_.find(table);
  if (parents == parents_.end()) return 0;
  if (const auto known = depths_.find(table); known != depths_.end()) return known->second;
  int most = 0;
  for (const Name& parent : *parents->second) most = std::max(most, of(parent) + 1);
  depths_.emplace(table, most);
  return most;
}

void add_family_dependencies(const std::vector<Operation>& operations, const Schema& from, const Schema& to,
                             std::vector<plan::Dependency>& dependencies) {
  const Parents before = parents_of(from);
  const Parents after = parents_of(to);
  if (before.empty() && after.empty()) return;
  add_key_dependencies(operations, before, after, dependencies);
  add_creation_dependencies(operations, after, dependencies);
  OfConstraint dropped, added, not_nulls;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (const auto* const drop = std::get_if<DropCheck>(&operations[i])) {
      dropped[{drop->check.name.text, {}}][drop->table].push_back(i);
    } else if (const auto* const check = std::get_if<AddCheck>(&operations[i])) {
      added[{check->check.name.text, {check->check.expression}}][check->table].push_back(i);
    } else if (const auto* const key = std::get_if<AddForeignKey>(&operations[i])) {
      added[{to_string(key->foreign_key.referenced_table), key->foreign_key.columns}][key->table].push_back(i);
    } else if (const auto* const made = std::get_if<CreateObject>(&operations[i])) {
      if (made->object.kind != own_not_null_kind) continue;
      const model::Reference column = column_of(made->object);
      not_nulls[{column.column, {}}][column.name].push_back(i);
    }
  }
  add_dependencies(dropped, before, First::parents, dependencies);
  add_dependencies(added, after, First::children, dependencies);
  add_dependencies(not_nulls, after, First::parents, dependencies);
}

void add_type_dependencies(const std::vector<Operation>& operations, const Relatives& relatives, const Schema& to,
                           std::vector<plan::Dependency>& dependencies) {
  if (relatives.empty()) return;
  const TypeChanges found(operations);
  Depths depths(to);
  for (const auto& [column, place] : found.changed) {
    const auto family = relatives.find(column.first);
    if (family == relatives.end()) continue;
    for (const Name& other : family->second) {
      const bool is_parent = depths.of(other) < depths.of(column.first);
      const auto added = found.added.find({other, column.second});
      const auto dropped = found.dropped.find({other, column.second});
      const auto created = found.created.find(other);
      if (is_parent && added != found.added.end()) dependencies.emplace_back(place, added->second);
      if (is_parent && dropped != found.dropped.end()) dependencies.emplace_back(dropped->second, place);
      if (is_parent || created == found.created.end()) continue;
      const auto& [table, creation] = created->second;
      if (has_several_parents(*table, found.created)) dependencies.emplace_back(place, creation);
    }
  }
}

}  // namespace whimbrel::dialect::postgres
