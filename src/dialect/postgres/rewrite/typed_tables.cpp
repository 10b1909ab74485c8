#include "dialect/postgres/rewrite/typed_tables.h"

#include <algorithm>
#include <set>
#include <string>

#include "dialect/postgres/generate/typed_table.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Object;
using model::Schema;

const Object* find_equal(const Schema& schema, const Object& object) {
  const auto found = std::find(schema.objects.begin(), schema.objects.end(), object);
  return found == schema.objects.end() ? nullptr : &*found;
}

bool uses_any_of(const Object& object, const std::set<model::Reference>& items) {
  return object.uses.value && std::any_of(object.uses.value->begin(), object.uses.value->end(),
                                          [&](const model::Reference& used) { return items.contains(used); });
}

/// Returns the attributes of the type that the object uses; none if the schema does not contain it.
const std::vector<model::Column>* find_attributes(const Schema& schema, const Object& typed_table) {
  for (const Object& object : schema.objects) {
    if (object.type.value && uses_any_of(typed_table, {{object.name, {}, object.kind}})) {
      return &object.type.value->attributes;
    }
  }
  return nullptr;
}

/// Returns the columns of the table in the order that the operations leave.
std::vector<std::string> columns_after(const std::vector<Operation>& operations, const model::Table& table) {
  std::vector<std::string> columns;
  for (const model::Column& column : table.columns) columns.push_back(column.name);
  for (const Operation& operation : operations) {
    if (target_name(operation) != table.name) continue;
    if (const auto* op = std::get_if<DropColumn>(&operation)) std::erase(columns, op->column.name);
    if (const auto* op = std::get_if<AddColumn>(&operation)) columns.push_back(op->column.name);
  }
  return columns;
}

}  // namespace

void release_typed_tables(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::set<model::Reference> changed;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterObject>(&operation);
    if (op != nullptr && op->before.kind == "type") changed.insert({op->before.name, {}, op->before.kind});
  }
  if (changed.empty()) return;
  for (const Object& object : from.objects) {
    if (object.kind != typed_table_kind || !uses_any_of(object, changed)) continue;
    const Object* const later = find_equal(to, object);
    if (later == nullptr) continue;
    operations.emplace_back(DropObject{object});
    operations.emplace_back(CreateObject{*later});
  }
}

void refuse_other_order(const std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<CreateObject>(&operation);
    if (op == nullptr || op->object.kind != typed_table_kind) continue;
    const model::Table* const before = from.find_table(op->object.name);
    const std::vector<model::Column>* const attributes = find_attributes(to, op->object);
    if (before == nullptr || attributes == nullptr) continue;
    const std::vector<std::string> columns = columns_after(operations, *before);
    const bool is_same =
        std::equal(columns.begin(), columns.end(), attributes->begin(), attributes->end(),
                   [](const std::string& name, const model::Column& attribute) { return name == attribute.name; });
    if (is_same) continue;
    throw Error(ErrorKind::unsafe, "Table \"" + to_string(before->name) +
                                       "\" would get a composite type whose attributes are in a different order "
                                       "from its columns, and PostgreSQL cannot change the order of columns.")
        .with_remedy(
            "Write a migration that creates a new table of the type, copies the rows into it, drops the "
            "old one and gives the new one its name (`newmigration`).");
  }
}

}  // namespace whimbrel::dialect::postgres
