#include "dialect/postgres/generate/recreated_item.h"

#include <iterator>
#include <optional>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

using namespace operation;
using model::Name;

namespace {

std::string_view kind_of(const model::Object& object) {
  if (object.kind == "function" || object.kind == "procedure" || object.kind == "aggregate") return "ROUTINE";
  if (object.kind == "statistics") return "STATISTICS";
  if (object.kind == "operator") return "OPERATOR";
  if (object.kind == "operator class") return "OPERATOR CLASS";
  if (object.kind == "operator family") return "OPERATOR FAMILY";
  return object.kind == "type" || object.kind == "domain" ? "TYPE" : "";
}

std::optional<Item> item_of(const model::Object& object) {
  const std::string_view kind = kind_of(object);
  if (kind.empty()) return std::nullopt;
  return Item{kind, object.name, {}, object.removal.substr(("DROP " + object.kind + ' ').size())};
}

Item item_of(const Name& table, const model::Column& column) { return {"COLUMN", table, column.name, quote(table)}; }

Item part_item(std::string_view kind, const Name& table, const std::string& name) {
  const std::string part = sql::quote_identifier(name, postgres_syntax);
  const bool is_index = kind == "INDEX";
  return {kind, table, name, is_index ? quote(Name(table.schema, name)) : part + " ON " + quote(table)};
}

template <class T>
std::vector<Item> constraint_items(const Name& table, const T& constraint) {
  return {part_item("CONSTRAINT", table, constraint_name(table, constraint))};
}

/// A constraint with an index, which can have a comment of its own.
template <class T>
std::vector<Item> key_items(const Name& table, const T& key) {
  const std::string name = constraint_name(table, key);
  return {part_item("CONSTRAINT", table, name), part_item("INDEX", table, name)};
}

std::vector<Item> listed(std::optional<Item> item) {
  return item ? std::vector<Item>{*std::move(item)} : std::vector<Item>();
}

Item item_of(const model::View& view) { return {"TABLE", view.name, {}, quote(view.name)}; }

/// A table that is replaced, and the sequences of its identity columns; a serial column keeps its own.
std::vector<Item> items_of(const model::Table& table) {
  std::vector<Item> items = {{"TABLE", table.name, {}, quote(table.name)}};
  for (const model::Column& column : table.columns) {
    if (!column.auto_increment) continue;
    const Name sequence = sequence_name(table.name, column);
    items.push_back({"SEQUENCE", sequence, {}, quote(sequence)});
  }
  return items;
}

std::vector<Item> partition_items(const AlterTable& op) {
  if (op.inherits_before == op.inherits_after) return {};
  return {{"PARTITION", op.table, {}, quote(op.table)}};
}

/// Entities do not say how a column is stored, so it is only known from a database.
std::vector<Item> storage_items(const Name& table, const std::vector<Name>& children, const std::string& column) {
  std::vector<Item> items = {{"STORAGE", table, column, quote(table)}};
  for (const Name& child : children) items.push_back({"STORAGE", child, column, quote(child)});
  return items;
}

void append(std::vector<Item>& to, std::vector<Item> items) {
  std::move(items.begin(), items.end(), std::back_inserter(to));
}

std::vector<Item> default_items(const std::vector<Name>& children, const std::string& column) {
  std::vector<Item> items;
  items.reserve(children.size());
  for (const Name& child : children) items.push_back({"DEFAULT", child, column, quote(child)});
  return items;
}

std::vector<Item> recreated_items(const AlterEnum& op) {
  if (!is_recreated(op)) return {};
  std::vector<Item> items = {{"TYPE", op.before.name, {}, quote(op.before.name)}};
  for (const EnumColumn& user : op.columns) {
    append(items, default_items(user.children, user.column.name));
    if (user.column.own_storage.value) append(items, storage_items(user.table, user.children, user.column.name));
  }
  return items;
}

/// The server gives the default of a parent to all its children, and a column the usual storage of a new type. A
/// serial column that becomes an identity gets another sequence, and so on the way back.
std::vector<Item> altered_items(const AlterColumn& op) {
  std::vector<Item> items;
  if (op.before.auto_increment && op.after.auto_increment && op.before.identity != op.after.identity) {
    items.push_back({"SEQUENCE", sequence_name(op.table, op.before), {}, quote(sequence_name(op.table, op.after))});
  }
  const bool is_same = op.before.type == op.after.type && op.before.default_expression == op.after.default_expression;
  if (!is_same) append(items, default_items(op.children, op.after.name));
  const bool has_storage = op.before.own_storage.value || op.after.own_storage.value;
  if (has_storage && changes_type(op)) append(items, storage_items(op.table, op.children, op.after.name));
  return items;
}

}  // namespace

bool is_commented(const Item& item) {
  return item.kind == "CONSTRAINT" || item.kind == "INDEX" || item.kind == "TRIGGER";
}

std::vector<Item> dropped_by(const Operation& operation) {
  using Items = std::vector<Item>;
  return std::visit(
      Visitor{
          [](const DropView& op) { return Items{item_of(op.view)}; },
          [](const DropObject& op) { return listed(item_of(op.object)); },
          [](const DropTable& op) { return op.kept_as.empty() ? Items() : items_of(op.table); },
          [](const DropColumn& op) { return Items{item_of(op.table, op.column)}; },
          [](const AlterEnum& op) { return recreated_items(op); },
          [](const AlterColumn& op) { return altered_items(op); },
          [](const AlterTable& op) { return partition_items(op); },
          [](const AlterPrimaryKey& op) { return op.before ? key_items(op.table, *op.before) : Items(); },
          [](const DropUnique& op) { return key_items(op.table, op.unique); },
          [](const DropExclusion& op) { return key_items(op.table, op.exclusion); },
          [](const DropCheck& op) { return constraint_items(op.table, op.check); },
          [](const DropForeignKey& op) { return constraint_items(op.table, op.foreign_key); },
          [](const DropIndex& op) { return Items{part_item("INDEX", op.table, constraint_name(op.table, op.index))}; },
          [](const DropTrigger& op) { return Items{part_item("TRIGGER", op.table, op.trigger.name)}; },
          [](const auto&) { return Items(); },
      },
      operation);
}

std::vector<Item> created_by(const Operation& operation) {
  using Items = std::vector<Item>;
  return std::visit(Visitor{
                        [](const CreateView& op) { return Items{item_of(op.view)}; },
                        [](const CreateObject& op) { return listed(item_of(op.object)); },
                        [](const CreateTable& op) { return items_of(op.table); },
                        [](const AddColumn& op) { return Items{item_of(op.table, op.column)}; },
                        [](const AlterEnum& op) { return recreated_items(op); },
                        [](const AlterColumn& op) { return altered_items(op); },
                        [](const AlterTable& op) { return partition_items(op); },
                        [](const AlterPrimaryKey& op) { return op.after ? key_items(op.table, *op.after) : Items(); },
                        [](const AddUnique& op) { return key_items(op.table, op.unique); },
                        [](const AddExclusion& op) { return key_items(op.table, op.exclusion); },
                        [](const AddCheck& op) { return constraint_items(op.table, op.check); },
                        [](const AddForeignKey& op) { return constraint_items(op.table, op.foreign_key); },
                        [](const CreateIndex& op) {
                          return Items{part_item("INDEX", op.table, constraint_name(op.table, op.index))};
                        },
                        [](const CreateTrigger& op) { return Items{part_item("TRIGGER", op.table, op.trigger.name)}; },
                        [](const auto&) { return Items(); },
                    },
                    operation);
}

}  // namespace whimbrel::dialect::postgres
