#include "plan/effects.h"

#include <algorithm>

#include "operation/consequences.h"
#include "operation/uses.h"

namespace whimbrel::plan {

namespace {

using namespace operation;
using model::Name;
using Items = std::vector<Item>;

class Collector {
 public:
  Collector(Effects& effects, IndexNames names) : effects_(effects), names_(names) {}

  void operator()(const CreateSchema& op) { effects_.makes.push_back({{}, op.schema, {}, "schema"}); }
  void operator()(const DropSchema& op) { effects_.drops.push_back({{}, op.schema, {}, "schema"}); }

  void operator()(const CreateEnum& op) {
    make(op.type.name);
    effects_.makes.push_back(type(op.type));
  }
  void operator()(const DropEnum& op) {
    drop(op.type.name);
    effects_.drops.push_back(type(op.type));
  }
  void operator()(const AlterEnum& op) {
    effects_.changes.push_back(type(op.before));
    for (const EnumColumn& user : op.columns) change_column(user.table, user.column.name);
  }
  void operator()(const RenameEnumValue& op) { effects_.changes.push_back({{}, text(to_string(op.type)), {}, "enum"}); }

  void operator()(const CreateObject& op) { make(op.object); }
  void operator()(const DropObject& op) { drop(op.object); }
  void operator()(const AlterObject& op) {
    effects_.changes.push_back(object(op.before));
    add(effects_.needs, op.after.uses);
    free_what_only_one_uses(op.before.uses, op.after.uses);
  }

  void operator()(const CreateTable& op) {
    make(op.table.name);
    add_names(effects_.makes, op.table);
    add_uses(effects_.needs, op.table);
  }
  void operator()(const DropTable& op) {
    drop(op.table.name);
    add_names(effects_.drops, op.table);
    add_uses(effects_.frees, op.table);
  }
  void operator()(const RenameTable& op) {
    drop(op.from);
    make(op.to);
  }
  void operator()(const AlterTable& op) {
    need(op.table);
    for (const Name& parent : op.inherits_before) effects_.frees.push_back(relation(parent));
    for (const Name& parent : op.inherits_after) effects_.needs.push_back(relation(parent));
    // A child's columns and constraints must fit those of a new parent, and become its own when it leaves one.
    add_parents(effects_.makes, effects_.needs, op.table, op.inherits_after, op.inherits_before);
    add_parents(effects_.drops, effects_.frees, op.table, op.inherits_before, op.inherits_after);
  }

  void operator()(const AddColumn& op) {
    need(op.table);
    effects_.makes.push_back(column(op.table, op.column.name));
    add_sequence(effects_.makes, op.column);
    effects_.changes.push_back(columns(op.table));
    add_uses(effects_.needs, op.column);
  }
  void operator()(const DropColumn& op) {
    free(op.table);
    effects_.drops.push_back(column(op.table, op.column.name));
    add_sequence(effects_.drops, op.column);
    effects_.changes.push_back(columns(op.table));
    add_uses(effects_.frees, op.column);
  }
  void operator()(const RenameColumn& op) {
    need(op.table);
    effects_.drops.push_back(column(op.table, op.from));
    effects_.makes.push_back(column(op.table, op.to));
  }
  void operator()(const AlterColumn& op) {
    need(op.table);
    change_column(op.table, op.before.name);
    for (const Name& child : op.children) change_column(child, op.before.name);
    add_uses(effects_.needs, op.after);
    free_what_only_one_uses(op.before.type_uses, op.after.type_uses);
    add_rows(effects_.frees, op.before.type_uses);
    if (op.before.enum_name != op.after.enum_name) add_enum(effects_.frees, op.before);
    effects_.leaves = effects_.frees;
    free_what_only_one_uses(op.before.default_uses, op.after.default_uses);
    change_sequence(op);
  }

