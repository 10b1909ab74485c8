#include "plan/kept_parents.h"

#include <algorithm>

namespace whimbrel::plan {

std::vector<model::Name> kept_parents_with(const TablesByName& before, const TablesByName& after,
                                           const model::Table& table, const std::string& column) {
  std::vector<model::Name> parents;
  const auto table_later = after.find(table.name);
  if (table_later == after.end()) return parents;
  const std::vector<model::Name>& kept = table_later->second->inherits;
  for (const model::Name& name : table.inherits) {
    const auto parent = before.find(name);
    const auto later = after.find(name);
    if (parent == before.end() || later == after.end()) continue;
    if (std::find(kept.begin(), kept.end(), name) == kept.end()) continue;
    const bool has_column = parent->second->find_column(column) != nullptr;
    if (has_column && later->second->find_column(column) != nullptr) parents.push_back(name);
    const std::vector<model::Name> more = kept_parents_with(before, after, *parent->second, column);
    parents.insert(parents.end(), more.begin(), more.end());
  }
  return parents;
}

}  // namespace whimbrel::plan
