#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/object_change.h"
#include "dialect/postgres/generate/preserved.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/table_options.h"
#include "dialect/postgres/generate/table_replacement.h"
#include "dialect/postgres/generate/type_change.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/describe.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using sql::quote_identifier;
using sql::Writer;

std::string in_schema(const model::Name& beside, const std::string& name) {
  return quote(model::Name(beside.schema, name));
}

class Generator {
 public:
  explicit Generator(Statements& statements) : out_(statements) {}

  void operator()(const CreateSchema& op) const {
    out_.say("CREATE SCHEMA " + quote_identifier(op.schema, postgres_syntax));
  }
  void operator()(const DropSchema& op) const {
    out_.say("DROP SCHEMA " + quote_identifier(op.schema, postgres_syntax));
  }
  void operator()(const CreateEnum& op) const { out_.say(create_enum_sql(op.type)); }
  void operator()(const DropEnum& op) const { out_.say("DROP TYPE " + quote(op.type.name)); }
  void operator()(const AlterEnum& op) const { alter_enum(out_, op); }
  void operator()(const RenameEnumValue& op) const {
    out_.say("ALTER TYPE " + quote(op.type) + " RENAME VALUE " + sql::quote_string(op.from, postgres_syntax) + " TO " +
             sql::quote_string(op.to, postgres_syntax));
  }
  void operator()(const CreateObject& op) const { out_.say(op.object.definition); }
  void operator()(const DropObject& op) const {
    if (op.object.kind == "extension") free_dependents(op.object.name.name);
    out_.say(op.object.removal);
  }
  void operator()(const AlterObject& op) const {
    if (op.before.sequence.value && op.after.sequence.value) {
      alter_sequence(out_, *op.before.sequence.value, *op.after.sequence.value);
      return;
    }
    if (!op.after.move.value.empty()) return out_.say(op.after.move.value);
    if (can_change_in_place(op.before, op.after)) return change_type(out_, op.before, op.after);
    const bool is_in_place = is_replaced(op);
    if (!is_in_place) out_.say(op.before.removal);
    const auto& alteration = op.after.alteration.value;
    out_.say(is_in_place && alteration && !alteration->statement.empty() ? alteration->statement : op.after.definition);
  }

  void operator()(const CreateTable& op) const {
    const model::Table& table = op.table;
    out_.say(create_table_sql(table));
    if (is_partition(table)) set_own_defaults(table);
    for (const model::Column& column : table.columns) {
      if (needs_sequence(table.name, column)) create_sequence(out_, table.name, column, false);
    }
    set_options(out_, table);
    comment("TABLE", table.name, table.comment);
    for (const model::Column& column : table.columns) {
      if (!column.comment.empty()) out_.say(comment_sql(table.name, column));
    }
    for (const model::Index& index : table.indexes) out_.say(create_index_sql(table.name, index));
    for (const model::Trigger& trigger : table.triggers) out_.say(trigger.definition);
  }
  void operator()(const DropTable& op) const {
    if (!op.kept_as.empty()) return set_aside(out_, op);
    out_.say("DROP TABLE " + quote(op.table.name));
  }
  void operator()(const RenameTable& op) const {
    model::Name name = op.from;
    if (op.from.schema != op.to.schema) {
      move(name, op.to.schema);
      name.schema = op.to.schema;
    }
    if (op.from.name != op.to.name) {
      out_.say("ALTER TABLE " + quote(name) + " RENAME TO " + quote_identifier(op.to.name, postgres_syntax));
    }
  }
  void operator()(const AlterTable& op) const {
    change_options(out_, op);
    if (op.comment_before != op.comment_after) {
      out_.say(comment_sql("TABLE " + quote(op.table), op.comment_after));
    }
  }

  void operator()(const AddColumn& op) const { add_column(out_, op); }
  void operator()(const DropColumn& op) const {
    const std::string part = "DROP COLUMN " + quote_identifier(op.column.name, postgres_syntax);
    if (op.only) {
      out_.say("ALTER TABLE ONLY " + quote(op.table) + ' ' + part);
    } else {
      out_.alter(op.table, part);
    }
  }
  void operator()(const RenameColumn& op) const {
    if (op.attribute) {
      return out_.say("ALTER TYPE " + quote(op.table) + " RENAME ATTRIBUTE " +
                      quote_identifier(op.from, postgres_syntax) + " TO " + quote_identifier(op.to, postgres_syntax) +
                      " CASCADE");
    }
    out_.say("ALTER TABLE " + quote(op.table) + " RENAME COLUMN " + quote_identifier(op.from, postgres_syntax) +
             " TO " + quote_identifier(op.to, postgres_syntax));
  }
  void operator()(const AlterColumn& op) const { alter_column(out_, op); }

