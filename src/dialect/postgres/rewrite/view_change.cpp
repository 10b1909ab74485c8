#include "dialect/postgres/rewrite/view_change.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "dialect/postgres/generate/object_change.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Reference;

/// Returns the types whose attributes or base type change in place, which a view could hold up.
std::set<Reference> altered_types(const std::vector<Operation>& operations) {
  std::set<Reference> types;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterObject>(&operation);
    if (op != nullptr && op->before.type.value) types.insert({op->before.name, {}, op->before.kind});
  }
  return types;
}

bool uses_any(const model::Uses& uses, const std::set<Reference>& items) {
  return uses.value && std::any_of(uses.value->begin(), uses.value->end(),
                                   [&](const Reference& used) { return items.contains(used); });
}

}  // namespace

void replace_views(std::vector<Operation>& operations) {
  const std::set<Reference> types = altered_types(operations);
  std::map<model::Name, const model::View*> dropped;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<DropView>(&operation);
    if (op != nullptr && !uses_any(op->view.uses, types)) dropped.emplace(op->view.name, &op->view);
  }
  std::vector<std::pair<std::size_t, AlterView>> replaced;
  std::set<model::Name> names;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<CreateView>(&operations[i]);
    const auto before = op == nullptr ? dropped.end() : dropped.find(op->view.name);
    if (before == dropped.end() || !is_replaceable(*before->second, op->view)) continue;
    replaced.emplace_back(i, AlterView{*before->second, op->view});
    names.insert(op->view.name);
  }
  for (auto& [place, op] : replaced) operations[place] = std::move(op);
  std::erase_if(operations, [&](const Operation& operation) {
    const auto* const op = std::get_if<DropView>(&operation);
    return op != nullptr && names.contains(op->view.name);
  });
}

bool keeps_view_as_type(const std::vector<Operation>& operations, const model::Schema& to) {
  std::set<Reference> views;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterView>(&operation);
    if (op != nullptr && !is_replaceable(op->after, op->before)) views.insert({op->before.name, {}, {}});
  }
  return !views.empty() && std::any_of(to.tables.begin(), to.tables.end(), [&](const model::Table& table) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const model::Column& column) { return uses_any(column.type_uses, views); });
  });
}

}  // namespace whimbrel::dialect::postgres
