#include "dialect/postgres/compare/parents.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "dialect/postgres/generate/comment.h"

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

using ColumnNames = std::set<std::pair<Name, std::string>>;

/// Calls the function with the table and the column.
template <class Function>
bool of_column(const model::Object& part, Function function) {
  return std::any_of(part.uses.value->begin(), part.uses.value->end(), [&](const model::Reference& used) {
    return !used.column.empty() && function(used.name, used.column);
  });
}

/// Finds the inherited columns that differ from those of a parent in one of the schemas.
ColumnNames find_different(const Schema& current, const Schema& desired) {
  ColumnNames names;
  for (const Schema* const schema : {&current, &desired}) {
    for (const model::Object& object : schema->objects) {
      if (!is_own_part(object)) continue;
      of_column(object, [&](const Name& table, const std::string& column) {
        names.emplace(table, column);
        return true;
      });
    }
  }
  return names;
}

/// Returns the table's columns, and the inherited ones that are the other's own or that differ from a parent's.
std::vector<model::Column> columns_with(const Table& other, const Table& table, const ColumnNames& different) {
  std::vector<model::Column> columns;
  for (const model::Column& column : table.apart.value->columns) {
    if (table.find_column(column.name) != nullptr || other.find_column(column.name) != nullptr) {
      columns.push_back(column);
    } else if (different.contains({table.name, column.name}) && other.apart.value != nullptr &&
               other.apart.value->find_column(column.name) != nullptr) {
      columns.push_back(column);
      columns.back().comment.clear();  // It is not compared.
    }
  }
  return columns;
}

bool have_same_content(const model::Unique& a, const model::Unique& b) { return a.columns == b.columns; }
bool have_same_content(const model::Check& a, const model::Check& b) { return a.expression == b.expression; }
bool have_same_content(const model::Exclusion& a, const model::Exclusion& b) { return a.definition == b.definition; }
bool have_same_content(const model::ForeignKey& a, const model::ForeignKey& b) {
  return a.columns == b.columns && a.referenced_table == b.referenced_table;
}
bool have_same_content(const model::Index& a, const model::Index& b) {
  return a.columns == b.columns && a.where == b.where;
}

/// Adds the inherited ones, which follow the table's own in `all`, that are the other's own by name or content.
template <class Part>
void take_over(const std::vector<Part>& of_other, const std::vector<Part>& all, std::vector<Part>& own) {
  for (std::size_t i = own.size(); i < all.size(); ++i) {
    const bool is_taken = std::any_of(of_other.begin(), of_other.end(), [&](const Part& part) {
      const bool has_name = !part.name.derived.value && part.name.text == all[i].name.text;
      return has_name || have_same_content(all[i], part);
    });
    if (is_taken) own.push_back(all[i]);
  }
}

/// Returns the table with the inherited columns, keys, indexes and constraints that are the other's own.
std::optional<Table> with_parts_of(const Table& other, const Table& table, const ColumnNames& different) {
  if (table.apart.value == nullptr) return std::nullopt;
  const Table& apart = *table.apart.value;
  Table changed = table;
  changed.columns = columns_with(other, table, different);
  if (other.primary_key && !table.primary_key) changed.primary_key = apart.primary_key;
  take_over(other.uniques, apart.uniques, changed.uniques);
  take_over(other.checks, apart.checks, changed.checks);
  take_over(other.exclusions, apart.exclusions, changed.exclusions);
  take_over(other.foreign_keys, apart.foreign_keys, changed.foreign_keys);
  take_over(other.indexes, apart.indexes, changed.indexes);
  if (changed == table) return std::nullopt;
  return changed;
}

/// The tables that change, by their positions.
struct Changes {
  std::map<std::size_t, Table> current, desired;
};

void put(Schema& schema, std::map<std::size_t, Table>& tables) {
  for (auto& [place, table] : tables) schema.tables[place] = std::move(table);
  // A column says it itself.
  std::erase_if(schema.objects, [&](const model::Object& object) {
    return is_own_part(object) && of_column(object, [&](const Name& name, const std::string& column) {
             const Table* const table = schema.find_table(name);
             return table != nullptr && table->find_column(column) != nullptr;
           });
  });
}

/// Only the table's definition says which parent is the first: rows, columns and constraints do not depend on it.
void take_order(const std::vector<Name>& from, std::vector<Name>& parents) {
  if (std::is_permutation(from.begin(), from.end(), parents.begin(), parents.end())) parents = from;
}

Changes find_changes(const Schema& current, const Schema& desired, bool everything) {
  Changes changes;
  const auto has_parents = [](const Table& table) { return table.apart.value != nullptr; };
  if (std::none_of(current.tables.begin(), current.tables.end(), has_parents) &&
      std::none_of(desired.tables.begin(), desired.tables.end(), has_parents)) {
    return changes;
  }
  const ColumnNames different = everything ? find_different(current, desired) : ColumnNames();
  std::map<Name, std::size_t> places;
  for (std::size_t i = 0; i < desired.tables.size(); ++i) places.emplace(desired.tables[i].name, i);
  const auto add = [](std::map<std::size_t, Table>& tables, std::size_t place, std::optional<Table> table) {
    if (table) tables.emplace(place, std::move(*table));
  };
  for (std::size_t i = 0; i < current.tables.size(); ++i) {
    const Table& before = current.tables[i];
    const auto found = places.find(before.name);
    if (found == places.end()) continue;
    Table after = desired.tables[found->second];
    take_order(before.inherits, after.inherits);
    if (before.inherits == after.inherits || !everything) {
      add(changes.current, i, with_parts_of(after, before, different));
      add(changes.desired, found->second, with_parts_of(before, after, different));
      if (after.inherits != desired.tables[found->second].inherits) changes.desired.emplace(found->second, after);
      continue;
    }
    add(changes.current, i, with_all_parts(before));
    add(changes.desired, found->second, with_all_parts(after));
  }
  return changes;
}

}  // namespace

std::optional<diff::SchemaPair> with_parts_of_parents(const Schema& current, const Schema& desired, bool everything) {
  Changes changes = find_changes(current, desired, everything);
  if (changes.current.empty() && changes.desired.empty()) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  put(schemas.current, changes.current);
  put(schemas.desired, changes.desired);
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
