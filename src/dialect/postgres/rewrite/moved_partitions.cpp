#include "dialect/postgres/rewrite/moved_partitions.h"
#include "dialect/postgres/generate/table_options.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

bool leaves(const AlterTable& op) {
  return op.options_before.contains(partition_bound) && !op.options_after.contains(partition_bound);
}
bool joins(const AlterTable& op) {
  return !op.options_before.contains(partition_bound) && op.options_after.contains(partition_bound);
}

using Tables = std::map<Name, const Table*>;

Tables by_name(const Schema& schema) {
  Tables tables;
  for (const Table& table : schema.tables) tables.emplace(table.name, &table);
  return tables;
}

void add_ancestors(const Tables& tables, const std::vector<Name>& parents, std::set<Name>& found) {
  for (const Name& parent : parents) {
    const auto table = tables.find(parent);
    if (found.insert(parent).second && table != tables.end()) add_ancestors(tables, table->second->inherits, found);
  }
}

/// Returns the tables that lack rows between the operations, because partitions leave them and join them, or others,
/// again; and those whose partitions are dropped.
std::set<Name> incomplete_tables(const std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::map<Name, const AlterTable*> left;
  std::vector<std::pair<const AlterTable*, const AlterTable*>> moved;
  std::vector<const Table*> dropped;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    const auto* const drop = std::get_if<DropTable>(&operation);
    if (op != nullptr && leaves(*op)) left.emplace(op->table, op);
    if (drop != nullptr && drop->table.options.contains(partition_bound)) dropped.push_back(&drop->table);
  }
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    const auto found = op != nullptr && joins(*op) ? left.find(op->table) : left.end();
    if (found != left.end()) moved.emplace_back(found->second, op);
  }
  std::set<Name> names;
  if (moved.empty() && dropped.empty()) return names;
  const Tables before = by_name(from);
  const Tables after = by_name(to);
  for (const auto& move : moved) {
    add_ancestors(before, move.first->inherits_before, names);
    add_ancestors(after, move.second->inherits_after, names);
  }
  for (const Table* const table : dropped) add_ancestors(before, table->inherits, names);
  return names;
}

}  // namespace

void free_referenced_partitions(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const std::set<Name> incomplete = incomplete_tables(operations, from, to);
  if (incomplete.empty()) return;
  const Tables tables = by_name(to);
  for (const Table& table : from.tables) {
    const auto after = tables.find(table.name);
    if (after == tables.end()) continue;
    for (const model::ForeignKey& key : table.foreign_keys) {
      const auto& later = after->second->foreign_keys;
      if (!incomplete.contains(key.referenced_table)) continue;
      if (std::find(later.begin(), later.end(), key) == later.end()) continue;
      operations.emplace_back(DropForeignKey{table.name, key});
      operations.emplace_back(AddForeignKey{table.name, key});
    }
  }
}

void reference_when_complete(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const std::set<Name> incomplete = incomplete_tables(operations, from, to);
  if (incomplete.empty()) return;
  const auto is_leave = [](const Operation& operation) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    return op != nullptr && leaves(*op);
  };
  const auto is_join = [](const Operation& operation) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    return op != nullptr && joins(*op);
  };
  const auto first_leave = std::find_if(operations.begin(), operations.end(), is_leave);
  std::stable_partition(first_leave, operations.end(), [&](const Operation& operation) {
    const auto* const op = std::get_if<DropForeignKey>(&operation);
    return op != nullptr && incomplete.contains(op->foreign_key.referenced_table);
  });
  const auto last_join = std::find_if(operations.rbegin(), operations.rend(), is_join).base();
  std::stable_partition(operations.begin(), last_join, [&](const Operation& operation) {
    const auto* const op = std::get_if<AddForeignKey>(&operation);
    return op == nullptr || !incomplete.contains(op->foreign_key.referenced_table);
  });
}

void leave_late(std::vector<Operation>& operations) {
  std::map<Name, Name> same_parent;  // By partition.
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op != nullptr && joins(*op)) same_parent.emplace(op->table, op->inherits_after.front());
  }
  // Returns the parent that the operation takes bounds of.
  const auto joined = [](const Operation& operation) -> const Name* {
    const auto* const made = std::get_if<CreateTable>(&operation);
    if (made != nullptr && made->table.options.contains(partition_bound)) return &made->table.inherits.front();
    const auto* const op = std::get_if<AlterTable>(&operation);
    return op != nullptr && joins(*op) ? &op->inherits_after.front() : nullptr;
  };
  const auto left = [&](const Operation& operation) -> const Name* {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op == nullptr || !leaves(*op)) return nullptr;
    const auto found = same_parent.find(op->table);
    const bool returns = found != same_parent.end() && found->second == op->inherits_before.front();
    return returns ? &found->second : nullptr;
  };
  std::map<Name, std::vector<Operation>> leaving;
  std::erase_if(operations, [&](const Operation& operation) {
    const Name* const parent = left(operation);
    if (parent != nullptr) leaving[*parent].push_back(operation);
    return parent != nullptr;
  });
  for (const auto& moves : leaving) {
    const Name& parent = moves.first;
    const auto first_join = std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) {
      const Name* const name = joined(operation);
      return name != nullptr && *name == parent;
    });
    operations.insert(first_join, moves.second.begin(), moves.second.end());
  }
}

}  // namespace whimbrel::dialect::postgres
