#include "dialect/sqlite/generate/generator.h"

#include <algorithm>

#include "dialect/ansi.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/syntax.h"
#include "operation/describe.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using ansi::write_name;
using model::Table;
using sql::Statement;
using sql::Writer;

void write_conflict(Writer& writer, const std::string& action) {
  if (!action.empty()) writer.raw(" ON CONFLICT ").raw(action);
}

/// Built-in collations are written like keywords.
void write_collation(Writer& writer, const std::string& collation) {
  if (collation.empty()) return;
  const bool built_in = sql::equal_ignoring_case(collation, "BINARY") ||
                        sql::equal_ignoring_case(collation, "NOCASE") || sql::equal_ignoring_case(collation, "RTRIM");
  writer.raw(" COLLATE ");
  if (built_in) {
    writer.raw(collation);
  } else {
    writer.identifier(collation);
  }
}

void write_parts(Writer& writer, const std::vector<model::KeyPart>& parts) {
  writer.raw("(").list(parts, [&](const model::KeyPart& part) {
    // A column can have an empty name.
    if (part.expression.empty()) {
      writer.identifier(part.column);
    } else {
      writer.raw(part.expression);
    }
    write_collation(writer, part.collation);
    if (part.descending) writer.raw(" DESC");
  });
  writer.raw(")");
}

void write_references(Writer& writer, const model::ForeignKey& key) {
  writer.raw("REFERENCES ").identifier(key.referenced_table.name);
  if (!key.referenced_columns.empty()) writer.raw(" (").identifiers(key.referenced_columns).raw(")");
  writer.raw(" ON DELETE ").raw(ansi::action_sql(key.on_delete));
  writer.raw(" ON UPDATE ").raw(ansi::action_sql(key.on_update));
  if (!key.match.empty()) writer.raw(" MATCH ").raw(key.match);
  writer.raw(ansi::deferral_sql(key.deferral));
}

std::string create_index_sql(const model::Name& table, const model::Index& index) {
  if (!index.definition.value.empty()) return index.definition.value;
  Writer writer(sqlite_syntax);
  writer.raw(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").identifier(index.name.text);
  writer.raw(" ON ").identifier(table.name).raw(" ");
  write_parts(writer, index.columns);
  if (!index.where.empty()) writer.raw(" WHERE ").raw(index.where);
  return writer.take();
}

/// Returns the key if it is written with its only column. A key of several parts, or with its own collation, cannot be.
const model::PrimaryKey* inline_key(const Table& table) {
  if (!table.primary_key || table.primary_key->columns.size() != 1) return nullptr;
  const model::KeyPart& part = table.primary_key->columns.front();
  return part.collation.empty() ? &*table.primary_key : nullptr;
}

std::string alter_table(const model::Name& table, std::string_view rest) {
  return Writer(sqlite_syntax).raw("ALTER TABLE ").identifier(table.name).raw(rest).take();
}

std::string rename_table(const std::string& from, const std::string& to) {
  return Writer(sqlite_syntax).raw("ALTER TABLE ").identifier(from).raw(" RENAME TO ").identifier(to).take();
}

std::string drop(std::string_view kind, const std::string& name) {
  return Writer(sqlite_syntax).raw("DROP ").raw(kind).raw(" ").identifier(name).take();
}

/// Returns whether a constraint of the table decides what happens to a row that violates it, instead of the statement.
bool has_conflict_clause(const Table& table) {
  const auto says = [](const auto& constraint) { return !constraint.on_conflict.empty(); };
  return (table.primary_key && says(*table.primary_key)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), says) ||
         std::any_of(table.columns.begin(), table.columns.end(),
                     [](const model::Column& column) { return !column.not_null_on_conflict.empty(); });
}

/// `INSERT INTO "to"(...) SELECT ... FROM "from" NOT INDEXED`. No row may be skipped or replaced: the statement's
/// conflict clause overrides the table's. https://www.sqlite.org/lang_conflict.html A query that needs only the columns
/// of an index reads the index. If it is damaged, only the table has every row.
std::string copy_rows(const RebuildTable& op, const std::string& from, const std::string& to) {
  Writer writer(sqlite_syntax);
  writer.raw(has_conflict_clause(op.after) ? "INSERT OR ABORT INTO " : "INSERT INTO ").identifier(to).raw("(");
  writer.list(op.copy, [&](const CopiedColumn& copied) { writer.identifier(copied.column); });
  writer.raw(") SELECT ").list(op.copy, [&](const CopiedColumn& copied) {
    if (copied.source) {
      writer.raw(*copied.source);
    } else {
      writer.identifier(copied.column);
    }
  });
  return writer.raw(" FROM ").identifier(from).raw(" NOT INDEXED").take();
}

