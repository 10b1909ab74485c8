#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/inspect/fields.h"

namespace whimbrel::dialect::mysql {

void read_columns(const Catalog& catalog, CatalogState& state) {
  for (const std::vector<Value>& values : catalog.columns.values) {
    Fields row(values);
    const std::string table_name = row.text();
    model::Table* const table = state.find_table(table_name);
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
    table->columns.push_back(read_column(column, state.collations[table_name], state.server));
  }
  for (model::Table& table : state.schema.tables) {
    for (model::Column& column : table.columns) {
      column.type_uses.value.emplace();
      if (column.default_expression) {
        *column.default_expression = without_database(*column.default_expression, state.database);
        column.default_uses.value = used_columns(*column.default_expression, table);
      }
      if (column.computed) column.computed->uses.value = used_columns(column.computed->expression, table);
    }
  }
}

}  // namespace whimbrel::dialect::mysql
