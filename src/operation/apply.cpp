#include <algorithm>

#include "operation/describe.h"
#include "operation/operation.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::operation {

namespace {

using model::Column;
using model::Name;
using model::Schema;
using model::Table;

[[noreturn]] void misfit(const Operation& operation, const std::string& reason) {
  throw Error(ErrorKind::internal, "cannot " + describe(operation) + ": " + reason);
}

class Applier {
 public:
  Applier(Schema& schema, const Operation& operation, const sql::Syntax& syntax)
      : schema_(schema), operation_(operation), syntax_(syntax) {}

  void operator()(const CreateSchema& op) const { schema_.schemas.push_back(op.schema); }
  void operator()(const DropSchema& op) const { remove(schema_.schemas, op.schema); }
  void operator()(const CreateEnum& op) const { schema_.enums.push_back(op.type); }
  void operator()(const DropEnum& op) const { remove(schema_.enums, op.type); }
  void operator()(const AlterEnum& op) const { replace(schema_.enums, op.before, op.after); }
  void operator()(const RenameEnumValue& op) const {
    const auto type = std::find_if(schema_.enums.begin(), schema_.enums.end(),
                                   [&](const model::Enum& candidate) { return candidate.name == op.type; });
    if (type == schema_.enums.end()) misfit(operation_, "there is no such enum");
    const auto value = std::find(type->values.begin(), type->values.end(), op.from);
    if (value == type->values.end()) misfit(operation_, "the enum has no such value");
    *value = op.to;
  }
  void operator()(const CreateObject& op) const { schema_.objects.push_back(op.object); }
  void operator()(const DropObject& op) const { remove(schema_.objects, op.object); }
  void operator()(const AlterObject& op) const { replace(schema_.objects, op.before, op.after); }

  void operator()(const CreateTable& op) const {
    if (schema_.find_table(op.table.name)) misfit(operation_, "the table already exists");
    schema_.tables.push_back(op.table);
  }
  void operator()(const DropTable& op) const {
    table(op.table.name);
    std::erase_if(schema_.tables, [&](const Table& table) { return table.name == op.table.name; });
  }
  void operator()(const RenameTable& op) const {
    Table& renamed = changed(op.from);
    if (schema_.find_table(op.to)) misfit(operation_, "a table with the new name already exists");
    renamed.name = op.to;
    for (model::Index& index : renamed.indexes) index.definition.value.clear();
    for (Table& other : schema_.tables) {
      for (model::ForeignKey& foreign_key : other.foreign_keys) {
        if (foreign_key.referenced_table != op.from) continue;
        foreign_key.referenced_table = op.to;
        other.definition.value.clear();
      }
    }
    rename_uses([&](model::Reference& used) {
      const bool is_of_table = used.kind.empty() || used.kind == "constraint";
      if (is_of_table && used.name == op.from) used.name = op.to;
    });
  }
  void operator()(const AlterTable& op) const {
    Table& altered = changed(op.table);
    altered.options = op.options_after;
    altered.comment = op.comment_after;
    altered.inherits = op.inherits_after;
  }

  void operator()(const AddColumn& op) const {
    Table& altered = changed(op.table);
    if (altered.find_column(op.column.name)) misfit(operation_, "the column already exists");
    const std::size_t position = std::min(op.position, altered.columns.size());
    altered.columns.insert(altered.columns.begin() + static_cast<std::ptrdiff_t>(position), op.column);
    if (op.foreign_key) altered.foreign_keys.push_back(*op.foreign_key);
  }
  void operator()(const DropColumn& op) const {
    Table& altered = changed(op.table);
    column(altered, op.column.name);
    std::erase_if(altered.columns, [&](const Column& column) { return column.name == op.column.name; });
    if (op.foreign_key) remove(altered.foreign_keys, *op.foreign_key);
  }
  void operator()(const RenameColumn& op) const {
    if (op.attribute) return rename_attribute(op);
    Table& altered = changed(op.table);
    if (altered.find_column(op.to)) misfit(operation_, "a column with the new name already exists");
    column(altered, op.from).name = op.to;
    rename_in(altered, op);
    for (Table& other : schema_.tables) {
      for (model::ForeignKey& foreign_key : other.foreign_keys) {
        if (foreign_key.referenced_table != op.table) continue;
        if (rename_in(foreign_key.referenced_columns, op)) other.definition.value.clear();
      }
    }
    for_each_uses(schema_, [&](model::Uses& uses) { rename_used(uses, op.table, op.from, op.to); });
  }
  void operator()(const AlterColumn& op) const { column(changed(op.table), op.before.name) = op.after; }

