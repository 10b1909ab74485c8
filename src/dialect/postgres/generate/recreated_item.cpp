#include "dialect/postgres/generate/recreated_item.h"

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

std::optional<Item> item_of(const Name& table, const model::Column& column) {
  if (!column.computed) return std::nullopt;
  return Item{"COLUMN", table, column.name, quote(table)};
}

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

std::vector<Item> partition_items(const AlterTable& op) {
  if (op.inherits_before == op.inherits_after) return {};
  return {{"PARTITION", op.table, {}, quote(op.table)}};
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
    for (Item& item : default_items(user.children, user.column.name)) items.push_back(std::move(item));
  }
  return items;
}

/// The server gives the default of a parent to all its children.
std::vector<Item> default_items(const AlterColumn& op) {
  const bool is_same = op.before.type == op.after.type && op.before.default_expression == op.after.default_expression;
  return is_same ? std::vector<Item>() : default_items(op.children, op.after.name);
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
          [](const DropColumn& op) { return listed(item_of(op.table, op.column)); },
          [](const AlterEnum& op) { return recreated_items(op); },
          [](const AlterColumn& op) { return default_items(op); },
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
                        [](const AddColumn& op) { return listed(item_of(op.table, op.column)); },
                        [](const AlterEnum& op) { return recreated_items(op); },
                        [](const AlterColumn& op) { return default_items(op); },
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
