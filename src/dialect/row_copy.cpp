#include "dialect/row_copy.h"

#include <algorithm>

#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect {

std::vector<std::string> RowCopy::run() {
  std::vector<std::string> problems;
  index_references();
  for (const SampledTable& sampled : tables_) {
    const model::Table* const table = sampled.table;
    // Rows of child tables and partitions are copied with the parent.
    if (!table->inherits.empty()) continue;
    try {
      copy(sampled);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      problems.push_back("rows of table \"" + to_string(table->name) + "\" (" + error.what() + ')');
    }
  }
  return problems;
}

void RowCopy::index_references() {
  for (const SampledTable& sampled : tables_) {
    const model::Table& child = *sampled.table;
    for (const model::ForeignKey& key : child.foreign_keys) {
      if (key.referenced_table != child.name) references_[key.referenced_table].push_back({&child, &key});
    }
    for (const model::ForeignKey& key : sampled.later_keys) {
      references_[key.referenced_table].push_back({&child, &key});
    }
  }
}

void RowCopy::copy(const SampledTable& sampled) {
  const model::Table& table = *sampled.table;
  limit_ = limit_for(table);
  const bool has_key = table.primary_key.has_value();
  std::size_t count = 0;
  // Rows that rows of other tables reference come first.
  if (const auto found = references_.find(table.name); has_key && found != references_.end()) {
    for (const auto& [child, key] : found->second) count += copy_some(sampled, among(table, *child, *key), count);
  }
  // A row comes after the row of the same table that it references.
  const auto is_own = [&](const model::ForeignKey& key) { return key.referenced_table == table.name; };
  const bool refers_to_itself = std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), is_own) ||
                                std::any_of(sampled.later_keys.begin(), sampled.later_keys.end(), is_own);
  constexpr int rounds = 3;
  for (int i = 0; i < (has_key && refers_to_itself ? rounds : 1); ++i) count += copy_some(sampled, "", count);
}

/// Returns the number of copied rows.
std::size_t RowCopy::copy_some(const SampledTable& sampled, const std::string& where, std::size_t count) const {
  if (count >= limit_) return 0;
  const model::Table& table = *sampled.table;
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
  select += has_what_it_needs(sampled);
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

namespace {

bool have_same_types(const model::Table& table, const model::Table& child, const model::ForeignKey& key) {
  const auto is_same = [&](const std::string& referenced, const std::string& column) {
    const model::Column* const first = table.find_column(referenced);
    const model::Column* const second = child.find_column(column);
    return first != nullptr && second != nullptr && first->type == second->type;
  };
  return std::equal(key.referenced_columns.begin(), key.referenced_columns.end(), key.columns.begin(),
                    key.columns.end(), is_same);
}

}  // namespace

std::string RowCopy::among(const model::Table& table, const model::Table& child, const model::ForeignKey& key) const {
  sql::Writer writer(syntax_);
  const bool of_same_types = have_same_types(table, child, key);
  const auto value = [&](const std::string& column) {
    const std::string name = sql::quote_identifier(column, syntax_);
    writer.raw(of_same_types ? name : comparable(name));
  };
  writer.raw(" WHERE (").list(key.referenced_columns, value).raw(") IN (SELECT ").list(key.columns, value);
  writer.raw(" FROM (SELECT * FROM ").raw(name_of_original(child.name)).raw(order(child));
  return writer.raw(" LIMIT ").raw(std::to_string(most_)).raw(") AS child)").take();
}

/// Returns conditions for rows whose references are valid in the copy. A row that violates a later key is taken, so
/// that this is found; one that does not, only with the row that it references.
std::string RowCopy::has_what_it_needs(const SampledTable& sampled) const {
  std::string sql;
  for (const model::ForeignKey& key : sampled.table->foreign_keys) {
    if (!is_in_copy(key.referenced_table)) continue;
    sql += " AND (" + refers_to_nothing(key) + has_referenced(name_in_copy(key.referenced_table), key, false) + ')';
  }
  for (const model::ForeignKey& key : sampled.later_keys) {
    const auto referenced = std::find_if(tables_.begin(), tables_.end(), [&](const SampledTable& other) {
      return other.table->name == key.referenced_table;
    });
    if (referenced == tables_.end() || !is_in_copy(key.referenced_table)) continue;
    const bool of_same_types = have_same_types(*referenced->table, *sampled.table, key);
    sql += " AND (" + refers_to_nothing(key) + has_referenced(name_in_copy(key.referenced_table), key, false) +
           " OR NOT " + has_referenced(name_of_original(key.referenced_table), key, of_same_types) + ')';
  }
  return sql;
}

std::string RowCopy::refers_to_nothing(const model::ForeignKey& key) const {
  std::string sql;
  for (const std::string& column : key.columns) sql += column_of("o", column) + " IS NULL OR ";
  return sql;
}

std::string RowCopy::has_referenced(const std::string& referenced, const model::ForeignKey& key,
                                    bool of_same_types) const {
  std::string sql = "EXISTS (SELECT 1 FROM " + referenced + " AS p WHERE true";
  for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
    const std::string parent = column_of("p", key.referenced_columns[i]);
    const std::string child = column_of("o", key.columns[i]);
    sql += " AND " + (of_same_types ? parent + " = " + child : comparable(parent) + " = " + comparable(child));
  }
  return sql + ')';
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
