#include "dialect/postgres/compare/parents.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace whimbrel::dialect::postgres {

namespace {

using model::Name;
using model::Schema;
using model::Table;

/// Returns the table as it is without its parents, but with their names.
std::optional<Table> with_all_parts(const Table& table) {
  if (table.apart.value == nullptr) return std::nullopt;
  Table whole = *table.apart.value;
  whole.inherits = table.inherits;
  whole.options = table.options;
  whole.apart = table.apart;
  return whole;
}

/// Returns the table with the inherited columns that are the other's own; nullopt if it has these already.
std::optional<Table> with_columns_of(const Table& other, const Table& table) {
  const auto is_taken = [&](const model::Column& column) {
    return table.find_column(column.name) == nullptr && other.find_column(column.name) != nullptr;
  };
  const std::shared_ptr<const Table>& apart = table.apart.value;
  if (apart == nullptr || std::none_of(apart->columns.begin(), apart->columns.end(), is_taken)) return std::nullopt;
  Table changed = table;
  changed.columns.clear();
  for (const model::Column& column : apart->columns) {
    if (is_taken(column) || table.find_column(column.name) != nullptr) changed.columns.push_back(column);
  }
  return changed;
}

/// The tables that change, by their positions.
struct Changes {
  std::map<std::size_t, Table> current, desired;
};

void put(Schema& schema, std::map<std::size_t, Table>& tables) {
  for (auto& [place, table] : tables) schema.tables[place] = std::move(table);
}

Changes find_changes(const Schema& current, const Schema& desired) {
  std::map<Name, std::size_t> places;
  for (std::size_t i = 0; i < desired.tables.size(); ++i) {
    if (desired.tables[i].apart.value != nullptr) places.emplace(desired.tables[i].name, i);
  }
  Changes changes;
  const auto add = [](std::map<std::size_t, Table>& tables, std::size_t place, std::optional<Table> table) {
    if (table) tables.emplace(place, std::move(*table));
  };
  for (std::size_t i = 0; i < current.tables.size(); ++i) {
    const Table& before = current.tables[i];
    const auto found = places.find(before.name);
    if (before.apart.value == nullptr && found == places.end()) continue;
    const Table* const after = found != places.end() ? &desired.tables[found->second] : desired.find_table(before.name);
    if (after == nullptr) continue;
    if (before.inherits == after->inherits) {
      add(changes.current, i, with_columns_of(*after, before));
      add(changes.desired, found->second, with_columns_of(before, *after));
      continue;
    }
    add(changes.current, i, with_all_parts(before));
    if (found != places.end()) add(changes.desired, found->second, with_all_parts(*after));
  }
  return changes;
}

}  // namespace

std::optional<diff::SchemaPair> with_parts_of_parents(const Schema& current, const Schema& desired) {
  Changes changes = find_changes(current, desired);
  if (changes.current.empty() && changes.desired.empty()) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  put(schemas.current, changes.current);
  put(schemas.desired, changes.desired);
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
