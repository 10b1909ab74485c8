#include "dialect/row_copy.h"

#include <algorithm>

#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect {

std::vector<std::string> RowCopy::run() {
  std::vector<std::string> problems;
  for (const model::Table* const table : tables_) {
    // Rows of child tables and partitions are copied with the parent.
    if (!table->inherits.empty()) continue;
    try {
      copy(*table);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      problems.push_back("rows of table \"" + to_string(table->name) + "\" (" + error.what() + ')');
    }
  }
  return problems;
}

void RowCopy::copy(const model::Table& table) {
  limit_ = limit_for(table);
  const bool has_key = table.primary_key.has_value();
  std::size_t count = 0;
  // Rows that rows of other tables reference come first.
  for (const model::Table* const child : has_key ? tables_ : std::vector<const model::Table*>()) {
    for (const model::ForeignKey& key : child->foreign_keys) {
      if (key.referenced_table == table.name && child != &table) count += copy_some(table, among(*child, key), count);
    }
  }
  // A row comes after the row of the same table that it references.
  const bool refers_to_itself = std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                            [&](const auto& key) { return key.referenced_table == table.name; });
  constexpr int rounds = 3;
  for (int i = 0; i < (has_key && refers_to_itself ? rounds : 1); ++i) count += copy_some(table, "", count);
}

/// Returns the number of copied rows.
std::size_t RowCopy::copy_some(const model::Table& table, const std::string& where, std::size_t count) const {
  if (count >= limit_) return 0;
  std::vector<const model::Column*> columns;
  for (const model::Column& column : table.columns) {
    if (!column.computed) columns.push_back(&column);
  }
  sql::Writer names(syntax_);
  names.list(columns, [&](const model::Column* column) { names.identifier(column->name); });
  sql::Writer values(syntax_);
  values.list(columns,
              [&](const model::Column* column) { values.raw(value_for_copy(*column, column_of("o", column->name))); });
  // A search without results must not read a whole large table.
  constexpr std::size_t looked_at = 10;
  std::string select = "SELECT " + values.text() + " FROM (SELECT * FROM " + name_of_original(table.name) + " AS o" +
                       where + order(table) + " LIMIT " + std::to_string(looked_at * most_) + ") AS o WHERE true";
  for (const model::ForeignKey& key : table.foreign_keys) {
    if (is_in_copy(key.referenced_table)) select += holds(key);
  }
  if (table.primary_key) select += is_new(table);
  return insert(name_in_copy(table.name) + " (" + names.text() + ')',
                select + " LIMIT " + std::to_string(limit_ - count));
}

std::string RowCopy::order(const model::Table& table) const {
  if (!table.primary_key) return {};
  sql::Writer writer(syntax_);
  writer.raw(" ORDER BY ");
  return writer.list(table.primary_key->columns, [&](const model::KeyPart& part) { writer.identifier(part.column); })
      .take();
}

std::string RowCopy::among(const model::Table& child, const model::ForeignKey& key) const {
  sql::Writer writer(syntax_);
  const auto name = [&](const std::string& column) { writer.identifier(column); };
  writer.raw(" WHERE (").list(key.referenced_columns, name).raw(") IN (SELECT ").list(key.columns, name);
  writer.raw(" FROM (SELECT * FROM ").raw(name_of_original(child.name)).raw(order(child));
  return writer.raw(" LIMIT ").raw(std::to_string(most_)).raw(") AS child)").take();
}

std::string RowCopy::holds(const model::ForeignKey& key) const {
  std::string sql = " AND (";
  for (const std::string& column : key.columns) sql += column_of("o", column) + " IS NULL OR ";
  sql += "EXISTS (SELECT 1 FROM " + name_in_copy(key.referenced_table) + " AS p WHERE true";
  for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
    sql += " AND " + comparable(column_of("p", key.referenced_columns[i])) + " = " +
           comparable(column_of("o", key.columns[i]));
  }
  return sql + "))";
}

std::string RowCopy::is_new(const model::Table& table) const {
  std::string sql = " AND NOT EXISTS (SELECT 1 FROM " + name_in_copy(table.name) + " AS c WHERE true";
  for (const model::KeyPart& part : table.primary_key->columns) {
    sql += " AND " + comparable(column_of("c", part.column)) + " = " + comparable(column_of("o", part.column));
  }
  return sql + ')';
}

std::string RowCopy::column_of(const char* row, const std::string& column) const {
  return std::string(row) + '.' + sql::quote_identifier(column, syntax_);
}

}  // namespace whimbrel::dialect
