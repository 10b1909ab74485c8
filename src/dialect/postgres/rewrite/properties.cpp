#include "dialect/postgres/rewrite/properties.h"

#include <algorithm>
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

/// What the operations drop, whether or not they create it again.
class Losses {
 public:
  explicit Losses(const std::vector<Operation>& operations) {
    for (const Operation& operation : operations) add(operation);
  }

  [[nodiscard]] bool has_owner(const model::Object& property) const {
    return std::any_of(property.uses.value->begin(), property.uses.value->end(),
                       [&](const Reference& used) { return dropped_.contains(used); });
  }
  /// Returns whether the operations may drop what has the property, such as the constraint of a domain that they alter.
  [[nodiscard]] bool may_have_owner(const model::Object& property) const {
    const std::vector<Reference>& uses = *property.uses.value;
    return has_owner(property) || std::any_of(uses.begin(), uses.end(), [&](const Reference& used) {
             return altered_.contains(used) && property.name != name_of_comment(used.kind, used.name);
           });
  }

 private:
  void add(const Operation& operation) {
    if (std::holds_alternative<RenameConstraint>(operation)) return;
    if (const auto* const op = std::get_if<AlterEnum>(&operation)) {
      if (is_recreated(*op)) dropped_.insert({op->before.name, {}, "enum"});
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

  std::set<Reference> dropped_, altered_;
};

}  // namespace

void follow_owners(std::vector<Operation>& operations, const model::Schema& to) {
  const bool has_properties = std::any_of(to.objects.begin(), to.objects.end(), is_property);
  const Losses losses(operations);
  std::set<std::pair<std::string, model::Name>> set;
  for (const Operation& operation : operations) {
    const auto* const made = std::get_if<CreateObject>(&operation);
    const auto* const altered = std::get_if<AlterObject>(&operation);
    if (made != nullptr) set.emplace(made->object.kind, made->object.name);
    if (altered != nullptr) set.emplace(altered->after.kind, altered->after.name);
  }
  // The default of a view can use something that is dropped before the view.
  std::erase_if(operations, [&](const Operation& operation) {
    const auto* const op = std::get_if<DropObject>(&operation);
    return op != nullptr && is_property(op->object) && losses.has_owner(op->object) &&
           (op->object.kind == comment_kind || op->object.uses.value->size() == 1);
  });
  if (!has_properties) return;
  for (const model::Object& object : to.objects) {
    if (!is_property(object) || set.contains({object.kind, object.name})) continue;
    if (losses.may_have_owner(object)) operations.emplace_back(CreateObject{object});
  }
}

}  // namespace whimbrel::dialect::postgres
