#include "dialect/postgres/rewrite/inheritance.h"

#include <algorithm>

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;

/// Returns whether the table has the column, directly or by inheritance.
bool has_column(const Schema& schema, const Name& name, const std::string& column) {
  const model::Table* const table = schema.find_table(name);
  if (table == nullptr) return false;
  return table->find_column(column) != nullptr ||
         std::any_of(table->inherits.begin(), table->inherits.end(),
                     [&](const Name& parent) { return has_column(schema, parent, column); });
}

bool inherits_from(const Schema& schema, const Name& name, const Name& parent) {
  const model::Table* const table = schema.find_table(name);
  return table != nullptr && std::any_of(table->inherits.begin(), table->inherits.end(), [&](const Name& direct) {
           return direct == parent || inherits_from(schema, direct, parent);
         });
}

}  // namespace

void keep_inherited_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<model::Reference> kept;
  std::erase_if(operations, [&](const Operation& operation) {
    if (const auto* dropped = std::get_if<DropColumn>(&operation)) {
      return has_column(to, dropped->table, dropped->column.name);
    }
    const auto* added = std::get_if<AddColumn>(&operation);
    if (added == nullptr || !has_column(from, added->table, added->column.name)) return false;
    kept.push_back({added->table, added->column.name, {}});
    return true;
  });
  for (Operation& operation : operations) {
    auto* const dropped = std::get_if<DropColumn>(&operation);
    if (dropped == nullptr) continue;
    dropped->only = std::any_of(kept.begin(), kept.end(), [&](const model::Reference& column) {
      return column.column == dropped->column.name && inherits_from(from, column.name, dropped->table);
    });
  }
}

}  // namespace whimbrel::dialect::postgres