  void operator()(const AlterPrimaryKey& op) const {
    if (op.before) drop_constraint(op.table, constraint_name(op.table, *op.before));
    if (op.after) out_.alter(op.table, "ADD " + constraint_sql(op.table, *op.after));
  }
  void operator()(const AddUnique& op) const { add(op.table, op.unique); }
  void operator()(const DropUnique& op) const { drop(op.table, op.unique); }
  void operator()(const AddCheck& op) const { add(op.table, op.check); }
  void operator()(const DropCheck& op) const { drop(op.table, op.check); }
  // Before version 13, the server looks for its columns before it runs any other part of the statement.
  void operator()(const AddExclusion& op) const {
    out_.end_alter();
    add(op.table, op.exclusion);
  }
  void operator()(const DropExclusion& op) const { drop(op.table, op.exclusion); }
  void operator()(const AddForeignKey& op) const { add(op.table, op.foreign_key); }
  void operator()(const DropForeignKey& op) const { drop(op.table, op.foreign_key); }
  // An interrupted CREATE INDEX leaves an invalid index, which is dropped first.
  void operator()(const CreateIndex& op) const {
    if (op.concurrently) drop_unfinished(op.table, op.index);
    out_.say(create_index_sql(op.table, op.index, op.concurrently));
  }
  void operator()(const DropIndex& op) const {
    out_.say((op.concurrently ? "DROP INDEX CONCURRENTLY IF EXISTS " : "DROP INDEX ") +
             in_schema(op.table, constraint_name(op.table, op.index)));
  }
  void operator()(const RenameConstraint& op) const {
    if (op.part != NamedPart::constraint) {
      out_.say((op.part == NamedPart::index ? "ALTER INDEX " : "ALTER SEQUENCE ") + in_schema(op.table, op.from) +
               " RENAME TO " + quote_identifier(op.to, postgres_syntax));
    } else {
      out_.say("ALTER TABLE " + quote(op.table) + " RENAME CONSTRAINT " + quote_identifier(op.from, postgres_syntax) +
               " TO " + quote_identifier(op.to, postgres_syntax));
    }
  }

  void operator()(const CreateTrigger& op) const { out_.say(op.trigger.definition); }
  void operator()(const DropTrigger& op) const {
    out_.say("DROP TRIGGER " + quote_identifier(op.trigger.name, postgres_syntax) + " ON " + quote(op.table));
  }
  void operator()(const CreateView& op) const {
    const model::View& view = op.view;
    out_.say(view.definition);
    for (const model::Index& index : view.indexes) out_.say(create_index_sql(view.name, index));
    for (const model::Trigger& trigger : view.triggers) out_.say(trigger.definition);
    comment(view.materialized ? "MATERIALIZED VIEW" : "VIEW", view.name, view.comment);
  }
  void operator()(const DropView& op) const {
    out_.say((op.view.materialized ? "DROP MATERIALIZED VIEW " : "DROP VIEW ") + quote(op.view.name));
  }

  void operator()(const AlterView& op) const {
    const auto is_among = [](const std::vector<model::Trigger>& triggers) {
      return [&](const model::Trigger& trigger) {
        return std::find(triggers.begin(), triggers.end(), trigger) != triggers.end();
      };
    };
    const auto stays = is_among(op.after.triggers);
    const auto was_there = is_among(op.before.triggers);
    for (const model::Trigger& trigger : op.before.triggers) {
      if (!stays(trigger)) (*this)(DropTrigger{op.before.name, trigger});
    }
    if (op.before.definition != op.after.definition) out_.say(replacement(op.after));
    for (const model::Trigger& trigger : op.after.triggers) {
      if (!was_there(trigger)) out_.say(trigger.definition);
    }
    if (op.before.comment != op.after.comment) {
      out_.say(comment_sql("VIEW " + quote(op.after.name), op.after.comment));
    }
  }

  void operator()(const RebuildTable& op) const { copy_rows(out_, op); }

 private:
  /// Of columns whose default or NOT NULL may not be that of the partitioned table, from which the server has it.
  void set_own_defaults(const model::Table& partition) const {
    for (const model::Column& column : partition.columns) {
      if (column.computed || column.auto_increment) continue;
      const std::string alter = "ALTER COLUMN " + quote_identifier(column.name, postgres_syntax);
      const auto& value = column.default_expression;
      out_.alter(partition.name, alter + (value ? " SET DEFAULT " + default_sql(*value) : " DROP DEFAULT"));
      if (!column.nullable) out_.alter(partition.name, alter + " SET NOT NULL");
    }
  }