  void operator()(const AlterPrimaryKey& op) {
    if (op.before) add_key(effects_.drops, effects_.frees, op.table, *op.before);
    if (op.after) add_key(effects_.makes, effects_.needs, op.table, *op.after);
  }
  void operator()(const AddUnique& op) { add_key(effects_.makes, effects_.needs, op.table, op.unique); }
  void operator()(const DropUnique& op) { add_key(effects_.drops, effects_.frees, op.table, op.unique); }
  void operator()(const AddCheck& op) { make_part(op.table, op.check.name, op.check.uses); }
  void operator()(const DropCheck& op) { drop_part(op.table, op.check.name, op.check.uses); }
  void operator()(const AddExclusion& op) {
    make_part(op.table, op.exclusion.name, op.exclusion.uses);
    effects_.makes.push_back(index_name(op.table, op.exclusion.name.text));
  }
  void operator()(const DropExclusion& op) {
    drop_part(op.table, op.exclusion.name, op.exclusion.uses);
    effects_.drops.push_back(index_name(op.table, op.exclusion.name.text));
  }
  void operator()(const AddForeignKey& op) {
    need(op.table);
    effects_.makes.push_back(constraint(op.table, op.foreign_key.name));
    effects_.changes.push_back(parts(op.table));
    add_uses(effects_.needs, op.table, op.foreign_key);
  }
  void operator()(const DropForeignKey& op) {
    free(op.table);
    effects_.drops.push_back(constraint(op.table, op.foreign_key.name));
    effects_.changes.push_back(parts(op.table));
    add_uses(effects_.frees, op.table, op.foreign_key);
  }
  void operator()(const CreateIndex& op) {
    need(op.table);
    effects_.makes.push_back(index_name(op.table, op.index.name.text));
    effects_.changes.push_back(parts(op.table));
    if (op.index.unique) effects_.makes.push_back(key(op.table, model::column_names(op.index.columns)));
    add_own(effects_.needs, op.table, uses_of(op.index, op.table));
  }
  void operator()(const DropIndex& op) {
    free(op.table);
    effects_.drops.push_back(index_name(op.table, op.index.name.text));
    effects_.changes.push_back(parts(op.table));
    if (op.index.unique) effects_.drops.push_back(key(op.table, model::column_names(op.index.columns)));
    add_own(effects_.frees, op.table, uses_of(op.index, op.table));
  }
  void operator()(const CreateTrigger& op) {
    need(op.table);
    effects_.makes.push_back(trigger(op.table, op.trigger));
    add(effects_.needs, op.trigger.uses);
  }
  void operator()(const DropTrigger& op) {
    free(op.table);
    effects_.drops.push_back(trigger(op.table, op.trigger));
    add(effects_.frees, op.trigger.uses);
  }
  void operator()(const CreateView& op) {
    make(op.view.name);
    add_uses(effects_.needs, op.view);
  }
  void operator()(const DropView& op) {
    drop(op.view.name);
    add_uses(effects_.frees, op.view);
  }
  void operator()(const AlterView& op) {
    effects_.changes.push_back(relation(op.before.name));
    add_uses(effects_.needs, op.after);
    add_uses(effects_.frees, op.before);
  }
  void operator()(const RenameConstraint& op) {
    need(op.table);
    effects_.changes.push_back(parts(op.table));
    const auto part = [&](std::string_view name) { return Item{op.table.schema, op.table.name, name, "constraint"}; };
    effects_.drops = {index_name(op.table, op.from), part(op.from)};
    effects_.makes = {index_name(op.table, op.to), part(op.to)};
  }
  void operator()(const RebuildTable&) {}  // Only the dialect knows what comes before it.

 private:
  /// For those of the parents that are not among the others.
  void add_parents(Items& links, Items& uses, const Name& table, const std::vector<Name>& parents,
                   const std::vector<Name>& others) {
    for (const Name& parent : parents) {
      if (std::find(others.begin(), others.end(), parent) != others.end()) continue;
      links.push_back({table.schema, table.name, text(to_string(parent)), "parent"});
      for (const Name& one : {table, parent}) {
        for (const std::string_view kind : {"columns", "parts"}) uses.push_back(kept({one.schema, one.name, {}, kind}));
      }
    }
  }

  std::string_view text(std::string text) { return effects_.texts.emplace_back(std::move(text)); }