std::string create_table_sql(const Table& table) {
  return table.definition.value.empty() ? sqlite::create_table_sql(table, table.name.name) : table.definition.value;
}

class Generator {
 public:
  std::vector<Statement> operator()(const CreateTable& op) {
    say(create_table_sql(op.table));
    create_dependents(op.table);
    return std::move(statements_);
  }
  std::vector<Statement> operator()(const DropTable& op) { return one(drop("TABLE", op.table.name.name)); }

  // The runner turns legacy_alter_table on for rebuilds, but a rename must update views, triggers and foreign keys.
  // https://www.sqlite.org/pragma.html#pragma_legacy_alter_table
  std::vector<Statement> operator()(const RenameTable& op) {
    say("PRAGMA legacy_alter_table = OFF");
    say(rename_table(op.from.name, op.to.name));
    say("PRAGMA legacy_alter_table = ON");
    return std::move(statements_);
  }
  std::vector<Statement> operator()(const RenameColumn& op) {
    const std::string columns = Writer(sqlite_syntax).identifier(op.from).raw(" TO ").identifier(op.to).take();
    return one(alter_table(op.table, " RENAME COLUMN " + columns));
  }
  std::vector<Statement> operator()(const AddColumn& op) {
    const model::ForeignKey* foreign_key = op.foreign_key ? &*op.foreign_key : nullptr;
    return one(alter_table(op.table, " ADD COLUMN " + column_sql(op.column, nullptr, foreign_key)));
  }
  std::vector<Statement> operator()(const DropColumn& op) {
    return one(alter_table(op.table, Writer(sqlite_syntax).raw(" DROP COLUMN ").identifier(op.column.name).take()));
  }

  std::vector<Statement> operator()(const CreateIndex& op) { return one(create_index_sql(op.table, op.index)); }
  std::vector<Statement> operator()(const DropIndex& op) { return one(drop("INDEX", op.index.name.text)); }
  std::vector<Statement> operator()(const CreateTrigger& op) { return one(op.trigger.definition); }
  std::vector<Statement> operator()(const DropTrigger& op) { return one(drop("TRIGGER", op.trigger.name)); }
  std::vector<Statement> operator()(const CreateView& op) {
    say(op.view.definition);
    for (const model::Trigger& trigger : op.view.triggers) say(trigger.definition);
    return std::move(statements_);
  }
  std::vector<Statement> operator()(const DropView& op) { return one(drop("VIEW", op.view.name.name)); }

  std::vector<Statement> operator()(const RebuildTable& op) {
    const std::string& name = op.after.name.name;
    const std::string& temporary = op.temporary_name;
    if (op.backwards) {
      rename_copy(name, temporary);
      say(create_table_sql(op.after));
      say(copy_rows(op, temporary, name));
      drop_copied(op, temporary, name);
    } else {
      say(sqlite::create_table_sql(op.after, temporary));
      say(copy_rows(op, name, temporary));
      drop_copied(op, name, temporary);
      rename_copy(temporary, name);
    }
    create_dependents(op.after);
    return std::move(statements_);
  }

  std::vector<Statement> operator()(const CreateObject& op) { return all(create_statements(op.object)); }
  std::vector<Statement> operator()(const DropObject& op) { return one(op.object.removal); }
  std::vector<Statement> operator()(const AlterObject& op) { return all(alter_statements(op.before, op.after)); }

  std::vector<Statement> operator()(const CreateSchema& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const DropSchema& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const CreateEnum& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const DropEnum& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AlterEnum& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const RenameEnumValue& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AlterView& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const RenameConstraint& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AlterTable& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AlterColumn& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AlterPrimaryKey& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AddUnique& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const DropUnique& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AddCheck& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const DropCheck& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AddExclusion& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const DropExclusion& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const AddForeignKey& op) { return not_in_place(op); }
  std::vector<Statement> operator()(const DropForeignKey& op) { return not_in_place(op); }

 private:
  void say(std::string sql) { statements_.push_back({std::move(sql), {}}); }

  std::vector<Statement> one(std::string sql) {
    say(std::move(sql));
    return std::move(statements_);
  }

  void rename_copy(const std::string& from, const std::string& to) {
    statements_.push_back({rename_table(from, to), {}, {}, true});
  }

