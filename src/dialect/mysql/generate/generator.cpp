#include <algorithm>
#include <utility>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/generate/column_change.h"
#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/generate/replacement.h"
#include "dialect/mysql/generate/statements.h"
#include "dialect/mysql/generate/table_options.h"
#include "dialect/mysql/generate/visibility.h"
#include "operation/describe.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;

/// An operation without a difference says what its option says of its table, such as that it keeps the history of its
/// rows, and without such an option, that the best algorithms for it are certain: the rewriter, which knows the table,
/// adds it.
bool is_about_table(const AlterTable& op) {
  return op.options_before == op.options_after && op.comment_before == op.comment_after;
}

class Generator {
 public:
  Generator(Statements& statements, const std::vector<Operation>& operations, const Server& server)
      : out_(statements),
        server_(server),
        visibilities_(changed_visibilities(operations, server)),
        periods_(changed_periods(operations)) {
    for (const Operation& operation : operations) {
      if (is_about_column_or_check(operation)) of_table_[target_name(operation)].push_back(&operation);
    }
  }

  void operator()(const CreateTable& op) const {
    out_.say(create_table_sql(op.table, server_));
    for (const model::Trigger& trigger : op.table.triggers) out_.say_in(trigger.session, trigger.definition);
  }
  void operator()(const DropTable& op) const { out_.say("DROP TABLE " + quote(op.table.name)); }
  void operator()(const RenameTable& op) const { out_.say("RENAME TABLE " + quote(op.from) + " TO " + quote(op.to)); }
  void operator()(const AlterTable& op) const {
    if (!is_about_table(op)) change_options(out_, op);
  }

  void operator()(const AddColumn& op) const { add_column(out_, op, find_check(op.table, op.column), server_); }
  void operator()(const DropColumn& op) const {
    if (op.foreign_key) (*this)(DropForeignKey{op.table, *op.foreign_key});
    drop(op, op.table, "DROP COLUMN " + quote(op.column.name), "column " + sql::to_lower(op.column.name) + " dropped");
  }
  // Other parts of the same statement would have to use the old name. MariaDB keeps a table in memory with the alias by
  // which a query or a view first opened it, finds its expressions by that, and fails to rename a column in them. It
  // reads the table again after any ALTER TABLE of its definition, also one that changes nothing.
  void operator()(const RenameColumn& op) const {
    const std::string rename = "ALTER TABLE " + quote(op.table) + " RENAME COLUMN " + quote(op.from) + " TO ";
    if (op.in_expressions) out_.say_on(op.table, rename + quote(op.from));
    out_.say_on(op.table, rename + quote(op.to));
  }
  void operator()(const AlterColumn& op) const {
    alter_column(out_, op, {find_check(op.table, op.after), changes_check(op)}, server_);
  }

  void operator()(const AlterPrimaryKey& op) const {
    if (op.before && op.after && has_period(op.before->columns) != has_period(op.after->columns)) {
      (*this)(AlterPrimaryKey{op.table, op.before, std::nullopt});
      out_.end_alter();
      (*this)(AlterPrimaryKey{op.table, std::nullopt, op.after});
      return;
    }
    std::string sql;
    if (op.before) sql = "DROP PRIMARY KEY";
    if (op.before && op.after) sql += ", ";
    if (op.after) sql += "ADD " + part_sql(*op.after);
    const std::string subject = op.before && op.after ? "primary key" : op.after ? "added key" : "dropped key";
    alter(op, op.table, std::move(sql), subject);
  }
  void operator()(const AddUnique& op) const {
    if (find_visibility(op.table, op.unique.name)) return;
    alter(op, op.table, "ADD " + part_sql(op.unique), subject_of_key(op.table, op.unique.name));
  }
  void operator()(const DropUnique& op) const {
    if (change_visibility(op, op.table, op.unique.name)) return;
    drop(op, op.table, "DROP KEY " + quote(name_of(op.unique.name, op.unique.columns)),
         subject_of_key(op.table, op.unique.name));
  }
  void operator()(const AddCheck& op) const {
    if (is_added_with_column(op)) return;
    alter(op, op.table, "ADD " + part_sql(op.check), {});
  }
  void operator()(const DropCheck& op) const {
    if (is_dropped_with_column(op)) return;
    drop(op, op.table, drop_check_sql(op.check.name.text, server_), {});
  }
  void operator()(const AddForeignKey& op) const { alter(op, op.table, "ADD " + part_sql(op.foreign_key), {}); }
  void operator()(const DropForeignKey& op) const {
    alter(op, op.table, "DROP FOREIGN KEY " + quote(op.foreign_key.name.text), {});
  }
  // The server makes one full-text index at a time, unless it copies the table.
  void operator()(const CreateIndex& op) const {
    if (find_visibility(op.table, op.index.name)) return;
    const bool is_full_text = op.index.method == "FULLTEXT";
    alter(op, op.table, "ADD " + part_sql(op.index),
          is_full_text ? "full-text index" : subject_of_key(op.table, op.index.name));
  }
  void operator()(const DropIndex& op) const {
    if (change_visibility(op, op.table, op.index.name)) return;
    drop(op, op.table, "DROP KEY " + quote(name_of(op.index.name, op.index.columns)),
         subject_of_key(op.table, op.index.name));
  }
  void operator()(const RenameConstraint& op) const {
    if (op.part != NamedPart::index) return refuse(op);
    alter(op, op.table, "RENAME KEY " + quote(op.from) + " TO " + quote(op.to), {});
  }

