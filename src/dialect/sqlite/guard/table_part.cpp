#include "dialect/sqlite/guard/table_part.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/inspect/reader.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

std::string normal(std::string_view expression) { return lasting_sql(sql::to_lower(expression)); }

std::vector<std::string> normal(const std::vector<model::KeyPart>& parts) {
  std::vector<std::string> result;
  result.reserve(parts.size());
  for (const model::KeyPart& part : parts) {
    result.push_back(normal(part.column) + ' ' + normal(part.expression) + ' ' + sql::to_lower(part.collation));
  }
  return result;
}

std::vector<std::string> normal(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(sql::to_lower(name));
  return result;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// A different default or collation is not a loss: its author knows that the column has one.
void add_column(std::vector<TablePart>& parts, const model::Column& column) {
  const auto add = [&](const char* kind) {
    parts.push_back({kind, {}, column.name, {sql::to_lower(column.name)}, {column.name}});
  };
  if (column.default_expression) add("default of column");
  if (!column.collation.empty()) add("collation of column");
  if (column.auto_increment) add("AUTOINCREMENT of column");
  if (!column.enum_values.empty()) {
    parts.push_back({"check", {}, column.name + " IN (...)", {sql::to_lower(column.name)}, {column.name}});
  }
}

bool is_one_of(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& one) { return sql::equal_ignoring_case(one, name); });
}

}  // namespace

std::vector<TablePart> parts_of(const model::Table& table) {
  std::vector<TablePart> parts;
  if (table.primary_key) {
    const std::vector<std::string> columns = model::column_names(table.primary_key->columns);
    parts.push_back(
        {"primary key", table.primary_key->name.text, listed(columns), normal(table.primary_key->columns), columns});
  }
  for (const model::Unique& unique : table.uniques) {
    const std::vector<std::string> columns = model::column_names(unique.columns);
    parts.push_back({"unique", unique.name.text, listed(columns), normal(unique.columns), columns});
  }
  for (const model::Check& check : table.checks) {
    parts.push_back({"check", check.name.text, check.expression, {normal(check.expression)}});
  }
  for (const model::ForeignKey& key : table.foreign_keys) {
    std::vector<std::string> meaning = normal(key.columns);
    meaning.push_back(sql::to_lower(key.referenced_table.name));
    parts.push_back({"foreign key", key.name.text, listed(key.columns), std::move(meaning), key.columns});
  }
  for (const model::Column& column : table.columns) add_column(parts, column);
  for (const auto& [option, value] : table.options) parts.push_back({"option", option, option, {option, value}});
  return parts;
}

std::vector<TablePart> made_parts(const std::vector<std::string>& statements, const std::vector<std::string>& names) {
  std::vector<std::string> made_names = names;
  for (const std::string& statement : statements) {
    const Command command = read_command(statement);
    const bool is_renamed = command.kind == Command::Kind::rename_table && is_one_of(names, command.new_name);
    if (is_renamed) made_names.push_back(command.table);
  }
  std::vector<TablePart> parts;
  for (const std::string& statement : statements) {
    const Command command = read_command(statement);
    if (command.kind != Command::Kind::create_table || !is_one_of(made_names, command.table)) continue;
    try {
      std::vector<TablePart> made = parts_of(read_create_table(statement));
      std::move(made.begin(), made.end(), std::back_inserter(parts));
    } catch (const Error&) {  // CREATE TABLE ... AS SELECT creates only columns.
    }
  }
  return parts;
}

bool has_part(const std::vector<TablePart>& parts, const TablePart& part) {
  return std::any_of(parts.begin(), parts.end(), [&](const TablePart& other) {
    const bool has_name = !part.name.empty() && sql::equal_ignoring_case(other.name, part.name);
    return other.kind == part.kind && (has_name || other.meaning == part.meaning);
  });
}

}  // namespace whimbrel::dialect::sqlite
