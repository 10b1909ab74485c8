#include "dialect/postgres/rewrite/remake_rules.h"

#include <set>
#include <tuple>

#include "dialect/postgres/generate/column_change.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

/// Returns whether it is a kind of function. By default, every role may execute a new one.
/// https://www.postgresql.org/docs/current/ddl-priv.html
bool is_called(const model::Object& object) {
  return object.kind == "function" || object.kind == "procedure" || object.kind == "aggregate";
}

bool has_privileges(const model::Object& object) {
  return is_called(object) || object.kind == "type" || object.kind == "domain" || object.kind == "sequence";
}

}  // namespace

bool PostgresRules::must_remake(const plan::Dependent& dependent, plan::Change change) const {
  using plan::Change;
  using plan::DependentKind;
  if (change == Change::made_anew) return true;
  switch (dependent.kind) {
    case DependentKind::foreign_key:
      return change == Change::type;
    case DependentKind::unique:
      return false;
    case DependentKind::index:
      return change == Change::values && dependent.has_expression;
    case DependentKind::check:
    case DependentKind::exclusion:
    case DependentKind::default_value:
      return change == Change::values;
    case DependentKind::object:
      return change == Change::values || dependent.object_kind != "statistics";
    case DependentKind::trigger:
    case DependentKind::computed:
    case DependentKind::view:
      break;
  }
  return true;
}

bool PostgresRules::is_made_anew(const AlterEnum& op) const {
  return !op.columns.empty() || !only_adds_values(op.before, op.after);
}

bool PostgresRules::can_remake(const model::Object& object) const { return !has_privileges(object); }

std::vector<std::string> notes_on_remakes(const std::vector<Operation>& operations) {
  std::vector<std::string> notes;
  std::set<Name> views;
  std::set<std::pair<std::string, Name>> objects;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<CreateView>(&operation)) views.insert(op->view.name);
    if (const auto* op = std::get_if<CreateObject>(&operation)) objects.emplace(op->object.kind, op->object.name);
  }
  for (const Operation& operation : operations) {
    const auto* type = std::get_if<AlterEnum>(&operation);
    if (type != nullptr && PostgresRules().is_made_anew(*type)) {
      notes.push_back("drops and recreates enum \"" + to_string(type->before.name) +
                      "\", which loses its owner and privileges");
    }
    if (const auto* op = std::get_if<DropObject>(&operation)) {
      const auto& [kind, name] = std::tie(op->object.kind, op->object.name);
      if (!has_privileges(op->object) || !objects.contains({kind, name})) continue;
      notes.push_back("drops and recreates " + kind + " \"" + to_string(name) +
                      "\", which loses its owner and privileges" +
                      (is_called(op->object) ? ": every role may execute it until you revoke that" : ""));
    }
    const auto* op = std::get_if<DropView>(&operation);
    if (op == nullptr || !views.contains(op->view.name)) continue;
    notes.push_back("drops and recreates view \"" + to_string(op->view.name) +
                    "\", which loses its owner, privileges and rules");
  }
  return notes;
}

}  // namespace whimbrel::dialect::postgres