  void operator()(const CreateTrigger& op) const { out_.say_in(op.trigger.session, op.trigger.definition); }
  void operator()(const DropTrigger& op) const { out_.say("DROP TRIGGER " + quote(op.trigger.name)); }
  void operator()(const CreateView& op) const { out_.say_in(op.view.session.value, op.view.definition); }
  void operator()(const DropView& op) const { out_.say("DROP VIEW " + quote(op.view.name)); }
  void operator()(const AlterView& op) const { refuse(op); }

  void operator()(const CreateObject& op) const { out_.say_in(op.object.session, op.object.definition); }
  void operator()(const DropObject& op) const { out_.say(op.object.removal); }
  void operator()(const AlterObject& op) const {
    if (can_replace(op, server_)) return out_.say_in(op.after.session, replacing(op.after.definition));
    out_.say(op.before.removal);
    out_.say_in(op.after.session, op.after.definition);
  }

  void operator()(const CreateSchema& op) const { refuse(op); }
  void operator()(const DropSchema& op) const { refuse(op); }
  void operator()(const CreateEnum& op) const { refuse(op); }
  void operator()(const DropEnum& op) const { refuse(op); }
  void operator()(const AlterEnum& op) const { refuse(op); }
  void operator()(const RenameEnumValue& op) const { refuse(op); }
  void operator()(const AddExclusion& op) const { refuse(op); }
  void operator()(const DropExclusion& op) const { refuse(op); }
  void operator()(const RebuildTable& op) const { refuse(op); }

 private:
  void alter(const Operation& op, const Name& table, std::string sql, std::string subject) const {
    out_.alter(table, {std::move(sql), std::move(subject), best_algorithm(op, server_)});
  }
  /// It can be dropped by a statement in any time zone.
  void drop(const Operation& op, const Name& table, std::string sql, std::string subject) const {
    out_.alter(table, {std::move(sql), std::move(subject), best_algorithm(op, server_), Zone::any});
  }

  /// Null: more than the visibility of the index changes.
  [[nodiscard]] const std::string* find_visibility(const Name& table, const model::ConstraintName& index) const {
    const auto found = visibilities_.find({table, index.text});
    return found == visibilities_.end() ? nullptr : &found->second;
  }

  /// Returns whether nothing else is to be done.
  bool change_visibility(const Operation& op, const Name& table, const model::ConstraintName& index) const {
    const std::string* const visibility = find_visibility(table, index);
    if (visibility != nullptr) alter(op, table, "ALTER INDEX " + quote(index.text) + ' ' + *visibility, {});
    return visibility != nullptr;
  }

  /// What a statement may change only once; empty: anything.
  [[nodiscard]] std::string subject_of_key(const Name& table, const model::ConstraintName& key) const {
    return periods_.contains({table, key.text}) ? "key " + key.text : std::string();
  }

  /// The server names a key without a name after its first column.
  static std::string name_of(const model::ConstraintName& name, const std::vector<model::KeyPart>& columns) {
    return name.text.empty() && !columns.empty() ? columns.front().column : name.text;
  }

  static bool is_about_column_or_check(const Operation& operation) {
    return std::holds_alternative<AddColumn>(operation) || std::holds_alternative<DropColumn>(operation) ||
           std::holds_alternative<AlterColumn>(operation) || std::holds_alternative<AddCheck>(operation) ||
           std::holds_alternative<DropCheck>(operation);
  }

  /// The operations of the table on columns and checks.
  [[nodiscard]] const std::vector<const Operation*>& of_table(const Name& table) const {
    static const std::vector<const Operation*> none;
    const auto found = of_table_.find(table);
    return found == of_table_.end() ? none : found->second;
  }

  /// Redefining a column drops the check in its definition.
  [[nodiscard]] bool is_dropped_with_column(const DropCheck& drop) const {
    const auto& operations = of_table(drop.table);
    return std::any_of(operations.begin(), operations.end(), [&](const Operation* operation) {
      const auto* const altered = std::get_if<AlterColumn>(operation);
      const auto* const dropped = std::get_if<DropColumn>(operation);
      const model::Column* const column = altered ? &altered->before : dropped ? &dropped->column : nullptr;
      return column && is_part_of_column(drop.check, *column, server_);
    });
  }