  static Item relation(const Name& name) { return {name.schema, name.name, {}, {}}; }
  static Item column(const Name& table, std::string_view name) { return {table.schema, table.name, name, {}}; }
  static Item columns(const Name& table) { return {table.schema, table.name, {}, "columns"}; }
  static Item parts(const Name& table) { return {table.schema, table.name, {}, "parts"}; }
  static Item object(const model::Object& object) { return {object.name.schema, object.name.name, {}, object.kind}; }
  static void add_overloads(Items& items, const model::Object& object) {
    const auto& [schema, name] = object.name;  // Functions, procedures and aggregates share their names.
    const auto all = name_of_overloads(name);
    if (all) items.insert(items.end(), {{schema, *all, {}, any_overload}, {schema, name, {}, "routine"}});
  }
  static Item trigger(const Name& table, const model::Trigger& trigger) {
    return {table.schema, table.name, trigger.name, "trigger"};
  }
  static Item constraint(const Name& table, const model::ConstraintName& name) {
    return {table.schema, table.name, name.text, "constraint"};
  }
  [[nodiscard]] Item index_name(const Name& table, std::string_view name) const {
    if (names_ == IndexNames::of_table) return {table.schema, table.name, name, "index"};
    return {table.schema, name, {}, {}};
  }
  /// The name by which a column refers to the type.
  Item type(const model::Enum& type) {
    if (type.name.schema.empty()) return {{}, type.name.name, {}, "enum"};
    return {{}, text(to_string(type.name)), {}, "enum"};
  }
  Item key(const Name& table, std::vector<std::string> columns) {
    std::sort(columns.begin(), columns.end());
    std::string joined;
    for (const std::string& column : columns) joined += column + '\0';
    return {table.schema, table.name, text(std::move(joined)), "key"};
  }

  void add_schema(Items& items, const Name& name) const {
    if (!name.schema.empty()) items.push_back({{}, name.schema, {}, "schema"});
  }
  void make(const Name& name) {
    effects_.makes.push_back(relation(name));
    add_schema(effects_.needs, name);
  }
  void drop(const Name& name) {
    effects_.drops.push_back(relation(name));
    add_schema(effects_.frees, name);
  }
  void make(const model::Object& made) { add_object(effects_.makes, effects_.needs, made); }
  void drop(const model::Object& dropped) { add_object(effects_.drops, effects_.frees, dropped); }
  void add_object(Items& items, Items& uses, const model::Object& one) {
    items.push_back(object(one));
    add_overloads(items, one);
    if (one.sequence.value || one.type.value) items.push_back(relation(one.name));
    add_schema(uses, one.name);
    add(uses, one.uses);
  }
  void need(const Name& table) { effects_.needs.push_back(relation(table)); }
  void free(const Name& table) { effects_.frees.push_back(relation(table)); }

  /// The sequence that is created and dropped with a column.
  static void add_sequence(Items& items, const model::Column& column) {
    if (!column.auto_increment || !column.sequence.value) return;
    const Name& name = column.sequence.value->name;
    items.push_back(relation(name));
    items.push_back({name.schema, name.name, {}, "sequence"});
  }
  void change_sequence(const AlterColumn& op) {
    if (keeps_sequence(op)) {
      effects_.needs.push_back(relation(op.after.sequence.value->name));
    } else {
      add_sequence(effects_.drops, op.before);
      add_sequence(effects_.makes, op.after);
    }
  }

  void change_column(const Name& table, std::string_view name) {
    effects_.changes.push_back(column(table, name));
    effects_.changes.push_back(columns(table));
  }

  void make_part(const Name& table, const model::ConstraintName& name, const model::Uses& uses) {
    need(table);
    effects_.changes.push_back(parts(table));
    effects_.makes.push_back(constraint(table, name));
    add_own(effects_.needs, table, uses);
  }
  void drop_part(const Name& table, const model::ConstraintName& name, const model::Uses& uses) {
    free(table);
    effects_.changes.push_back(parts(table));
    effects_.drops.push_back(constraint(table, name));
    add_own(effects_.frees, table, uses);
  }

  template <class Key>
  void add_key_names(Items& items, const Name& table, const Key& made) {
    items.push_back(constraint(table, made.name));
    items.push_back(index_name(table, made.name.text));
    items.push_back(key(table, model::column_names(made.columns)));
  }
  template <class Key>
  void add_key_columns(Items& items, const Name& table, const Key& made) {
    for (const model::KeyPart& part : made.columns) {
      if (!part.column.empty()) items.push_back(column(table, part.column));
    }
    for (const std::string& included : made.included) items.push_back(column(table, included));
  }
  template <class Key>
  void add_key(Items& items, Items& uses, const Name& table, const Key& one) {
    uses.push_back(relation(table));
    effects_.changes.push_back(parts(table));
    add_key_names(items, table, one);
    add_key_columns(uses, table, one);
  }

