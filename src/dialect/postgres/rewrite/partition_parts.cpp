#include "dialect/postgres/rewrite/partition_parts.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/table_options.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

bool are_alike(const model::Index& a, const model::Index& b) {
  return a.unique == b.unique && a.columns == b.columns && a.where == b.where;
}
bool are_alike(const model::Unique& a, const model::Unique& b) { return a.columns == b.columns; }
bool are_alike(const model::PrimaryKey& a, const model::PrimaryKey& b) { return a.columns == b.columns; }
bool are_alike(const model::Check& a, const model::Check& b) {
  return a.name.text == b.name.text && a.expression == b.expression;
}

bool are_alike(model::ForeignKey a, const model::ForeignKey& b) {
  a.name = b.name;
  return a == b;
}

template <class Part>
const std::vector<Part>& parts_of(const Table& table);
template <>
const std::vector<model::Index>& parts_of(const Table& table) {
  return table.indexes;
}
template <>
const std::vector<model::Unique>& parts_of(const Table& table) {
  return table.uniques;
}
template <>
const std::vector<model::Check>& parts_of(const Table& table) {
  return table.checks;
}
template <>
const std::vector<model::ForeignKey>& parts_of(const Table& table) {
  return table.foreign_keys;
}

/// Returns the only part of the table that is like this one; null: none, or several.
template <class Part>
const Part* find_alike(const Table& table, const Part& part) {
  const Part* found = nullptr;
  for (const Part& own : parts_of<Part>(table)) {
    if (!are_alike(own, part)) continue;
    if (found != nullptr) return nullptr;
    found = &own;
  }
  return found;
}
template <>
const model::PrimaryKey* find_alike(const Table& table, const model::PrimaryKey& part) {
  return table.primary_key && are_alike(*table.primary_key, part) ? &*table.primary_key : nullptr;
}

/// The partitions that stay, with what they and their tables have before and after.
class Partitions {
 public:
  Partitions(const Schema& from, const Schema& to) {
    for (const Table& table : to.tables) after_.emplace(table.name, &table);
    for (const Table& table : from.tables) {
      before_.emplace(table.name, &table);
      const auto later = after_.find(table.name);
      if (later == after_.end() || !table.options.contains(partition_bound)) continue;
      if (table.inherits == later->second->inherits) partitions_[table.inherits.front()].push_back(table.name);
    }
  }

  [[nodiscard]] bool empty() const { return partitions_.empty(); }

  /// Calls the function with the parts of partitions, direct and indirect, that are like one that their table loses:
  /// their table's name, and the part before and after.
  template <class Part, class Function>
  void for_each_lost(const Name& table, const Part& part, Function function) const {
    const auto found = partitions_.find(table);
    const auto after = after_.find(table);
    if (found == partitions_.end() || after == after_.end() || has_alike(*after->second, part)) return;
    for (const Name& name : found->second) {
      const Part* const before = find_alike(*before_.at(name), part);
      const Part* const later = find_alike(*after_.at(name), part);
      if (before != nullptr && later != nullptr) function(name, *before, *later);
      if (later == nullptr) for_each_lost(name, part, function);
    }
  }

  /// Returns whether a table of the partition, direct or indirect, gets a part like the one that the partition has.
  template <class Part>
  [[nodiscard]] bool joins(const Table& partition, const Part& part) const {
    const Table* table = &partition;
    while (table->options.contains(partition_bound)) {
      const auto later = after_.find(table->name);
      const auto whole = before_.find(table->inherits.front());
      const auto later_whole = after_.find(table->inherits.front());
      if (later == after_.end() || whole == before_.end() || later_whole == after_.end()) return false;
      if (later->second->inherits != table->inherits) return false;
      if (!has_alike(*whole->second, part) && has_alike(*later_whole->second, part)) return true;
      table = whole->second;
    }
    return false;
  }

 private:
  template <class Part>
  static bool has_alike(const Table& table, const Part& part) {
    if constexpr (std::is_same_v<Part, model::PrimaryKey>) {
      return find_alike(table, part) != nullptr;
    } else {
      const std::vector<Part>& parts = parts_of<Part>(table);
      return std::any_of(parts.begin(), parts.end(), [&](const Part& one) { return are_alike(one, part); });
    }
  }

  std::map<Name, const Table*> before_, after_;
  std::map<Name, std::vector<Name>> partitions_;
};