  void operator()(const AlterPrimaryKey& op) const { changed(op.table).primary_key = op.after; }
  void operator()(const AddUnique& op) const { changed(op.table).uniques.push_back(op.unique); }
  void operator()(const DropUnique& op) const { remove(changed(op.table).uniques, op.unique); }
  void operator()(const AddCheck& op) const { changed(op.table).checks.push_back(op.check); }
  void operator()(const DropCheck& op) const { remove(changed(op.table).checks, op.check); }
  void operator()(const AddExclusion& op) const { changed(op.table).exclusions.push_back(op.exclusion); }
  void operator()(const DropExclusion& op) const { remove(changed(op.table).exclusions, op.exclusion); }
  void operator()(const AddForeignKey& op) const { changed(op.table).foreign_keys.push_back(op.foreign_key); }
  void operator()(const DropForeignKey& op) const { remove(changed(op.table).foreign_keys, op.foreign_key); }
  void operator()(const CreateIndex& op) const {
    part(op.table, &Table::indexes, &model::View::indexes).push_back(op.index);
  }
  void operator()(const DropIndex& op) const {
    remove(part(op.table, &Table::indexes, &model::View::indexes), op.index);
  }
  void operator()(const CreateTrigger& op) const {
    part(op.table, &Table::triggers, &model::View::triggers).push_back(op.trigger);
  }
  void operator()(const DropTrigger& op) const {
    remove(part(op.table, &Table::triggers, &model::View::triggers), op.trigger);
  }
  void operator()(const CreateView& op) const { schema_.views.push_back(op.view); }
  void operator()(const DropView& op) const { remove(schema_.views, op.view); }
  void operator()(const AlterView& op) const { replace(schema_.views, op.before, op.after); }
  void operator()(const RenameConstraint& op) const {
    Table& altered = changed(op.table);
    const auto rename = [&](auto& items) {
      for (auto& item : items) {
        if (item.name.text == op.from) item.name.text = op.to;
      }
    };
    if (altered.primary_key && altered.primary_key->name.text == op.from) altered.primary_key->name.text = op.to;
    rename(altered.uniques);
    rename(altered.checks);
    rename(altered.exclusions);
    rename(altered.foreign_keys);
    rename(altered.indexes);
    for (model::Column& column : altered.columns) {
      if (op.part != NamedPart::sequence || !column.sequence.value) continue;
      if (column.sequence.value->name.name == op.from) column.sequence.value->name.name = op.to;
    }
  }
  void operator()(const RebuildTable& op) const { table(op.before.name) = op.after; }

 private:
  Table& table(const Name& name) const {
    Table* found = schema_.find_table(name);
    if (!found) misfit(operation_, "there is no such table");
    return *found;
  }

  /// Returns a table whose own statement changes, so that the stored statement no longer creates it.
  Table& changed(const Name& name) const {
    Table& found = table(name);
    found.definition.value.clear();
    return found;
  }

  Column& column(Table& table, const std::string& name) const {
    Column* found = table.find_column(name);
    if (!found) misfit(operation_, "there is no such column");
    return *found;
  }

