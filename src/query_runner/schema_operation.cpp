#include "query_runner/schema_operation.h"

#include <algorithm>

#include "change/compare.h"

namespace whimbrel::query_runner {

std::string to_string(Text text) { return {text.data(), text.size()}; }

const session::SchemaAccess& require_access(QueryRunner::Backend& backend) {
  if (const session::SchemaAccess* source = backend.schema_access()) return *source;
  throw Error(ErrorKind::usage, "This QueryRunner has no database, so it cannot read a schema.")
      .with_remedy("Use the QueryRunner that is passed to a migration, or that of a DataSource.");
}

SchemaOperation::SchemaOperation(QueryRunner::Backend& backend, std::initializer_list<Text> names, Reads reads)
    : backend_(backend), source_(require_access(backend)) {
  dialect::InspectScope scope;
  scope.objects = reads == Reads::tables_and_dependents;
  scope.only_changed = reads == Reads::tables;
  scope.part.emplace();
  for (const Text text : names) {
    scope.part->changed.emplace_back(to_string(text));
    model::Name qualified = name(text);
    if (!qualified.schema.empty()) scope.schemas.push_back(qualified.schema);
    if (qualified != scope.part->changed.back()) scope.part->changed.push_back(std::move(qualified));
  }
  if (source_.before_read) source_.before_read();
  schema_ = source_.dialect->inspect(*source_.connection, scope);
}

model::Name SchemaOperation::name(Text text) const {
  const std::string name = to_string(text);
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos || !dialect().has(model::Feature::schemas)) return name;
  std::string schema = name.substr(0, dot);
  // The model has no name for the default schema.
  if (schema == dialect().default_schema(*source_.connection)) schema.clear();
  return {std::move(schema), name.substr(dot + 1)};
}

bool SchemaOperation::same(model::NameKind kind, const std::string& a, Text b) const {
  return dialect().same_name(kind, a, {b.data(), b.size()});
}

template <class Named>
const Named* SchemaOperation::find(const std::vector<Named>& list, Text name) const {
  for (const model::Name& wanted : {model::Name(to_string(name)), this->name(name)}) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Named& one) {
      return one.name.schema == wanted.schema && same(model::NameKind::table, one.name.name, Text(wanted.name));
    });
    if (found != list.end()) return &*found;
  }
  return nullptr;
}

const model::Table* SchemaOperation::find_table(Text name) const { return find(schema_.tables, name); }
const model::View* SchemaOperation::find_view(Text name) const { return find(schema_.views, name); }

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

void SchemaOperation::require_free(Text name) const {
  const bool is_table = find_table(name) != nullptr;
  if (!is_table && find_view(name) == nullptr) return;
  throw Error(ErrorKind::usage,
              std::string(is_table ? "Table" : "View") + " \"" + to_string(name) + "\" already exists.")
      .with_remedy("Choose another name, or drop or rename the existing one first.");
}

model::Schema SchemaOperation::after(const std::vector<operation::Operation>& renames) const {
  if (renames.empty()) return schema_;
  const auto comparison = dialect().comparison(*source_.connection);
  return comparison->after_renames(schema_, comparison->rename_steps(schema_, renames, false));
}

void SchemaOperation::run(const std::vector<operation::Operation>& operations,
                          const std::vector<operation::Operation>& renames) {
  diff::Difference difference;
  if (!renames.empty()) {
    const auto comparison = dialect().comparison(*source_.connection);
    difference.renames = comparison->rename_steps(schema_, renames, false);
    difference.renamed = comparison->after_renames(schema_, difference.renames);
  }
  difference.operations = operations;
  difference.target = difference.after_renames(schema_);
  for (const operation::Operation& operation : operations)
    operation::apply(difference.target, operation, dialect().syntax());
  const change::SchemaChange change =
      change::make_script(dialect(), *source_.connection, schema_, std::move(difference));
  if (!change.missing_backfills.empty()) {
    const diff::MissingBackfill& missing = change.missing_backfills.front();
    throw Error(ErrorKind::usage, "Column \"" + missing.column + "\" of \"" + missing.table.name +
                                      "\" is NOT NULL, and existing rows have no value for it.")
        .with_remedy(
            "Set ColumnDefinition::backfill to an SQL expression for those rows, or give the column a default.");
  }
  std::vector<std::string> statements;
  for (const sql::Statement& statement : change.script.up) statements.push_back(statement.sql);
  backend_.run_all(statements);
}

}  // namespace whimbrel::query_runner
