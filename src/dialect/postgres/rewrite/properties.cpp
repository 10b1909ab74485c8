#include "dialect/postgres/rewrite/properties.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/comment.h"
#include "plan/effects.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Reference;

/// What the operations drop, whether or not they create it again, and the columns whose types they change.
class Losses {
 public:
  Losses(const std::vector<Operation>& operations, const model::Schema& from) {
    for (const Operation& operation : operations) add(operation);
    for (const model::Table& table : from.tables) {
      if (!table.inherits.empty()) parents_.emplace(table.name, &table.inherits);
    }
  }

  [[nodiscard]] bool has_owner(const model::Object& property) const { return has(dropped_, property); }
  /// Returns whether the operations may drop what has the property, such as the constraint of a domain that they alter.
  [[nodiscard]] bool may_have_owner(const model::Object& property) const {
    const std::vector<Reference>& uses = *property.uses.value;
    return has_owner(property) || std::any_of(uses.begin(), uses.end(), [&](const Reference& used) {
             return altered_.contains(used) && property.name != name_of_comment(used.kind, used.name);
           });
  }
  /// Returns whether the server resets the property.
  [[nodiscard]] bool resets(const model::Object& property) const {
    return goes_with_type(property) && has(retyped_, property);
  }

 private:
  void add(const Operation& operation) {
    if (std::holds_alternative<RenameConstraint>(operation)) return;
    const auto* const column = std::get_if<AlterColumn>(&operation);
    if (column != nullptr && changes_type(*column)) retyped_.insert({column->table, column->after.name, {}});
    if (const auto* const op = std::get_if<AlterEnum>(&operation)) {
      if (!is_recreated(*op)) return;
      dropped_.insert({op->before.name, {}, "enum"});
      for (const EnumColumn& user : op->columns) retyped_.insert({user.table, user.column.name, {}});
    } else if (const auto* const object = std::get_if<AlterObject>(&operation)) {
      altered_.insert({object->before.name, {}, object->before.kind});
    } else if (const auto* const type = std::get_if<DropEnum>(&operation)) {
      dropped_.insert({type->type.name, {}, "enum"});
    } else {
      const plan::Effects effects = plan::effects_of(operation);
      for (const plan::Item& item : effects.drops) {
        dropped_.insert(
            {{std::string(item.schema), std::string(item.name)}, std::string(item.column), std::string(item.kind)});
      }
    }
  }

  [[nodiscard]] bool has(const std::set<Reference>& items, const model::Object& property) const {
    return std::any_of(property.uses.value->begin(), property.uses.value->end(),
                       [&](const Reference& used) { return has(items, used); });
  }
  /// What happens to a column happens to those that inherit it.
  [[nodiscard]] bool has(const std::set<Reference>& items, const Reference& used) const {
    if (items.contains(used) || items.contains({used.name, {}, {}})) return true;
    const auto parents = used.column.empty() || !used.kind.empty() ? parents_.end() : parents_.find(used.name);
    return parents != parents_.end() &&
           std::any_of(parents->second->begin(), parents->second->end(), [&](const model::Name& parent) {
             return has(items, {parent, used.column, {}});
           });
  }

  std::set<Reference> dropped_, altered_, retyped_;
  std::map<model::Name, const std::vector<model::Name>*> parents_;
};

}  // namespace

void follow_owners(std::vector<Operation>& operations, const model::Schema& from, const model::Schema& to) {
  const Losses losses(operations, from);
  // A sequence that is an object has its persistence itself, and may no longer be the table's.
  const auto says_sequence = [&](const model::Object& property) {
    return property.kind == persistence_kind &&
           std::any_of(to.objects.begin(), to.objects.end(), [&](const model::Object& object) {
             return object.sequence.value &&
                    property.definition.starts_with("ALTER SEQUENCE " + object.sequence.value->reference + " SET ");
           });
  };
  // The default of a view can use something that is dropped before the view.
  std::erase_if(operations, [&](const Operation& operation) {
    if (const auto* const op = std::get_if<DropObject>(&operation); op != nullptr && is_property(op->object)) {
      return losses.resets(op->object) || says_sequence(op->object) ||
             (losses.has_owner(op->object) && (follows_owner(op->object.kind) || op->object.uses.value->size() == 1));
    }
    const auto* const op = std::get_if<AlterObject>(&operation);
    return op != nullptr && losses.resets(op->after);
  });
  if (std::none_of(to.objects.begin(), to.objects.end(), is_property)) return;
  // Setting one of another index, which may have taken the name of the old one, needs nothing of what was before.
  for (Operation& operation : operations) {
    const auto* const op = std::get_if<AlterObject>(&operation);
    if (op == nullptr || !follows_owner(op->after.kind) || op->before.uses.value == op->after.uses.value) continue;
    operation = CreateObject{model::Object(op->after)};
  }
  std::set<std::pair<std::string, model::Name>> set;
  for (const Operation& operation : operations) {
    const auto* const made = std::get_if<CreateObject>(&operation);
    const auto* const altered = std::get_if<AlterObject>(&operation);
    if (made != nullptr) set.emplace(made->object.kind, made->object.name);
    if (altered != nullptr) set.emplace(altered->after.kind, altered->after.name);
  }
  for (const model::Object& object : to.objects) {
    if (!is_property(object) || set.contains({object.kind, object.name})) continue;
    if (losses.may_have_owner(object) || losses.resets(object)) operations.emplace_back(CreateObject{object});
  }
}

}  // namespace whimbrel::dialect::postgres