  template <class T>
  void add(const model::Name& table, const T& constraint) const {
    out_.alter(table, "ADD " + constraint_sql(table, constraint));
  }
  template <class T>
  void drop(const model::Name& table, const T& constraint) const {
    drop_constraint(table, constraint_name(table, constraint));
  }
  void drop_constraint(const model::Name& table, const std::string& name) const {
    out_.alter(table, "DROP CONSTRAINT " + quote_identifier(name, postgres_syntax));
  }
  /// Does not drop other objects with the name: then creating the index is an error.
  void drop_unfinished(const model::Name& table, const model::Index& index) const {
    const std::string name = in_schema(table, constraint_name(table, index));
    const std::string body = " BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass(" +
                             sql::quote_string(name, postgres_syntax) +
                             ") AND indrelid = " + sql::quote_string(quote(table), postgres_syntax) +
                             "::regclass AND NOT indisvalid) THEN DROP INDEX " + name + "; END IF; END ";
    out_.say(do_block(body));
  }
  /// The server silently drops what an ALTER ... DEPENDS ON EXTENSION concerned with the extension. Only the database
  /// knows what that is.
  void free_dependents(const std::string& extension) const {
    const std::string body = R"sql(
DECLARE
  part text;
BEGIN
  FOR part IN
    SELECT CASE WHEN d.classid = 'pg_proc'::regclass THEN 'ROUTINE ' || d.objid::regprocedure
                WHEN t.oid IS NOT NULL THEN format('TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)
                ELSE CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'INDEX ' END || c.oid::regclass END
    FROM pg_depend d
    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
    LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
    LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    WHERE d.deptype = 'x' AND e.extname = )sql" +
                             sql::quote_string(extension, postgres_syntax) + R"sql(
  LOOP
    EXECUTE 'ALTER ' || part || ' NO DEPENDS ON EXTENSION ' || quote_ident()sql" +
                             sql::quote_string(extension, postgres_syntax) + R"sql();
  END LOOP;
END
)sql";
    out_.say(do_block(body));
  }
  /// The default schema is known only where the statement runs.
  void move(const model::Name& table, const std::string& schema) const {
    const std::string alter = "ALTER TABLE " + quote(table) + " SET SCHEMA ";
    if (!schema.empty()) return out_.say(alter + quote_identifier(schema, postgres_syntax));
    out_.say(do_block(" BEGIN EXECUTE " + sql::quote_string(alter, postgres_syntax) +
                      " || quote_ident(current_schema()); END "));
  }
  void comment(const std::string& kind, const model::Name& name, const std::string& text) const {
    if (!text.empty()) out_.say(comment_sql(kind + ' ' + quote(name), text));
  }

  Statements& out_;
};

/// Returns whether a function is created, whose body may read objects that are created after it.
bool has_bodies_to_trust(const std::vector<Operation>& operations) {
  bool has_function = false;
  bool has_other = false;
  for (const Operation& operation : operations) {
    const auto* const create = std::get_if<CreateObject>(&operation);
    const auto* const alter = std::get_if<AlterObject>(&operation);
    const model::Object* const object = create ? &create->object : alter ? &alter->after : nullptr;
    has_function = has_function || (object && (object->kind == "function" || object->kind == "procedure"));
    has_other = has_other || (!object && !std::holds_alternative<DropObject>(operation));
  }
  return has_function && has_other;
}

}  // namespace

std::vector<sql::Statement> generate(const std::vector<Operation>& operations, TargetDatabase target) {
  Statements statements;
  const bool trusts_bodies = has_bodies_to_trust(operations);
  if (trusts_bodies) statements.say("SET check_function_bodies = off");
  const std::optional<Preserved> preserved = preserved_by(operations, target);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (preserved && i == preserved->first) {
      statements.describe("read " + preserved->description);
      statements.say(preserved->read);
    }
    statements.describe(describe(operations[i]));
    std::visit(Generator(statements), operations[i]);
    if (preserved && i == preserved->last) {
      statements.describe("restore " + preserved->description);
      statements.say(preserved->restore);
    }
  }
  if (trusts_bodies) statements.say("RESET check_function_bodies");
  return statements.take();
}

std::string create_view(const model::Name& view, std::string_view query, bool materialized) {
  return Writer(postgres_syntax)
      .raw(materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ")
      .raw(quote(view))
      .raw(" AS ")
      .raw(query)
      .take();
}

}  // namespace whimbrel::dialect::postgres