/// Calls the function with the drop and the creation of each part that a partition would lose with its table.
template <class Function>
void for_each_lost(const std::vector<Operation>& operations, const Partitions& partitions, Function function) {
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<DropIndex>(&operation)) {
      partitions.for_each_lost(op->table, op->index, [&](const Name& name, const auto& before, const auto& after) {
        function(DropIndex{name, before}, CreateIndex{name, after}, before.name.text, after.name.text);
      });
    } else if (const auto* const unique = std::get_if<DropUnique>(&operation)) {
      partitions.for_each_lost(
          unique->table, unique->unique, [&](const Name& name, const auto& before, const auto& after) {
            function(DropUnique{name, before}, AddUnique{name, after}, before.name.text, after.name.text);
          });
    } else if (const auto* const check = std::get_if<DropCheck>(&operation)) {
      partitions.for_each_lost(
          check->table, check->check, [&](const Name& name, const auto& before, const auto& after) {
            function(DropCheck{name, before}, AddCheck{name, after}, before.name.text, after.name.text);
          });
    } else if (const auto* const reference = std::get_if<DropForeignKey>(&operation)) {
      partitions.for_each_lost(
          reference->table, reference->foreign_key, [&](const Name& name, const auto& before, const auto& after) {
            function(DropForeignKey{name, before}, AddForeignKey{name, after}, before.name.text, after.name.text);
          });
    } else if (const auto* const key = std::get_if<AlterPrimaryKey>(&operation); key != nullptr && key->before) {
      partitions.for_each_lost(key->table, *key->before, [&](const Name& name, const auto& before, const auto& after) {
        function(AlterPrimaryKey{name, before, std::nullopt}, AlterPrimaryKey{name, std::nullopt, after},
                 before.name.text, after.name.text);
      });
    }
  }
}

/// Returns the names of the parts, also of their indexes, that become parts of the table's.
std::vector<model::Reference> joining_parts(const Partitions& partitions, const Schema& from) {
  std::vector<model::Reference> joining;
  for (const Table& table : from.tables) {
    if (!table.options.contains(partition_bound)) continue;
    const auto add = [&](const auto& part, bool has_index, bool is_constraint) {
      if (!partitions.joins(table, part)) return;
      const std::string name = constraint_name(table.name, part);
      if (has_index) joining.push_back({{table.name.schema, name}, {}, {}});
      if (is_constraint) joining.push_back({table.name, name, "constraint"});
    };
    for (const model::Index& index : table.indexes) add(index, true, false);
    for (const model::Unique& unique : table.uniques) add(unique, true, true);
    for (const model::Check& check : table.checks) add(check, false, true);
    for (const model::ForeignKey& key : table.foreign_keys) add(key, false, true);
    if (table.primary_key) add(*table.primary_key, true, true);
  }
  return joining;
}

}  // namespace

void keep_partition_parts(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const Partitions partitions(from, to);
  if (partitions.empty()) return;
  const std::vector<model::Reference> joining = joining_parts(partitions, from);
  std::erase_if(operations, [&](const Operation& operation) {
    const auto* const op = std::get_if<DropObject>(&operation);
    return op != nullptr && op->object.kind == comment_kind &&
           std::any_of(joining.begin(), joining.end(), [&](const model::Reference& part) {
             const std::vector<model::Reference>& uses = *op->object.uses.value;
             return std::find(uses.begin(), uses.end(), part) != uses.end();
           });
  });
  std::vector<Operation> drops, makes;
  std::vector<std::pair<Name, std::string>> lost;
  const auto add = [&](Operation drop, Operation make, const std::string& before, const std::string& after) {
    lost.emplace_back(target_name(drop), before);
    lost.emplace_back(target_name(drop), after);
    drops.push_back(std::move(drop));
    makes.push_back(std::move(make));
  };
  for_each_lost(operations, partitions, add);
  // They are created with their new names.
  std::erase_if(operations, [&](const Operation& operation) {
    const auto* const op = std::get_if<RenameConstraint>(&operation);
    const auto is_lost = [&](const std::string& name) {
      return std::find(lost.begin(), lost.end(), std::pair(op->table, name)) != lost.end();
    };
    return op != nullptr && (is_lost(op->from) || is_lost(op->to));
  });
  std::move(drops.begin(), drops.end(), std::back_inserter(operations));
  std::move(makes.begin(), makes.end(), std::back_inserter(operations));
}

void drop_with_table(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const Partitions partitions(from, to);
  if (partitions.empty()) return;
  std::vector<Operation> drops;
  for_each_lost(operations, partitions,
                [&](Operation drop, const Operation&, const auto&...) { drops.push_back(std::move(drop)); });
  std::erase_if(operations, [&](const Operation& operation) {
    return std::find(drops.begin(), drops.end(), operation) != drops.end();
  });
}

}  // namespace whimbrel::dialect::postgres
