#include "dialect/postgres/compare/parents.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/table_options.h"
#include "model/indexed_schema.h"

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

/// Inherited columns that differ from those of a parent in one of the schemas.
struct Different {
  ColumnNames all;
  ColumnNames by_not_null;  ///< Those that are NOT NULL or not, unlike a parent's.
};

Different find_different(const Schema& current, const Schema& desired) {
  Different different;
  for (const Schema* const schema : {&current, &desired}) {
    for (const model::Object& object : schema->objects) {
      if (!is_own_part(object)) continue;
      of_column(object, [&](const Name& table, const std::string& column) {
        different.all.emplace(table, column);
        if (object.kind == own_not_null_kind) different.by_not_null.emplace(table, column);
        return true;
      });
    }
  }
  return different;
}

/// Returns the table's columns, and the inherited ones that are the other's own or that differ from a parent's. If the
/// other lacks such a column, it counts only if rows must get a value in it.
std::vector<model::Column> columns_with(const Table& other, const Table& table, const Different& different) {
  std::vector<model::Column> columns;
  for (const model::Column& column : table.apart.value->columns) {
    if (table.find_column(column.name) != nullptr || other.find_column(column.name) != nullptr) {
      columns.push_back(column);
      continue;
    }
    if (other.apart.value == nullptr) continue;
    const bool comes_or_goes = other.apart.value->find_column(column.name) == nullptr;
    const bool must_have_value = !column.nullable && different.by_not_null.contains({table.name, column.name});
    if (comes_or_goes ? must_have_value : different.all.contains({table.name, column.name})) {
      columns.push_back(column);
      columns.back().comment.clear();  // It is not compared.
      columns.back().of_parent.value = comes_or_goes;
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

/// Adds the inherited ones, which follow the table's own in `all`, that are the other's own by name or content, if the
/// function agrees.
template <class Part, class Function>
void take_over(const std::vector<Part>& of_other, const std::vector<Part>& all, std::vector<Part>& own,
               Function can_take) {
  for (std::size_t i = own.size(); i < all.size(); ++i) {
    const bool is_taken = std::any_of(of_other.begin(), of_other.end(), [&](const Part& part) {
      const bool has_name = !part.name.derived.value && part.name.text == all[i].name.text;
      return (has_name || have_same_content(all[i], part)) && can_take(all[i], part);
    });
    if (is_taken) own.push_back(all[i]);
  }
}

template <class Part>
bool differ_only_by_name(Part a, const Part& b) {
  a.name = b.name;
  return a == b;
}

/// Tables, and the names of the check constraints that their parents give them.
using CheckNames = std::set<std::pair<Name, std::string>>;

CheckNames inherited_checks(const Schema& schema) {
  std::map<Name, const Table*> tables;
  for (const Table& table : schema.tables) tables.emplace(table.name, &table);
  CheckNames names;
  for (const Table& table : schema.tables) {
    for (const Name& parent : table.inherits) {
      const auto found = tables.find(parent);
      if (found == tables.end()) continue;
      const Table* const apart = found->second->apart.value.get();
      for (const model::Check& check : apart != nullptr ? apart->checks : found->second->checks) {
        if (!check.no_inherit) names.emplace(table.name, check.name.text);
      }
    }
  }
  return names;
}

/// Returns the table with everything that it inherits.
const Table& whole_of(const Table& table) { return table.apart.value != nullptr ? *table.apart.value : table; }

/// The parents that a table keeps.
class KeptParents {
 public:
  KeptParents(const Table& before, const Table& after, const Schema& current, const Schema& desired) {
    for (const Name& parent : before.inherits) {
      if (std::find(after.inherits.begin(), after.inherits.end(), parent) == after.inherits.end()) continue;
      const Table* const earlier = current.find_table(parent);
      const Table* const later = desired.find_table(parent);
      if (earlier != nullptr && later != nullptr) parents_.emplace_back(&whole_of(*earlier), &whole_of(*later));
    }
  }

  /// Removes check constraints and columns that only parents make, or drop, in the table. A column that the other table
  /// has, too, stays, with its values.
  void leave_to_parents(const Table& own, const Table& other, Table& whole) const {
    std::erase_if(whole.checks,
                  [&](const model::Check& check) { return find(own, check) == nullptr && comes_or_goes(check); });
    std::erase_if(whole.columns, [&](const model::Column& column) {
      return own.find_column(column.name) == nullptr && whole_of(other).find_column(column.name) == nullptr &&
             comes_or_goes(column);
    });
  }

 private:
  static const model::Check* find(const Table& table, const model::Check& like) {
    const auto found = std::find_if(table.checks.begin(), table.checks.end(), [&](const model::Check& check) {
      return check.name.text == like.name.text && !check.no_inherit;
    });
    return found == table.checks.end() ? nullptr : &*found;
  }
  static const model::Column* find(const Table& table, const model::Column& like) {
    return table.find_column(like.name);
  }
  static bool is_same(const model::Check& before, const model::Check& after) { return before == after; }
  static bool is_same(const model::Column&, const model::Column&) { return true; }

  /// A parent that has the same before and after keeps it there.
  template <class Part>
  [[nodiscard]] bool comes_or_goes(const Part& part) const {
    bool is_any = false;
    for (const auto& [earlier, later] : parents_) {
      const Part* const before = find(*earlier, part);
      const Part* const after = find(*later, part);
      if (before != nullptr && after != nullptr && is_same(*before, *after)) return false;
      is_any = is_any || before != nullptr || after != nullptr;
    }
    return is_any;
  }

  std::vector<std::pair<const Table*, const Table*>> parents_;  ///< Before and after.
};

/// What decides which inherited parts of a table are compared with the other's own.
struct Sides {
  bool everything;
  Different different;
  CheckNames checks_of_current, checks_of_desired;
};

/// Returns the table with the inherited columns, keys, indexes and constraints that are the other's own. But a check
/// constraint or a foreign key that a parent makes and drops in the table is not the same as one that the other has
/// itself: this is created, and dropped, unless the server makes one of the two.
std::optional<Table> with_parts_of(const Table& other, const Table& table, const Sides& sides,
                                   const CheckNames& checks_of_other) {
  if (table.apart.value == nullptr) return std::nullopt;
  const Table& apart = *table.apart.value;
  Table changed = table;
  changed.columns = columns_with(other, table, sides.different);
  if (other.primary_key && !table.primary_key) changed.primary_key = apart.primary_key;
  const auto always = [](const auto&, const auto&) { return true; };
  const bool is_partition = table.options.contains(partition_bound);
  take_over(other.uniques, apart.uniques, changed.uniques, always);
  take_over(other.checks, apart.checks, changed.checks, [&](const model::Check& inherited, const model::Check& part) {
    if (!sides.everything) return true;
    return differ_only_by_name(inherited, part) &&
           (is_partition || checks_of_other.contains({other.name, part.name.text}));
  });
  take_over(other.exclusions, apart.exclusions, changed.exclusions, always);
  take_over(other.foreign_keys, apart.foreign_keys, changed.foreign_keys,
            [&](const model::ForeignKey& inherited, const model::ForeignKey& part) {
              return !sides.everything || differ_only_by_name(inherited, part);
            });
  take_over(other.indexes, apart.indexes, changed.indexes, always);
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
  const model::IndexedSchema indexed(schema);
  std::erase_if(schema.objects, [&](const model::Object& object) {
    return is_own_part(object) && of_column(object, [&](const Name& name, const std::string& column) {
             const Table* const table = indexed.find_table(name);
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
  Sides sides{everything, {}, {}, {}};
  if (everything) {
    sides = {everything, find_different(current, desired), inherited_checks(current), inherited_checks(desired)};
  }
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
      add(changes.current, i, with_parts_of(after, before, sides, sides.checks_of_desired));
      add(changes.desired, found->second, with_parts_of(before, after, sides, sides.checks_of_current));
      if (after.inherits != desired.tables[found->second].inherits) changes.desired.emplace(found->second, after);
      continue;
    }
    const KeptParents kept(before, after, current, desired);
    const auto whole = [&](const Table& table, const Table& other) {
      std::optional<Table> all = with_all_parts(table);
      if (all) kept.leave_to_parents(table, other, *all);
      return all;
    };
    add(changes.current, i, whole(before, after));
    add(changes.desired, found->second, whole(after, before));
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
