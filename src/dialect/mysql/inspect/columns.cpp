#include <unordered_map>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/column_text.h"

namespace whimbrel::dialect::mysql {

void read_columns(const Catalog& catalog, CatalogState& state) {
  std::unordered_map<std::string, model::Type> types;  // Most columns have one of a few.
  model::Table* table = nullptr;                       // That of the last row: a table's rows come together.
  std::string collation;
  for (const std::vector<Value>& values : catalog.columns.values) {
    Fields row(values);
    if (std::string name = row.text(); table == nullptr || name != table->name.name) {
      table = state.find_table(name);
      collation = table == nullptr ? std::string() : state.collations[name];
    }
    if (table == nullptr) continue;  // It belongs to a view or a sequence.
    ColumnRow column;
    column.name = row.text();
    column.default_text = row.optional_text();
    column.nullable = row.is("YES");
    column.charset = row.text();
    column.collation = row.text();
    column.type = row.text();
    column.extra = row.text();
    column.comment = row.text();
    column.generation = row.text();
    column.srid = row.text();
    auto [type, is_new] = types.try_emplace(column.type);
    if (is_new) type->second = read_column_type(column.type);
    table->columns.push_back(read_column(column, type->second, collation, state.server));
  }
  for (model::Table& read : state.schema.tables) {
    for (model::Column& column : read.columns) {
      column.type_uses.value.emplace();
      if (column.default_expression) {
        *column.default_expression = without_database(*column.default_expression, state.database);
        column.default_uses.value = used_columns(*column.default_expression, read);
      }
      if (column.computed) column.computed->uses.value = used_columns(column.computed->expression, read);
    }
  }
}

}  // namespace whimbrel::dialect::mysql
