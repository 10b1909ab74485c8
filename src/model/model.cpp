#include "whimbrel/model.h"

#include <algorithm>
#include <tuple>

namespace whimbrel::model {

namespace {

template <class Range, class Key>
auto find_by(Range& range, Key is_it) -> decltype(&*range.begin()) {
  const auto found = std::find_if(range.begin(), range.end(), is_it);
  return found == range.end() ? nullptr : &*found;
}

std::string key(const std::vector<KeyPart>& parts) {
  std::string result;
  for (const KeyPart& part : parts) {
    result += part.column + '\1' + part.expression + '\1' + part.collation + (part.descending ? "\2" : "\3");
    if (part.length) result += std::to_string(*part.length);
  }
  return result;
}

std::string key(const std::vector<std::string>& columns) {
  std::string result;
  for (const std::string& column : columns) result += column + '\1';
  return result;
}

template <class T, class Key>
void sort_by(std::vector<T>& items, Key key_of) {
  std::stable_sort(items.begin(), items.end(), [&](const T& a, const T& b) { return key_of(a) < key_of(b); });
}

void sort_parts(Table& table) {
  sort_by(table.uniques, [](const Unique& unique) { return std::pair(unique.name.text, key(unique.columns)); });
  sort_by(table.checks, [](const Check& check) { return std::pair(check.name.text, check.expression); });
  sort_by(table.exclusions,
          [](const Exclusion& exclusion) { return std::pair(exclusion.name.text, exclusion.definition); });
  sort_by(table.foreign_keys, [](const ForeignKey& foreign_key) {
    return std::tuple(foreign_key.name.text, key(foreign_key.columns), foreign_key.referenced_table,
                      key(foreign_key.referenced_columns));
  });
  sort_by(table.indexes, [](const Index& index) { return std::pair(index.name.text, key(index.columns)); });
  sort_by(table.triggers, [](const Trigger& trigger) { return trigger.name; });
}

}  // namespace

const Column* Table::find_column(const std::string& column) const {
  return find_by(columns, [&](const Column& candidate) { return candidate.name == column; });
}

Column* Table::find_column(const std::string& column) {
  return find_by(columns, [&](const Column& candidate) { return candidate.name == column; });
}

const Table* Schema::find_table(const Name& table) const {
  return find_by(tables, [&](const Table& candidate) { return candidate.name == table; });
}

Table* Schema::find_table(const Name& table) {
  return find_by(tables, [&](const Table& candidate) { return candidate.name == table; });
}

const Enum* Schema::find_enum(const Name& type) const {
  return find_by(enums, [&](const Enum& candidate) { return candidate.name == type; });
}

Schema canonical(Schema schema) {
  for (Table& table : schema.tables) sort_parts(table);
  for (View& view : schema.views) {
    sort_by(view.triggers, [](const Trigger& trigger) { return trigger.name; });
    sort_by(view.indexes, [](const Index& index) { return index.name.text; });
  }
  std::sort(schema.schemas.begin(), schema.schemas.end());
  sort_by(schema.enums, [](const Enum& type) { return type.name; });
  sort_by(schema.objects, [](const Object& object) { return std::tuple(object.kind, object.name, object.definition); });
  sort_by(schema.tables, [](const Table& table) { return table.name; });
  sort_by(schema.views, [](const View& view) { return view.name; });
  return schema;
}

std::string to_string(const Name& name) { return name.schema.empty() ? name.name : name.schema + '.' + name.name; }

std::string to_string(const Type& type) {
  std::string result = type.name;
  for (std::size_t i = 0; i < type.arguments.size(); ++i) {
    result += (i == 0 ? '(' : ',') + std::to_string(type.arguments[i]);
  }
  if (!type.arguments.empty()) result += ')';
  return type.suffix.empty() ? result : result + ' ' + type.suffix;
}

std::vector<std::string> column_names(const std::vector<KeyPart>& parts) {
  std::vector<std::string> names;
  names.reserve(parts.size());
  for (const KeyPart& part : parts) names.push_back(part.column.empty() ? part.expression : part.column);
  return names;
}

}  // namespace whimbrel::model