  void rename_attribute(const RenameColumn& op) const {
    for (model::Object& object : schema_.objects) {
      if (object.name != op.table || !object.type.value) continue;
      for (Column& attribute : object.type.value->attributes) {
        if (attribute.name == op.from) attribute.name = op.to;
      }
    }
  }

  /// The properties that tables and views share.
  template <class T>
  std::vector<T>& part(const Name& name, std::vector<T> Table::*of_table, std::vector<T> model::View::*of_view) const {
    if (Table* found = schema_.find_table(name)) return found->*of_table;
    for (model::View& view : schema_.views) {
      if (view.name == name) return view.*of_view;
    }
    misfit(operation_, "there is no such table or view");
  }

  template <class T>
  void remove(std::vector<T>& items, const T& item) const {
    const auto found = std::find(items.begin(), items.end(), item);
    if (found == items.end()) misfit(operation_, "there is no such object");
    items.erase(found);
  }

  template <class T>
  void replace(std::vector<T>& items, const T& before, const T& after) const {
    const auto found = std::find(items.begin(), items.end(), before);
    if (found == items.end()) misfit(operation_, "there is no such object");
    *found = after;
  }

  static bool rename_in(std::vector<std::string>& columns, const RenameColumn& op) {
    const auto found = std::find(columns.begin(), columns.end(), op.from);
    if (found == columns.end()) return false;
    *found = op.to;
    return true;
  }

  template <class Rename>
  void rename_uses(Rename rename) const {
    for_each_uses(schema_, [&](model::Uses& uses) {
      if (!uses.value) return;
      for (model::Reference& used : *uses.value) rename(used);
      std::sort(uses.value->begin(), uses.value->end());
    });
  }

  void rename_in(std::string& expression, const RenameColumn& op) const {
    if (!expression.empty()) expression = sql::replace_identifier(expression, op.from, op.to, syntax_);
  }

  void rename_in(std::vector<model::KeyPart>& parts, const RenameColumn& op) const {
    for (model::KeyPart& part : parts) {
      if (part.column == op.from) part.column = op.to;
    }
  }

  template <class Key>
  void rename_in_key(Key& key, const RenameColumn& op) const {
    rename_in(key.columns, op);
    rename_in(key.included, op);
  }

  void rename_in(model::Index& index, const RenameColumn& op) const {
    rename_in_key(index, op);
    index.definition.value.clear();
    if (!uses(index.uses, op.table, op.from)) return;
    rename_in(index.where, op);
    for (model::KeyPart& part : index.columns) rename_in(part.expression, op);
  }

  /// The name may mean something else in a text, so only items that use the column are changed.
  void rename_in(Table& table, const RenameColumn& op) const {
    if (table.primary_key) rename_in_key(*table.primary_key, op);
    for (model::Unique& unique : table.uniques) rename_in_key(unique, op);
    rename_in(table.key_columns.value, op);
    for (model::Check& check : table.checks) {
      if (uses(check.uses, op.table, op.from)) rename_in(check.expression, op);
    }
    for (model::Exclusion& exclusion : table.exclusions) {
      if (uses(exclusion.uses, op.table, op.from)) rename_in(exclusion.definition, op);
    }
    for (model::ForeignKey& foreign_key : table.foreign_keys) {
      rename_in(foreign_key.columns, op);
      rename_in(foreign_key.set_columns, op);
    }
    for (model::Index& index : table.indexes) rename_in(index, op);
    for (Column& column : table.columns) {
      const bool is_renamed_in = column.computed && uses(column.computed->uses, op.table, op.from);
      if (is_renamed_in) rename_in(column.computed->expression, op);
    }
  }

  Schema& schema_;
  const Operation& operation_;
  const sql::Syntax& syntax_;
};

}  // namespace

void apply(Schema& schema, const Operation& operation, const sql::Syntax& syntax) {
  std::visit(Applier(schema, operation, syntax), operation);
}

}  // namespace whimbrel::operation