  void drop_copied(const RebuildTable& op, const std::string& table, const std::string& copy) {
    const bool has_auto_increment = std::any_of(op.after.columns.begin(), op.after.columns.end(),
                                                [](const model::Column& column) { return column.auto_increment; });
    sql::Copied copied{table, copy, has_auto_increment};
    for (const model::Column& column : op.before.columns) copied.columns.push_back(column.name);
    for (const model::Index& index : op.before.indexes) copied.dependents.push_back(index.name.text);
    for (const model::Trigger& trigger : op.before.triggers) copied.dependents.push_back(trigger.name);
    statements_.push_back({drop("TABLE", table), {}, std::move(copied)});
  }

  std::vector<Statement> all(std::vector<std::string> statements) {
    for (std::string& sql : statements) say(std::move(sql));
    return std::move(statements_);
  }

  /// Recreates what is dropped with a table.
  void create_dependents(const Table& table) {
    for (const model::Index& index : table.indexes) say(create_index_sql(table.name, index));
    for (const model::Trigger& trigger : table.triggers) say(trigger.definition);
  }

  [[noreturn]] static std::vector<Statement> not_in_place(const Operation& operation) {
    throw Error(ErrorKind::internal,
                "SQLite cannot " + describe(operation) + " in place, and it was not replaced by a rebuild");
  }

  std::vector<Statement> statements_;
};

}  // namespace

std::string column_sql(const model::Column& column, const model::PrimaryKey* primary_key,
                       const model::ForeignKey* foreign_key) {
  Writer writer(sqlite_syntax);
  writer.identifier(column.name);
  if (!column.type.name.empty()) writer.raw(" ").raw(to_string(column.type));
  if (!column.enum_values.empty()) {
    writer.raw(" CHECK( ").identifier(column.name).raw(" IN (");
    bool first = true;
    for (const std::string& value : column.enum_values) {
      writer.raw(first ? "" : ",").string(value);
      first = false;
    }
    writer.raw(") )");
  }
  if (primary_key) {
    writer.raw(" ");
    write_name(writer, primary_key->name);
    writer.raw("PRIMARY KEY");
    if (primary_key->columns.front().descending) writer.raw(" DESC");
    write_conflict(writer, primary_key->on_conflict);
    if (column.auto_increment) writer.raw(" AUTOINCREMENT");
  }
  write_collation(writer, column.collation);
  if (!column.nullable) {
    writer.raw(" NOT NULL");
    write_conflict(writer, column.not_null_on_conflict);
  }
  if (column.default_expression) writer.raw(" DEFAULT (").raw(*column.default_expression).raw(")");
  if (column.computed) {
    writer.raw(" AS (").raw(column.computed->expression).raw(column.computed->stored ? ") STORED" : ") VIRTUAL");
  }
  if (foreign_key) {
    writer.raw(" ");
    write_name(writer, foreign_key->name);
    write_references(writer, *foreign_key);
  }
  return writer.take();
}

std::string create_table_sql(const Table& table, const std::string& name) {
  const model::PrimaryKey* key = inline_key(table);
  Writer writer(sqlite_syntax);
  writer.raw("CREATE TABLE ").identifier(name).raw(" (");
  writer.list(table.columns, [&](const model::Column& column) {
    const bool is_key = key && sql::equal_ignoring_case(key->columns.front().column, column.name);
    writer.raw(column_sql(column, is_key ? key : nullptr));
  });
  for (const model::Unique& unique : table.uniques) {
    writer.raw(", ");
    write_name(writer, unique.name);
    writer.raw("UNIQUE ");
    write_parts(writer, unique.columns);
    write_conflict(writer, unique.on_conflict);
  }
  for (const model::Check& check : table.checks) {
    writer.raw(", ");
    write_name(writer, check.name);
    writer.raw("CHECK (").raw(check.expression).raw(")");
  }
  for (const model::ForeignKey& foreign_key : table.foreign_keys) {
    writer.raw(", ");
    write_name(writer, foreign_key.name);
    writer.raw("FOREIGN KEY (").identifiers(foreign_key.columns).raw(") ");
    write_references(writer, foreign_key);
  }
  if (table.primary_key && !key) {
    writer.raw(", ");
    write_name(writer, table.primary_key->name);
    writer.raw("PRIMARY KEY ");
    write_parts(writer, table.primary_key->columns);
    write_conflict(writer, table.primary_key->on_conflict);
  }
  writer.raw(")");
  bool first = true;
  for (const auto& [option, value] : table.options) {
    writer.raw(first ? " " : ", ").raw(option);
    first = false;
  }
  return writer.take();
}

std::vector<Statement> generate(const std::vector<Operation>& operations) {
  std::vector<Statement> statements;
  for (const Operation& operation : operations) {
    for (Statement& statement : std::visit(Generator(), operation)) {
      statement.description = describe(operation);
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

}  // namespace whimbrel::dialect::sqlite
