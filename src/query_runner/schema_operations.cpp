#include <algorithm>

#include "operation/describe.h"
#include "operation/uses.h"
#include "query_runner/definition.h"
#include "query_runner/schema_operation.h"

// The schema operations of QueryRunner.

namespace whimbrel {

namespace {

using namespace operation;
using query_runner::Reads;
using query_runner::SchemaOperation;
using query_runner::to_string;

std::string listed(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ", ") + column;
  return text;
}

std::string columns_of(const model::Unique& unique) { return listed(model::column_names(unique.columns)); }
std::string columns_of(const model::Index& index) { return listed(model::column_names(index.columns)); }
std::string columns_of(const model::ForeignKey& key) { return listed(key.columns); }
std::string columns_of(const model::Check& check) { return check.expression; }

template <class T>
[[noreturn]] void fail_search(const model::Table& table, const std::vector<T>& list, const std::string& what,
                              Text wanted, bool is_ambiguous) {
  std::string there;
  for (const T& item : list)
    there += (there.empty() ? "" : ", ") + (item.name.text.empty() ? columns_of(item) : item.name.text);
  throw Error(ErrorKind::usage, "Table \"" + table.name.name + "\" has " + (is_ambiguous ? "more than one " : "no ") +
                                    what + " \"" + to_string(wanted) + "\".")
      .with_remedy(there.empty() ? "It has none." : "It has: " + there + '.');
}

/// Finds by name, or by columns.
template <class T>
const T& find(const model::Table& table, const std::vector<T>& list, const std::string& what, Text wanted) {
  const T* found = nullptr;
  for (const T& item : list) {
    if (item.name.text == to_string(wanted)) return item;
    if (columns_of(item) != to_string(wanted)) continue;
    if (found != nullptr) fail_search(table, list, what, wanted, true);
    found = &item;
  }
  if (found == nullptr) fail_search(table, list, what, wanted, false);
  return *found;
}

bool has(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool uses_column(const model::ForeignKey& key, const model::Name&, const std::string& column) {
  return has(key.columns, column);
}
bool uses_column(const model::Unique& unique, const model::Name&, const std::string& column) {
  return has(model::column_names(unique.columns), column) || has(unique.included, column);
}
bool uses_column(const model::Index& index, const model::Name& table, const std::string& column) {
  return uses(uses_of(index, table), table, column);
}
template <class T>
bool uses_column(const T& item, const model::Name& table, const std::string& column) {
  return uses(item.uses, table, column);
}

/// Returns the dependents that are dropped with a column.
template <class DropOp, class T>
void add_drops(std::vector<Operation>& operations, const model::Name& table, const std::vector<T>& items,
               const std::string& column) {
  for (const T& item : items) {
    if (uses_column(item, table, column)) operations.emplace_back(DropOp{table, item});
  }
}

std::vector<Operation> drops_with(const model::Table& table, const std::string& column) {
  std::vector<Operation> operations;
  add_drops<DropIndex>(operations, table.name, table.indexes, column);
  add_drops<DropForeignKey>(operations, table.name, table.foreign_keys, column);
  add_drops<DropUnique>(operations, table.name, table.uniques, column);
  add_drops<DropCheck>(operations, table.name, table.checks, column);
  add_drops<DropExclusion>(operations, table.name, table.exclusions, column);
  return operations;
}

/// Throws Error (usage) if another column has the name.
Operation rename_of(const SchemaOperation& change, const model::Table& table, const model::Column& renamed, Text to) {
  const model::Column* const other = change.find_column(table, to);
  if (other != nullptr && other != &renamed) {
    throw Error(ErrorKind::usage, "Table \"" + table.name.name + "\" already has a column \"" + other->name + "\".")
        .with_remedy("Choose another name, or rename or drop the existing column first.");
  }
  return RenameColumn{table.name, renamed.name, to_string(to)};
}

std::optional<std::string> given(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

const model::Unique* unique_over(const model::Table& table, const std::string& column) {
  const auto found = std::find_if(table.uniques.begin(), table.uniques.end(), [&](const model::Unique& unique) {
    return unique.columns == std::vector<model::KeyPart>{column};
  });
  return found == table.uniques.end() ? nullptr : &*found;
}

bool is_in_primary_key(const model::Table& table, const std::string& column) {
  return table.primary_key && has(model::column_names(table.primary_key->columns), column);
}

std::string quoted(const model::Name& name, const dialect::Dialect& dialect) {
  const std::string schema = name.schema.empty() ? "" : dialect.quote_identifier(name.schema) + '.';
  return schema + dialect.quote_identifier(name.name);
}

/// Calls the function with the current objects of these names, if they can be changed safely.
template <class Function>
void change_schema(QueryRunner::Backend& backend, std::initializer_list<Text> names, Function function) {
  const session::SchemaAccess access = query_runner::require_access(backend);
  const auto change = [&] {
    SchemaOperation schema_change(backend, names);
    function(schema_change);
  };
  if (access.enclose) return access.enclose(change);
  change();
}

}  // namespace

bool QueryRunner::has_table(Text table) {
  return SchemaOperation(*backend_, {table}, Reads::tables).find_table(table) != nullptr;
}

bool QueryRunner::has_column(Text table, Text column) {
  const SchemaOperation schema(*backend_, {table}, Reads::tables);
  const model::Table* found = schema.find_table(table);
  return found != nullptr && schema.find_column(*found, column) != nullptr;
}

model::Table QueryRunner::get_table(Text table) { return SchemaOperation(*backend_, {table}).table(table); }

void QueryRunner::create_table(const TableDefinition& table) {
  change_schema(*backend_, {table.name}, [&](SchemaOperation& change) {
    change.require_free(table.name);
    model::Table created = query_runner::lower(table, change.name(table.name), change.dialect(), change.naming());
    for (model::ForeignKey& key : created.foreign_keys) key.referenced_table = change.name(key.referenced_table.name);
    change.run({CreateTable{std::move(created)}});
  });
}

void QueryRunner::drop_table(Text table) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) { change.run({DropTable{change.table(table)}}); });
}

