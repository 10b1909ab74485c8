#include "query_runner/definition.h"

#include "entity/feature.h"
#include "entity/lower_column.h"
#include "entity/lower_constraints.h"
#include "entity/to_model.h"
#include "whimbrel/detail/entity_builder.h"
#include "whimbrel/error.h"

namespace whimbrel::query_runner {

namespace {

[[noreturn]] void fail(const std::string& table, const std::string& reason, const std::string& remedy) {
  throw Error(ErrorKind::usage, "The definition of table \"" + table + "\" is invalid: " + reason + '.')
      .with_remedy(remedy);
}

void require(const std::string& table, const std::string& what, bool is_given) {
  if (!is_given) fail(table, what + " is missing", "Set it.");
}

model::ConstraintName named_or(const std::string& given, std::string derived) {
  return given.empty() ? model::ConstraintName::make_derived(std::move(derived)) : model::ConstraintName(given);
}

entity::ColumnDescription describe(const ColumnDefinition& definition) {
  entity::ColumnDescription column;
  column.member.name = definition.name;
  column.name = definition.name;
  column.type = definition.type.member();
  if (column.type.kind == detail::MemberKind::none) column.type.kind = detail::MemberKind::text;
  column.type.is_optional = column.type.is_optional || definition.nullable;
  column.type_text = definition.type.sql();
  column.role = definition.generated ? detail::ColumnRole::primary_generated
                : definition.primary ? detail::ColumnRole::primary
                                     : detail::ColumnRole::plain;
  const Text& text = definition.default_value.text;
  column.default_text.assign(text.data(), text.size());
  column.default_expression = definition.default_expression;
  column.collation = definition.collation;
  column.comment = definition.comment;
  column.options.length = definition.length;
  column.options.precision = definition.precision;
  column.options.scale = definition.scale;
  column.options.default_value = definition.default_value;
  return column;
}

void add_columns(model::Table& table, const TableDefinition& definition, const model::TypeMapping& mapping,
                 const NamingStrategy& naming) {
  model::PrimaryKey key;
  for (const ColumnDefinition& column : definition.columns) {
    if (table.find_column(column.name) != nullptr) {
      fail(definition.name, "it has two columns \"" + column.name + '"', "Remove one.");
    }
    table.columns.push_back(lower(definition.name, column, table.options, mapping));
    if (column.primary || column.generated) key.columns.emplace_back(column.name);
    if (!column.unique) continue;
    table.uniques.push_back(lower(table.name.name, UniqueDefinition{.columns = {column.name}}, naming));
  }
  if (!key.columns.empty()) table.primary_key = std::move(key);
}

void require(const std::string& table, bool is_used, model::Feature feature, const model::TypeMapping& mapping) {
  if (!is_used) return;
  if (const auto lack = entity::lack(mapping, feature)) fail(table, lack->reason, lack->remedy);
}

std::vector<std::string> used_columns(const std::vector<model::KeyPart>& parts) {
  std::vector<std::string> columns;
  for (const model::KeyPart& part : parts) {
    if (part.expression.empty()) columns.push_back(part.column);
  }
  return columns;
}

}  // namespace

void require_columns(const model::Table& table, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (table.find_column(column) != nullptr) continue;
    std::string names;
    for (const model::Column& one : table.columns) names += (names.empty() ? "" : ", ") + one.name;
    throw Error(ErrorKind::usage, "Table \"" + table.name.name + "\" has no column \"" + column + "\".")
        .with_remedy("Its columns are: " + names + '.');
  }
}