  [[nodiscard]] bool is_added_with_column(const AddCheck& add) const {
    const auto& operations = of_table(add.table);
    return std::any_of(operations.begin(), operations.end(), [&](const Operation* operation) {
      const auto* const altered = std::get_if<AlterColumn>(operation);
      const auto* const added = std::get_if<AddColumn>(operation);
      const model::Column* const column = altered ? &altered->after : added ? &added->column : nullptr;
      return column && is_part_of_column(add.check, *column, server_);
    });
  }

  /// Returns the check that is added in the definition of the column; null: none.
  [[nodiscard]] const model::Check* find_check(const Name& table, const model::Column& column) const {
    for (const Operation* operation : of_table(table)) {
      const auto* const add = std::get_if<AddCheck>(operation);
      if (add && is_part_of_column(add->check, column, server_)) return &add->check;
    }
    return nullptr;
  }

  /// Returns whether a check in the definition of the column is added or dropped.
  [[nodiscard]] bool changes_check(const AlterColumn& op) const {
    const auto& operations = of_table(op.table);
    return std::any_of(operations.begin(), operations.end(), [&](const Operation* operation) {
      const auto* const added = std::get_if<AddCheck>(operation);
      const auto* const dropped = std::get_if<DropCheck>(operation);
      const model::Check* const check = added ? &added->check : dropped ? &dropped->check : nullptr;
      return check && (is_part_of_column(*check, op.before, server_) || is_part_of_column(*check, op.after, server_));
    });
  }

  [[noreturn]] void refuse(const Operation& operation) const {
    throw Error(ErrorKind::entity,
                std::string(server_.is_mariadb ? "MariaDB" : "MySQL") + " cannot " + describe(operation));
  }

  Statements& out_;
  const Server& server_;
  std::map<Name, std::vector<const Operation*>> of_table_;
  std::map<IndexKey, std::string> visibilities_;
  std::set<IndexKey> periods_;
};

std::string_view told_option(const AlterTable& op) {
  for (const char* const option : {taken_option, versioning_option, server_zone_option, triggers_option}) {
    if (op.options_after.contains(option)) return option;
  }
  return {};
}

/// The tables about which such operations are, with this option or none.
std::set<Name> told_tables(const std::vector<Operation>& operations, std::string_view option) {
  std::set<Name> tables;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op && is_about_table(*op) && told_option(*op) == option) tables.insert(op->table);
  }
  return tables;
}

std::string taken_names(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op && is_about_table(*op) && told_option(*op) == taken_option) return op->options_after.at(taken_option);
  }
  return {};
}

/// Returns a number that is equal for operations that one statement can make. It can neither drop and add foreign keys
/// of the same name, nor use a column or an index under a new name; and partitions fit only the key that the same
/// statement makes.
int kind_of_statement(const Operation& operation) {
  if (std::holds_alternative<DropForeignKey>(operation)) return 1;
  if (std::holds_alternative<AddForeignKey>(operation)) return 2;
  if (std::holds_alternative<RenameConstraint>(operation)) return 3;
  return 0;
}

bool is_addition(const Operation& operation) {
  return std::holds_alternative<AddColumn>(operation) || std::holds_alternative<AddUnique>(operation) ||
         std::holds_alternative<AddCheck>(operation) || std::holds_alternative<CreateIndex>(operation);
}

}  // namespace

std::vector<sql::Statement> generate(const std::vector<Operation>& operations, const Server& server) {
  Statements statements;
  statements.set_plain_tables(told_tables(operations, {}));
  statements.set_versioned_tables(told_tables(operations, versioning_option));
  statements.set_local_tables(told_tables(operations, server_zone_option));
  statements.set_triggered_tables(told_tables(operations, triggers_option));
  statements.set_taken_names(taken_names(operations));
  const Generator generator(statements, operations, server);
  int kind = 0;
  std::set<std::string> added;
  std::set<IndexKey> behind;  // The columns behind which others are added.
  for (const Operation& operation : operations) {
    const std::string description = describe(operation);
    const bool is_next_kind = std::exchange(kind, kind_of_statement(operation)) != kind;
    const auto* const drop = std::get_if<DropColumn>(&operation);
    // A statement can drop and add, but not add and drop the same, nor drop a column behind which it adds another one.
    if (is_next_kind || added.contains(describe(reverse(operation))) ||
        (drop != nullptr && behind.contains({drop->table, drop->column.name}))) {
      statements.end_alter();
    }
    statements.describe(description);
    std::visit(generator, operation);
    if (is_addition(operation)) added.insert(description);
    const auto* const add = std::get_if<AddColumn>(&operation);
    if (add != nullptr && add->behind) behind.insert({add->table, *add->behind});
  }
  return statements.take();
}

}  // namespace whimbrel::dialect::mysql