void QueryRunner::rename_table(Text from, Text to) {
  change_schema(*backend_, {from, to}, [&](SchemaOperation& change) {
    const model::Name& before = change.table(from).name;
    model::Name after = change.name(to);
    if (to_string(to).find('.') == std::string::npos) after.schema = before.schema;
    if (after.schema != before.schema) {
      throw Error(ErrorKind::usage, "Table \"" + to_string(from) + "\" cannot be renamed to \"" + to_string(to) +
                                        "\": a rename does not move it to another schema.")
          .with_remedy("Move it with query(\"ALTER TABLE ... SET SCHEMA ...\").");
    }
    change.require_free(to);
    change.run({}, {RenameTable{before, std::move(after)}});
  });
}

void QueryRunner::change_table_comment(Text table, Text comment) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    if (!change.dialect().has(model::Feature::comments) || altered.comment == to_string(comment)) return;
    change.run({AlterTable{altered.name, altered.options, altered.options, altered.comment, to_string(comment)}});
  });
}

void QueryRunner::add_column(Text table, const ColumnDefinition& column) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    if (change.find_column(altered, column.name) != nullptr) {
      throw Error(ErrorKind::usage, "Table \"" + altered.name.name + "\" already has a column \"" + column.name + "\".")
          .with_remedy("Choose another name; has_column() tells whether a column exists.");
    }
    if (column.primary || column.generated) {
      throw Error(ErrorKind::usage, "Column \"" + column.name + "\" cannot be added as a primary key.")
          .with_remedy("Add it as a column with a backfill, then call drop_primary_key() and create_primary_key().");
    }
    std::vector<Operation> operations = {
        AddColumn{altered.name, query_runner::lower(altered.name.name, column, altered.options, change.dialect()),
                  altered.columns.size(), given(column.backfill), std::nullopt}};
    if (column.unique) {
      operations.emplace_back(AddUnique{
          altered.name,
          query_runner::lower(altered.name.name, UniqueDefinition{.columns = {column.name}}, change.naming())});
    }
    change.run(operations);
  });
}

void QueryRunner::drop_column(Text table, Text column) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    const model::Column& dropped = change.column(altered, column);
    if (is_in_primary_key(altered, dropped.name)) {
      throw Error(ErrorKind::usage, "Column \"" + dropped.name + "\" of \"" + altered.name.name +
                                        "\" is part of the primary key and cannot be dropped.")
          .with_remedy("Call drop_primary_key() or create_primary_key() with other columns first.");
    }
    std::vector<Operation> operations = drops_with(change.with_uses(altered), dropped.name);
    for (const Operation& operation : operations) {
      change.warn("drop_column() also drops " + describe_target(operation) + ", which uses column \"" + dropped.name +
                  "\".");
    }
    const auto position = static_cast<std::size_t>(&dropped - altered.columns.data());
    operations.emplace_back(DropColumn{altered.name, dropped, position, std::nullopt});
    change.run(operations);
  });
}

void QueryRunner::rename_column(Text table, Text from, Text to) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    change.run({}, {rename_of(change, altered, change.column(altered, from), to)});
  });
}

void QueryRunner::change_column(Text table, Text column, const ColumnDefinition& changed) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& unchanged = change.table(table);
    const model::Column& old = change.column(unchanged, column);
    std::vector<Operation> renames;
    if (old.name != changed.name) renames.push_back(rename_of(change, unchanged, old, changed.name));
    const model::Schema renamed = change.after(renames);
    const model::Table& altered = *renamed.find_table(unchanged.name);
    const model::Column& before = change.column(altered, changed.name);
    ColumnDefinition definition = changed;
    definition.primary = is_in_primary_key(altered, before.name);
    const model::Column after = query_runner::lower(altered.name.name, definition, altered.options, change.dialect());
    std::vector<Operation> operations;
    if (!(before == after)) operations.emplace_back(AlterColumn{altered.name, before, after, given(changed.backfill)});
    const model::Unique* unique = unique_over(altered, before.name);
    if (changed.unique && unique == nullptr) {
      operations.emplace_back(AddUnique{
          altered.name,
          query_runner::lower(altered.name.name, UniqueDefinition{.columns = {after.name}}, change.naming())});
    }
    if (!changed.unique && unique != nullptr) operations.emplace_back(DropUnique{altered.name, *unique});
    if (!operations.empty() || !renames.empty()) change.run(operations, renames);
  });
}

