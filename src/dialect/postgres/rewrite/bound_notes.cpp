#include "dialect/postgres/rewrite/bound_notes.h"

#include <algorithm>

#include "dialect/postgres/generate/table_options.h"

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

/// Returns the partition with the rows that belong to no other one; null: none.
const Table* find_default(const Schema& schema, const Name& parent) {
  const auto found = std::find_if(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
    const auto bound = table.options.find(partition_bound);
    return bound != table.options.end() && bound->second == "DEFAULT" && table.inherits.front() == parent;
  });
  return found == schema.tables.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> notes_on_bounds(const std::vector<Operation>& operations, const Schema& from,
                                         const Schema& to) {
  std::vector<std::string> notes;
  for (const Operation& operation : operations) {
    const std::optional<Attached> attached = attached_by(operation);
    if (!attached) continue;
    const std::string name = '"' + to_string(attached->table) + '"';
    if (from.find_table(attached->table) != nullptr) {
      notes.push_back("fails if " + name + " has rows that do not belong to it as a partition of \"" +
                      to_string(attached->parent) + "\" (" + attached->bound + ')');
    }
    const Table* const rest = find_default(from, attached->parent);
    if (rest == nullptr || rest->name == attached->table || to.find_table(rest->name) == nullptr) continue;
    notes.push_back("fails if \"" + to_string(rest->name) + "\" has rows that belong to partition " + name + " (" +
                    attached->bound + ')');
  }
  return notes;
}

}  // namespace whimbrel::dialect::postgres
