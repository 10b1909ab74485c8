#include <algorithm>

#include "toy_database/dialect.h"

namespace whimbrel::toy {

namespace {

enum Place { table, column, type, nullable, counted, default_value, key };

model::Column read_column(const std::vector<Value>& row) {
  model::Column result;
  result.name = row[column].text();
  result.type.name = row[type].text();
  result.nullable = row[nullable].integer() != 0;
  result.auto_increment = row[counted].integer() != 0;
  if (!row[default_value].is_null()) result.default_expression = row[default_value].text();
  return result;
}

}  // namespace

model::Schema inspect(dialect::Connection& connection) {
  model::Schema schema;
  std::vector<std::pair<std::int64_t, std::string>> key_columns;
  const auto end_table = [&] {
    if (schema.tables.empty() || key_columns.empty()) return;
    std::sort(key_columns.begin(), key_columns.end());
    model::PrimaryKey& primary_key = schema.tables.back().primary_key.emplace();
    for (const auto& [place, name] : key_columns) primary_key.columns.emplace_back(name);
    key_columns.clear();
  };
  for (const std::vector<Value>& row : connection.run("SHOW COLUMNS").values) {
    const std::string name = row[table].text();
    if (schema.tables.empty() || schema.tables.back().name.name != name) {
      end_table();
      schema.tables.emplace_back().name.name = name;
    }
    schema.tables.back().columns.push_back(read_column(row));
    if (row[key].integer() > 0) key_columns.emplace_back(row[key].integer(), row[column].text());
  }
  end_table();
  return schema;
}

}  // namespace whimbrel::toy
