#include "dialect/postgres/rewrite/bound_notes.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/generate/table_options.h"
#include "model/indexed_schema.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

/// A table that becomes a partition, or gets other bounds.
struct Attached {
  const Name& table;
  const Name& parent;
  const std::string& bound;
};

std::optional<Attached> attached_by(const Operation& operation) {
  const auto* const made = std::get_if<CreateTable>(&operation);
  const auto* const moved = std::get_if<AlterTable>(&operation);
  if (made == nullptr && (moved == nullptr || moved->inherits_before == moved->inherits_after)) return std::nullopt;
  const auto& options = made != nullptr ? made->table.options : moved->options_after;
  const auto& parents = made != nullptr ? made->table.inherits : moved->inherits_after;
  const auto bound = options.find(partition_bound);
  if (bound == options.end() || parents.empty()) return std::nullopt;
  return Attached{target_name(operation), parents.front(), bound->second};
}

/// Returns the partitions with the rows that belong to no other one, by their partitioned tables.
std::map<Name, const Table*> default_partitions(const Schema& schema) {
  std::map<Name, const Table*> partitions;
  for (const Table& table : schema.tables) {
    const auto bound = table.options.find(partition_bound);
    const bool is_default = bound != table.options.end() && bound->second == "DEFAULT" && !table.inherits.empty();
    if (is_default) partitions.emplace(table.inherits.front(), &table);
  }
  return partitions;
}

}  // namespace

std::vector<std::string> notes_on_bounds(const std::vector<Operation>& operations, const Schema& from,
                                         const Schema& to) {
  std::vector<std::string> notes;
  if (std::none_of(operations.begin(), operations.end(),
                   [](const Operation& one) { return attached_by(one).has_value(); })) {
    return notes;
  }
  const model::IndexedSchema tables_before(from);
  const model::IndexedSchema tables_after(to);
  const std::map<Name, const Table*> of_parents = default_partitions(from);
  std::set<Name> replaced;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<DropTable>(&operation);
    if (op != nullptr && !op->kept_as.empty()) replaced.insert(op->table.name);
  }
  for (const Operation& operation : operations) {
    const std::optional<Attached> attached = attached_by(operation);
    if (!attached || replaced.contains(attached->table)) continue;
    const std::string name = '"' + to_string(attached->table) + '"';
    if (tables_before.find_table(attached->table) != nullptr) {
      notes.push_back("fails if " + name + " has rows that do not belong to it as a partition of \"" +
                      to_string(attached->parent) + "\" (" + attached->bound + ')');
    }
    const auto found = of_parents.find(attached->parent);
    if (found == of_parents.end()) continue;
    const Table* const rest = found->second;
    if (replaced.contains(rest->name)) continue;
    if (rest->name == attached->table || tables_after.find_table(rest->name) == nullptr) continue;
    notes.push_back("fails if \"" + to_string(rest->name) + "\" has rows that belong to partition " + name + " (" +
                    attached->bound + ')');
  }
  return notes;
}

}  // namespace whimbrel::dialect::postgres