  Item item(const model::Reference& used) {
    if (used.kind == "enum" && !used.name.schema.empty()) return {{}, text(to_string(used.name)), {}, "enum"};
    return {used.name.schema, used.name.name, used.column, used.kind};
  }
  /// A copy, for uses that do not live as long as the operation.
  Item kept(const Item& item) {
    return {text(std::string(item.schema)), text(std::string(item.name)), text(std::string(item.column)),
            text(std::string(item.kind))};
  }

  void add(Items& items, const model::Reference& used) {
    items.push_back(item(used));
    if (!used.column.empty()) items.push_back(relation(used.name));
  }
  void add(Items& items, const model::Uses& uses) {
    if (!uses.value) return;
    for (const model::Reference& used : *uses.value) add(items, used);
  }
  /// For a part of a table. If its uses are unknown, it may use any column.
  void add_own(Items& items, const Name& table, const model::Uses& uses) {
    if (uses.value) {
      add(items, uses);
    } else {
      items.push_back(columns(table));
    }
  }
  void add_own(Items& items, const Name& table, model::Uses&& uses) {
    if (!uses.value) return items.push_back(columns(table));
    for (const model::Reference& used : *uses.value) items.push_back(kept(item(used)));
  }

  void free_what_only_one_uses(const model::Uses& before, const model::Uses& after) {
    if (!before.value) return;
    for (const model::Reference& used : *before.value) {
      const bool stays = after.value && std::binary_search(after.value->begin(), after.value->end(), used);
      if (!stays) add(effects_.frees, used);
    }
  }

  /// The row type of a table consists of all of its columns.
  static void add_rows(Items& items, const model::Uses& types) {
    if (!types.value) return;
    for (const model::Reference& used : *types.value) {
      if (used.kind.empty()) items.push_back(columns(used.name));
    }
  }
  void add_enum(Items& items, const model::Column& column) const {
    if (!column.enum_name.empty()) items.push_back({{}, column.enum_name, {}, "enum"});
  }
  void add_uses(Items& items, const model::Column& column) {
    add_enum(items, column);
    add(items, column.type_uses);
    add_rows(items, column.type_uses);
    add(items, column.default_uses);
    if (column.computed) add(items, column.computed->uses);
  }
  void add_uses(Items& items, const Name& table, const model::ForeignKey& foreign_key) {
    for (const std::string& name : foreign_key.columns) items.push_back(column(table, name));
    const Name& referenced = foreign_key.referenced_table;
    items.push_back(relation(referenced));
    for (const std::string& name : foreign_key.referenced_columns) items.push_back(column(referenced, name));
    items.push_back(key(referenced, foreign_key.referenced_columns));
  }
  /// Omits keys to other tables: those that cannot be deferred were already taken out of the table, and the others may
  /// reference tables that do not exist yet.
  void add_uses(Items& items, const model::Table& table) {
    for (const Name& parent : table.inherits) items.push_back(relation(parent));
    for (const model::Column& column : table.columns) add_uses(items, column);
    for (const model::Check& check : table.checks) add(items, check.uses);
    for (const model::Exclusion& exclusion : table.exclusions) add(items, exclusion.uses);
    for (const model::Index& index : table.indexes) add(items, index.uses);
    for (const model::Trigger& trigger : table.triggers) add(items, trigger.uses);
  }
  void add_uses(Items& items, const model::View& view) {
    add(items, view.uses);
    for (const model::Index& index : view.indexes) add(items, index.uses);
    for (const model::Trigger& trigger : view.triggers) add(items, trigger.uses);
  }
  void add_names(Items& items, const model::Table& table) {
    if (table.primary_key) add_key_names(items, table.name, *table.primary_key);
    for (const model::Unique& unique : table.uniques) add_key_names(items, table.name, unique);
    for (const model::Exclusion& one : table.exclusions) {
      items.insert(items.end(), {constraint(table.name, one.name), index_name(table.name, one.name.text)});
    }
    for (const model::Check& check : table.checks) items.push_back(constraint(table.name, check.name));
    for (const model::Index& index : table.indexes) items.push_back(index_name(table.name, index.name.text));
    for (const model::Column& column : table.columns) add_sequence(items, column);
  }

  Effects& effects_;
  IndexNames names_;
};

}  // namespace

Effects effects_of(const Operation& operation, IndexNames names) {
  Effects effects;
  std::visit(Collector(effects, names), operation);
  return effects;
}

}  // namespace whimbrel::plan