void QueryRunner::create_primary_key(Text table, const KeyColumns& columns) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    model::PrimaryKey key;
    for (const std::string& column : columns.names()) key.columns.emplace_back(change.column(altered, column).name);
    if (altered.primary_key) {
      throw Error(ErrorKind::usage, "Table \"" + altered.name.name + "\" already has a primary key.")
          .with_remedy("Call drop_primary_key() first.");
    }
    std::vector<Operation> operations;
    for (const model::KeyPart& part : key.columns) {
      const model::Column& before = change.column(altered, part.column);
      model::Column after = before;
      after.nullable = false;
      if (before.nullable) operations.emplace_back(AlterColumn{altered.name, before, after, std::nullopt});
    }
    operations.emplace_back(AlterPrimaryKey{altered.name, std::nullopt, key});
    change.run(operations);
  });
}

void QueryRunner::drop_primary_key(Text table) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    if (!altered.primary_key) {
      throw Error(ErrorKind::usage, "Table \"" + altered.name.name + "\" has no primary key.");
    }
    std::vector<Operation> operations = {AlterPrimaryKey{altered.name, altered.primary_key, std::nullopt}};
    for (const model::Column& before : altered.columns) {
      if (!before.auto_increment) continue;
      model::Column after = before;
      after.auto_increment = false;
      operations.emplace_back(AlterColumn{altered.name, before, after, std::nullopt});
    }
    change.run(operations);
  });
}

void QueryRunner::create_unique(Text table, const UniqueDefinition& unique) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    query_runner::require_columns(altered, unique.columns);
    change.run({AddUnique{altered.name, query_runner::lower(altered.name.name, unique, change.naming())}});
  });
}

void QueryRunner::drop_unique(Text table, Text name_or_columns) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    change.run({DropUnique{altered.name, find(altered, altered.uniques, "unique", name_or_columns)}});
  });
}

void QueryRunner::create_check(Text table, const CheckDefinition& check) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    change.run({AddCheck{altered.name, query_runner::lower(altered.name.name, check, change.naming())}});
  });
}

void QueryRunner::drop_check(Text table, Text name_or_expression) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    change.run({DropCheck{altered.name, find(altered, altered.checks, "check", name_or_expression)}});
  });
}

void QueryRunner::create_foreign_key(Text table, const ForeignKeyDefinition& foreign_key) {
  change_schema(*backend_, {table, foreign_key.referenced_table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    query_runner::require_columns(altered, foreign_key.columns);
    model::ForeignKey key = query_runner::lower(altered.name.name, foreign_key, change.naming());
    const model::Table& referenced = change.table(foreign_key.referenced_table);
    query_runner::require_columns(referenced, foreign_key.referenced_columns);
    key.referenced_table = referenced.name;
    change.run({AddForeignKey{altered.name, std::move(key)}});
  });
}

void QueryRunner::drop_foreign_key(Text table, Text name_or_columns) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    change.run({DropForeignKey{altered.name, find(altered, altered.foreign_keys, "foreign key", name_or_columns)}});
  });
}

void QueryRunner::create_index(Text table, const IndexDefinition& index) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    for (const model::KeyPart& part : index.columns) {
      if (part.expression.empty()) query_runner::require_columns(altered, {part.column});
    }
    change.run({CreateIndex{altered.name, query_runner::lower(altered.name.name, index, change.naming())}});
  });
}

void QueryRunner::drop_index(Text table, Text name_or_columns) {
  change_schema(*backend_, {table}, [&](SchemaOperation& change) {
    const model::Table& altered = change.table(table);
    change.run({DropIndex{altered.name, find(altered, altered.indexes, "index", name_or_columns)}});
  });
}

void QueryRunner::create_view(const ViewDefinition& view) {
  change_schema(*backend_, {view.name}, [&](SchemaOperation& change) {
    if (view.name.empty() || view.query.empty()) {
      throw Error(ErrorKind::usage, "The definition of a view needs a name and a query.");
    }
    change.require_free(view.name);
    model::View created;
    created.name = change.name(view.name);
    created.definition = "CREATE VIEW " + quoted(created.name, change.dialect()) + " AS " + view.query;
    change.run({CreateView{created}});
  });
}

void QueryRunner::drop_view(Text view) {
  change_schema(*backend_, {view}, [&](SchemaOperation& change) {
    const model::View* found = change.find_view(view);
    if (found == nullptr) {
      throw Error(ErrorKind::usage, "View \"" + to_string(view) + "\" does not exist.").with_remedy("Check the name.");
    }
    change.run({DropView{*found}});
  });
}

}  // namespace whimbrel
