#include "operation/uses.h"

#include <algorithm>
#include <map>

namespace whimbrel::operation {

bool uses(const model::Uses& uses, const model::Name& table, const std::string& column) {
  if (!uses.value) return true;
  return std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
    return used.kind.empty() && used.column == column && used.name == table;
  });
}

bool uses(const model::Column& column, const model::Reference& item) {
  const auto has = [&](const model::Uses& uses, bool if_unknown) {
    return uses.value ? std::binary_search(uses.value->begin(), uses.value->end(), item) : if_unknown;
  };
  return has(column.type_uses, false) || has(column.default_uses, column.default_expression.has_value()) ||
         (item.kind == "enum" && to_string(item.name) == column.enum_name);
}

model::Uses uses_of(const model::Index& index, const model::Name& table) {
  const bool has_expression =
      !index.where.empty() || std::any_of(index.columns.begin(), index.columns.end(),
                                          [](const model::KeyPart& part) { return !part.expression.empty(); });
  if (index.uses.value || has_expression) return index.uses;
  std::vector<model::Reference> used;
  for (const std::string& column : model::column_names(index.columns)) used.push_back({table, column, {}});
  for (const std::string& column : index.included) used.push_back({table, column, {}});
  return {sorted_uses(std::move(used))};
}

std::vector<model::Reference> sorted_uses(std::vector<model::Reference> used) {
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  return used;
}

namespace {

void take_known(model::Uses& uses, const model::Uses& other) {
  if (other.value) uses = other;
}

/// Items are the same if they are equal.
template <class T>
void take_of_equal(std::vector<T>& items, const std::vector<T>& others) {
  for (T& item : items) {
    const auto other = std::find(others.begin(), others.end(), item);
    if (other != others.end()) take_known(item.uses, other->uses);
  }
}

template <class T>
void take_of_equal_named(std::vector<T>& items, const std::vector<T>& others) {
  std::multimap<model::Name, const T*> by_name;
  for (const T& other : others) by_name.emplace(other.name, &other);
  for (T& item : items) {
    const auto [begin, end] = by_name.equal_range(item.name);
    const auto same = std::find_if(begin, end, [&](const auto& other) { return *other.second == item; });
    if (same != end) take_known(item.uses, same->second->uses);
  }
}

void take_uses(model::Table& table, const model::Table& other) {
  for (model::Column& column : table.columns) {
    const model::Column* const same = other.find_column(column.name);
    if (same == nullptr) continue;
    take_known(column.type_uses, same->type_uses);
    take_known(column.default_uses, same->default_uses);
    if (column.computed && same->computed) take_known(column.computed->uses, same->computed->uses);
  }
  take_of_equal(table.checks, other.checks);
  take_of_equal(table.exclusions, other.exclusions);
  take_of_equal(table.indexes, other.indexes);
  take_of_equal(table.triggers, other.triggers);
}

}  // namespace

void take_uses(model::Schema& schema, const model::Schema& other) {
  std::map<model::Name, const model::Table*> tables;
  for (const model::Table& table : other.tables) tables.emplace(table.name, &table);
  for (model::Table& table : schema.tables) {
    const auto same = tables.find(table.name);
    if (same != tables.end()) take_uses(table, *same->second);
  }
  take_of_equal_named(schema.views, other.views);
  take_of_equal_named(schema.objects, other.objects);
}

bool has_expression(const model::Index& index) {
  return !index.where.empty() || std::any_of(index.columns.begin(), index.columns.end(),
                                             [](const model::KeyPart& part) { return !part.expression.empty(); });
}

std::vector<std::string> included_columns(const model::Table& table) {
  std::vector<std::string> included;
  const auto add = [&](const std::vector<std::string>& columns) {
    included.insert(included.end(), columns.begin(), columns.end());
  };
  if (table.primary_key) add(table.primary_key->included);
  for (const model::Unique& unique : table.uniques) add(unique.included);
  for (const model::Index& index : table.indexes) {
    if (index.unique) add(index.included);
  }
  return included;
}

void rename_used(model::Uses& uses, const model::Name& table, const std::string& from, const std::string& to) {
  if (!uses.value) return;
  for (model::Reference& used : *uses.value) {
    if (used.kind.empty() && used.name == table && used.column == from) used.column = to;
  }
  std::sort(uses.value->begin(), uses.value->end());
}

void for_each_uses(model::Schema& schema, const std::function<void(model::Uses&)>& function) {
  const auto of_all = [&](auto& items) {
    for (auto& item : items) function(item.uses);
  };
  for (model::Table& table : schema.tables) {
    for (model::Column& column : table.columns) {
      function(column.type_uses);
      function(column.default_uses);
      if (column.computed) function(column.computed->uses);
    }
    of_all(table.checks);
    of_all(table.exclusions);
    of_all(table.indexes);
    of_all(table.triggers);
  }
  for (model::View& view : schema.views) {
    function(view.uses);
    of_all(view.indexes);
    of_all(view.triggers);
  }
  of_all(schema.objects);
}

std::optional<std::string_view> name_of_overloads(std::string_view name) {
  const std::size_t arguments = name.find('(');
  if (arguments == std::string_view::npos || !name.ends_with(')')) return std::nullopt;
  return name.substr(0, arguments);
}

}  // namespace whimbrel::operation