model::Column lower(const std::string& table, const ColumnDefinition& column,
                    const std::map<std::string, std::string>& options, const model::TypeMapping& mapping) {
  require(table, "the name of a column", !column.name.empty());
  if (column.type.sql().empty() && column.type.member().kind == detail::MemberKind::none) {
    fail(table, "column \"" + column.name + "\" has no type", "Set one: whimbrel::type<std::string>(), or SQL.");
  }
  detail::EntityBuilder entity(detail::type_signature<ColumnDefinition>());
  const entity::ColumnDescription description = describe(column);
  try {
    return entity::lower_column(entity, description, description, options, mapping);
  } catch (const entity::DescriptionError& error) {
    fail(table, "column \"" + column.name + "\": " + error.reason(), error.remedy());
  }
}

model::Unique lower(const std::string& table, const UniqueDefinition& unique, const NamingStrategy& naming) {
  require(table, "a column of a unique constraint", !unique.columns.empty());
  model::Unique result;
  for (const std::string& column : unique.columns) result.columns.emplace_back(column);
  result.name = named_or(unique.name, naming.unique(table, unique.columns));
  return result;
}

model::Check lower(const std::string& table, const CheckDefinition& check, const NamingStrategy& naming) {
  require(table, "the expression of a check constraint", !check.expression.empty());
  return {named_or(check.name, naming.check(table, check.expression)), check.expression};
}

model::ForeignKey lower(const std::string& table, const ForeignKeyDefinition& key, const NamingStrategy& naming) {
  require(table, "a column of a foreign key", !key.columns.empty());
  require(table, "the referenced table of a foreign key", !key.referenced_table.empty());
  if (key.columns.size() != key.referenced_columns.size()) {
    fail(table,
         "a foreign key has " + std::to_string(key.columns.size()) + " columns and references " +
             std::to_string(key.referenced_columns.size()),
         "Set as many referenced_columns as columns.");
  }
  model::ForeignKey result;
  result.name = named_or(key.name, naming.foreign_key(table, key.columns));
  result.columns = key.columns;
  result.referenced_table = key.referenced_table;
  result.referenced_columns = key.referenced_columns;
  result.on_delete = entity::to_model(key.on_delete);
  result.on_update = entity::to_model(key.on_update);
  result.deferral = entity::to_model(key.deferrable);
  return result;
}

model::Index lower(const std::string& table, const IndexDefinition& index, const NamingStrategy& naming) {
  require(table, "a column of an index", !index.columns.empty());
  model::Index result;
  result.columns = index.columns;
  result.unique = index.unique;
  result.where = index.where;
  result.name = named_or(index.name, naming.index(table, model::column_names(index.columns), index.where));
  return result;
}

model::Table lower(const TableDefinition& definition, const model::Name& name, const model::TypeMapping& mapping,
                   const NamingStrategy& naming) {
  if (definition.name.empty()) throw Error(ErrorKind::usage, "The definition of a table has no name.");
  require(definition.name, "a column", !definition.columns.empty());
  model::Table table;
  table.name = name;
  require(definition.name, definition.strict, model::Feature::strict_tables, mapping);
  require(definition.name, definition.without_rowid, model::Feature::tables_without_rowid, mapping);
  table.options = mapping.table_options({.strict = definition.strict, .without_rowid = definition.without_rowid});
  if (mapping.has(model::Feature::comments)) table.comment = definition.comment;
  add_columns(table, definition, mapping, naming);
  for (const UniqueDefinition& unique : definition.uniques) table.uniques.push_back(lower(name.name, unique, naming));
  for (const CheckDefinition& check : definition.checks) table.checks.push_back(lower(name.name, check, naming));
  for (const ForeignKeyDefinition& key : definition.foreign_keys) {
    table.foreign_keys.push_back(lower(name.name, key, naming));
  }
  for (const IndexDefinition& index : definition.indexes) table.indexes.push_back(lower(name.name, index, naming));
  for (const model::Unique& unique : table.uniques) require_columns(table, used_columns(unique.columns));
  for (const model::Index& index : table.indexes) require_columns(table, used_columns(index.columns));
  for (const model::ForeignKey& key : table.foreign_keys) require_columns(table, key.columns);
  return table;
}

}  // namespace whimbrel::query_runner
