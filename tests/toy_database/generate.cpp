#include <set>

#include "operation/describe.h"
#include "sql/writer.h"
#include "toy_database/dialect.h"
#include "whimbrel/error.h"

namespace whimbrel::toy {

namespace {

using namespace operation;
using sql::Writer;

void write_column(Writer& writer, const model::Column& column) {
  writer.identifier(column.name).raw(" ").raw(column.type.name);
  if (!column.nullable) writer.raw(" NOT NULL");
  if (column.auto_increment) writer.raw(" COUNTED");
  if (column.default_expression) writer.raw(" DEFAULT ").raw(*column.default_expression);
}

void write_fill(Writer& writer, const std::optional<std::string>& fill) {
  if (fill) writer.raw(" FILL ").raw(*fill);
}

Writer alter(const model::Name& table) {
  Writer writer(syntax());
  writer.raw("ALTER TABLE ").identifier(table.name).raw(" ");
  return writer;
}

std::string create_table(const model::Table& table) {
  Writer writer(syntax());
  writer.raw("CREATE TABLE ").identifier(table.name.name).raw(" (");
  writer.list(table.columns, [&](const model::Column& column) { write_column(writer, column); });
  if (table.primary_key) {
    writer.raw(", PRIMARY KEY (").identifiers(model::column_names(table.primary_key->columns)).raw(")");
  }
  return writer.raw(")").take();
}

Error unknown(const Operation& operation) {
  return Error(ErrorKind::entity, "The toy database cannot " + describe(operation) + '.')
      .with_remedy("It has tables, columns and primary keys.");
}

/// A table that has more than the toy database can keep.
bool is_too_much(const model::Table& table) {
  return !table.uniques.empty() || !table.checks.empty() || !table.foreign_keys.empty() || !table.indexes.empty();
}

/// One statement for one operation. Whatever else there is, a toy has not.
struct Generate {
  const Operation& operation;

  std::string operator()(const CreateTable& op) const {
    if (is_too_much(op.table)) throw unknown(operation);
    return create_table(op.table);
  }
  std::string operator()(const DropTable& op) const {
    return Writer(syntax()).raw("DROP TABLE ").identifier(op.table.name.name).take();
  }
  std::string operator()(const RenameTable& op) const {
    return alter(op.from).raw("RENAME TO ").identifier(op.to.name).take();
  }
  std::string operator()(const AddColumn& op) const {
    Writer writer = alter(op.table);
    write_column(writer.raw("ADD COLUMN "), op.column);
    write_fill(writer, op.backfill);
    return writer.take();
  }
  std::string operator()(const DropColumn& op) const {
    return alter(op.table).raw("DROP COLUMN ").identifier(op.column.name).take();
  }
  std::string operator()(const RenameColumn& op) const {
    return alter(op.table).raw("RENAME COLUMN ").identifier(op.from).raw(" TO ").identifier(op.to).take();
  }
  std::string operator()(const AlterColumn& op) const {
    Writer writer = alter(op.table);
    write_column(writer.raw("ALTER COLUMN "), op.after);
    write_fill(writer, op.backfill);
    return writer.take();
  }
  template <class Other>
  std::string operator()(const Other&) const {
    throw unknown(operation);
  }
};

}  // namespace

std::vector<sql::Statement> generate(const std::vector<Operation>& operations) {
  std::vector<sql::Statement> statements;
  for (const Operation& operation : operations) {
    statements.push_back({std::visit(Generate{operation}, operation), describe(operation)});
  }
  return statements;
}

}  // namespace whimbrel::toy
