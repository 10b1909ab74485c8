#include "dialect/postgres/rewrite/remake_rules.h"

#include <set>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/type_change.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

}  // namespace

bool PostgresRules::must_remake(const plan::Dependent& dependent, plan::Change change) const {
  using plan::Change;
  using plan::DependentKind;
  if (follows_owner(dependent.object_kind)) return false;
  if (change == Change::made_anew) return true;
  switch (dependent.kind) {
    case DependentKind::foreign_key:
      return change == Change::type || change == Change::size;
    case DependentKind::unique:
      return false;
    // The server would keep the casts that the old type needed.
    case DependentKind::index:
      return dependent.has_expression && change != Change::size;
    case DependentKind::check:
    case DependentKind::exclusion:
      return change != Change::size;
    case DependentKind::default_value:
      return change == Change::values;
    case DependentKind::object:
      // The server itself would recreate statistics without their target.
      return dependent.object_kind != ownership_kind;
    case DependentKind::trigger:
    case DependentKind::computed:
    case DependentKind::view:
      break;
  }
  return true;
}

bool PostgresRules::is_made_anew(const AlterEnum& op) const { return is_recreated(op); }

bool PostgresRules::is_dropped_along(const model::Object& object) const {
  return object.kind == "statistics" || object.kind == ownership_kind || is_property(object);
}

bool PostgresRules::keeps_texts(const AlterObject& op) const {
  const bool is_type = op.before.kind == "type" || op.before.kind == "domain";
  return !is_type || postgres::keeps_texts(op.before, op.after);
}

bool PostgresRules::keeps_expressions(const model::Type& before, const model::Type& after) const {
  return before.name == after.name && before.suffix == after.suffix;
}

std::vector<std::string> notes_on_remakes(const std::vector<Operation>& operations) {
  std::vector<std::string> notes;
  std::set<Name> views;
  std::set<std::pair<std::string, Name>> objects;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<CreateView>(&operation)) views.insert(op->view.name);
    if (const auto* op = std::get_if<CreateObject>(&operation)) objects.emplace(op->object.kind, op->object.name);
  }
  const auto note = [&](const std::string& kind, const Name& name) {
    notes.push_back("drops and recreates " + kind + " \"" + to_string(name) + '"');
  };
  for (const Operation& operation : operations) {
    const auto* const type = std::get_if<AlterEnum>(&operation);
    const auto* const object = std::get_if<DropObject>(&operation);
    const auto* const view = std::get_if<DropView>(&operation);
    const auto* const column = std::get_if<AlterColumn>(&operation);
    if (type != nullptr && is_recreated(*type)) note("enum", type->before.name);
    if (object != nullptr && objects.contains({object->object.kind, object->object.name})) {
      note(object->object.kind, object->object.name);
    }
    if (column != nullptr && column->by_text && !column->after.type_uses.value) {
      notes.push_back("converts column \"" + column->before.name + "\" of \"" + to_string(column->table) +
                      "\" to text and back, because its type is recreated; fails if a value does not fit it");
    }
    if (view != nullptr && views.contains(view->view.name)) note("view", view->view.name);
  }
  return notes;
}

}  // namespace whimbrel::dialect::postgres
