#include "dialect/postgres/compare/made_objects.h"

#include "dialect/postgres/generate/object_change.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

/// For a kind of model::Object.
std::string key_kind_of(const model::Object& object) {
  if (object.kind == "function" || object.kind == "procedure" || object.kind == "aggregate") return "ROUTINE";
  if (object.kind == "type" || object.kind == "domain") return "TYPE";
  if (object.kind == "sequence") return "SEQUENCE";
  if (object.kind == "collation") return "COLLATION";
  if (object.kind == "statistics") return "STATISTICS";
  if (object.kind == "operator") return "OPERATOR";
  if (object.kind == "operator class") return "OPERATOR CLASS";
  if (object.kind == "operator family") return "OPERATOR FAMILY";
  return object.kind == "publication" ? "PUBLICATION" : "";
}

/// Finds what is dropped, whose owner and privileges the script keeps if it is created again.
struct Dropped {
  std::set<ObjectKey> objects;
  std::set<std::pair<Name, std::string>> columns;
  std::set<Name> tables;

  explicit Dropped(const std::vector<Operation>& operations) {
    for (const Operation& operation : operations) {
      if (const auto* op = std::get_if<DropView>(&operation)) objects.insert({"TABLE", op->view.name});
      if (const auto* op = std::get_if<DropObject>(&operation)) add(op->object);
      const auto* const table = std::get_if<DropTable>(&operation);
      if (table != nullptr && !table->kept_as.empty()) tables.insert(table->table.name);
      if (const auto* op = std::get_if<DropColumn>(&operation)) columns.insert({op->table, op->column.name});
    }
  }

 private:
  void add(const model::Object& object) {
    const std::string kind = key_kind_of(object);
    if (kind == "ROUTINE" || kind == "TYPE" || kind.starts_with("OPERATOR")) objects.insert({kind, object.name});
  }
};

class Finder {
 public:
  Finder(MadeObjects& made, const Dropped& dropped) : made_(made), dropped_(dropped) {}

  void operator()(const CreateSchema& op) const { add({"SCHEMA", {op.schema, {}}}); }
  void operator()(const CreateEnum& op) const { add({"TYPE", op.type.name}); }
  void operator()(const CreateObject& op) const { add({key_kind_of(op.object), op.object.name}); }
  void operator()(const AlterObject& op) const {
    if (!is_replaced(op)) made_.objects.insert({key_kind_of(op.after), op.after.name});
  }
  void operator()(const CreateView& op) const { add({"TABLE", op.view.name}); }
  // A new table keeps nothing of a dropped view with its name, but one that replaces a table keeps what that had.
  void operator()(const CreateTable& op) const {
    if (dropped_.tables.contains(op.table.name)) return;
    made_.objects.insert({"TABLE", op.table.name});
    for (const model::Column& column : op.table.columns) add_sequence(column);
  }
  void operator()(const AddColumn& op) const {
    const std::pair column(op.table, op.column.name);
    if (!dropped_.columns.contains(column)) made_.columns.insert(column);
    add_sequence(op.column);
  }
  void operator()(const AlterColumn& op) const {
    const bool is_other = op.before.identity != op.after.identity || !op.before.sequence.value;
    if (is_other) add_sequence(op.after);
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void add(const ObjectKey& key) const {
    if (!dropped_.objects.contains(key)) made_.objects.insert(key);
  }
  void add_sequence(const model::Column& column) const {
    if (column.sequence.value) made_.objects.insert({"SEQUENCE", column.sequence.value->name});
  }

  MadeObjects& made_;
  const Dropped& dropped_;
};

/// What had the new name before is renamed or dropped, too.
void rename_object(model::Privileges& privileges, const std::string& kind, const Name& from, const Name& to) {
  std::erase_if(privileges.objects,
                [&](const model::OwnedObject& object) { return object.name == to && key_kind(object.kind) == kind; });
  for (model::OwnedObject& object : privileges.objects) {
    if (object.name == from && key_kind(object.kind) == kind) object.name = to;
  }
}

void rename_column(model::Privileges& privileges, const RenameColumn& op) {
  for (model::OwnedObject& object : privileges.objects) {
    if (object.name != op.table || key_kind(object.kind) != "TABLE") continue;
    if (auto column = object.columns.extract(op.from); !column.empty()) {
      column.key() = op.to;
      object.columns.erase(op.to);
      object.columns.insert(std::move(column));
    }
  }
}

}  // namespace

std::string key_kind(const std::string& kind) {
  if (kind == "VIEW" || kind == "MATERIALIZED VIEW") return "TABLE";
  if (kind == "FUNCTION" || kind == "PROCEDURE" || kind == "AGGREGATE") return "ROUTINE";
  return kind == "DOMAIN" ? "TYPE" : kind;
}

MadeObjects::MadeObjects(const std::vector<Operation>& operations) {
  const Dropped dropped(operations);
  for (const Operation& operation : operations) std::visit(Finder(*this, dropped), operation);
}

void apply_renames(model::Privileges& privileges, const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<RenameTable>(&operation)) rename_object(privileges, "TABLE", op->from, op->to);
    if (const auto* op = std::get_if<RenameColumn>(&operation)) rename_column(privileges, *op);
    const auto* const op = std::get_if<RenameConstraint>(&operation);
    if (op == nullptr || op->part != NamedPart::sequence) continue;
    rename_object(privileges, "SEQUENCE", {op->table.schema, op->from}, {op->table.schema, op->to});
  }
}

}  // namespace whimbrel::dialect::postgres
