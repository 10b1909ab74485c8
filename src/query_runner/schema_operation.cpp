#include "query_runner/schema_operation.h"

#include <algorithm>

#include "change/compare.h"

namespace whimbrel::run {

std::string to_string(Text text) { return {text.data(), text.size()}; }

const SchemaAccess& require_access(QueryRunner::Backend& backend) {
  if (const SchemaAccess* source = backend.schema_access()) return *source;
  throw Error(ErrorKind::usage, "This QueryRunner has no database, so it cannot read a schema.")
      .with_remedy("Use the QueryRunner that is passed to a migration, or that of a DataSource.");
}

SchemaOperation::SchemaOperation(QueryRunner::Backend& backend, std::initializer_list<Text> names)
    : backend_(backend), source_(require_access(backend)) {
  dialect::InspectScope scope;
  scope.objects = true;
  scope.part.emplace();
  for (const Text name : names) scope.part->changed.emplace_back(to_string(name));
  schema_ = source_.dialect->inspect(*source_.connection, scope);
}

bool SchemaOperation::same(model::NameKind kind, const std::string& a, Text b) const {
  return dialect().same_name(kind, a, {b.data(), b.size()});
}

const model::Table* SchemaOperation::find_table(Text name) const {
  const auto found = std::find_if(schema_.tables.begin(), schema_.tables.end(), [&](const model::Table& table) {
    return same(model::NameKind::table, table.name.name, name);
  });
  return found == schema_.tables.end() ? nullptr : &*found;
}

const model::View* SchemaOperation::find_view(Text name) const {
  const auto found = std::find_if(schema_.views.begin(), schema_.views.end(), [&](const model::View& view) {
    return same(model::NameKind::table, view.name.name, name);
  });
  return found == schema_.views.end() ? nullptr : &*found;
}

const model::Table& SchemaOperation::table(Text name) const {
  if (const model::Table* found = find_table(name)) return *found;
  throw Error(ErrorKind::usage, "Table \"" + to_string(name) + "\" does not exist.")
      .with_remedy("Check the name; has_table() tells whether a table exists.");
}

const model::Column* SchemaOperation::find_column(const model::Table& table, Text name) const {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
    return same(model::NameKind::column, column.name, name);
  });
  return found == table.columns.end() ? nullptr : &*found;
}

const model::Column& SchemaOperation::column(const model::Table& table, Text name) const {
  if (const model::Column* found = find_column(table, name)) return *found;
  std::string names;
  for (const model::Column& one : table.columns) names += (names.empty() ? "" : ", ") + one.name;
  throw Error(ErrorKind::usage, "Table \"" + table.name.name + "\" has no column \"" + to_string(name) + "\".")
      .with_remedy("Its columns are: " + names + '.');
}

model::Table SchemaOperation::with_uses(const model::Table& table) const {
  model::Table result = table;
  dialect().comparison(*source_.connection)->find_uses(result);
  return result;
}

void SchemaOperation::warn(const std::string& line) const {
  if (source_.warn) source_.warn(line);
}

void SchemaOperation::require_free(const std::string& name) const {
  const bool is_table = find_table(name) != nullptr;
  if (!is_table && find_view(name) == nullptr) return;
  throw Error(ErrorKind::usage, std::string(is_table ? "Table" : "View") + " \"" + name + "\" already exists.")
      .with_remedy("Choose another name, or drop or rename the existing one first.");
}

void SchemaOperation::run(const std::vector<operation::Operation>& operations,
                          const std::vector<operation::Operation>& renames) {
  diff::Difference difference;
  difference.renamed = schema_;
  if (!renames.empty()) {
    const auto comparison = dialect().comparison(*source_.connection);
    difference.renames = comparison->possible_renames(schema_, comparison->with_followers(schema_, renames));
    difference.renamed = comparison->after_renames(schema_, difference.renames);
  }
  difference.operations = operations;
  difference.target = difference.renamed;
  for (const operation::Operation& operation : operations)
    operation::apply(difference.target, operation, dialect().syntax());
  const SchemaChange way = make_script(dialect(), *source_.connection, schema_, std::move(difference));
  if (!way.missing_backfills.empty()) {
    const diff::MissingBackfill& missing = way.missing_backfills.front();
    throw Error(ErrorKind::usage, "Column \"" + missing.column + "\" of \"" + missing.table.name +
                                      "\" is NOT NULL, and existing rows have no value for it.")
        .with_remedy("Set ColumnDefinition::fill to an SQL expression for those rows, or give the column a default.");
  }
  std::vector<std::string> statements;
  for (const sql::Statement& statement : way.script.up) statements.push_back(statement.sql);
  backend_.run_all(statements);
}

}  // namespace whimbrel::run
