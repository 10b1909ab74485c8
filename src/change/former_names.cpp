#include "change/former_names.h"

#include <algorithm>

namespace whimbrel::change {

FormerNames::FormerNames(const std::vector<operation::Operation>& operations, const model::Schema& current)
    : operations_(operations) {
  if (operations.empty()) return;
  for (const model::Table& table : current.tables) {
    if (!table.inherits.empty()) parents_.emplace(table.name, &table.inherits);
  }
}

model::Name FormerNames::table(model::Name name) const {
  for (auto operation = operations_.rbegin(); operation != operations_.rend(); ++operation) {
    const auto* rename = std::get_if<operation::RenameTable>(&*operation);
    if (rename != nullptr && rename->to == name) name = rename->from;
  }
  return name;
}

std::string FormerNames::column(const model::Name& later_table, std::string column) const {
  const model::Name of = table(later_table);
  for (auto operation = operations_.rbegin(); operation != operations_.rend(); ++operation) {
    const auto* rename = std::get_if<operation::RenameColumn>(&*operation);
    if (rename != nullptr && rename->to == column && is_or_inherits(of, table(rename->table))) column = rename->from;
  }
  return column;
}

bool FormerNames::is_or_inherits(const model::Name& name, const model::Name& parent) const {
  if (name == parent) return true;
  const auto parents = parents_.find(name);
  return parents != parents_.end() && std::any_of(parents->second->begin(), parents->second->end(),
                                                  [&](const model::Name& one) { return is_or_inherits(one, parent); });
}

}  // namespace whimbrel::change
