#include "plan/shared_types.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace whimbrel::plan {

using model::Reference;

namespace {

using ContentsByType = std::map<Reference, const model::Object*>;

ContentsByType contents_of(const model::Schema& schema) {
  ContentsByType contents;
  for (const model::Object& object : schema.objects) {
    if (object.type.value) contents.emplace(Reference{object.name, {}, object.kind}, &object);
  }
  return contents;
}

std::set<Reference> contained_in(const ContentsByType& contents, const model::Uses& types) {
  std::set<Reference> found;
  std::vector<const model::Uses*> next{&types};
  while (!next.empty()) {
    const model::Uses& uses = *next.back();
    next.pop_back();
    if (!uses.value) continue;
    for (const Reference& used : *uses.value) {
      const auto type = contents.find(used);
      if (type != contents.end() && found.insert(used).second) next.push_back(&type->second->uses);
    }
  }
  return found;
}

/// Returns whether both are domains or both are arrays of them: values of others have other texts.
bool are_alike(const model::Column& before, const model::Column& after) {
  const auto is_array = [](const model::Type& type) { return type.name.ends_with("[]"); };
  const auto is_over_array = [&](const model::Column& column) {
    return column.base_type.value && is_array(*column.base_type.value);
  };
  const auto has_domains = [](const model::Column& column) {
    const auto is_domain = [](const Reference& used) { return used.kind == "domain"; };
    const auto& uses = column.type_uses.value;
    return uses && std::all_of(uses->begin(), uses->end(), is_domain);
  };
  return is_array(before.type) == is_array(after.type) && is_over_array(before) == is_over_array(after) &&
         has_domains(before) && has_domains(after);
}

}  // namespace

SharedTypes::SharedTypes(const model::Schema& from, const model::Schema& to)
    : from_(contents_of(from)), to_(contents_of(to)) {}

std::vector<Reference> SharedTypes::of(const model::Column& before, const model::Column& after,
                                       const RemakeRules& rules) const {
  if (!are_alike(before, after)) return {};
  const std::set<Reference> old_types = contained_in(from_, before.type_uses);
  const std::set<Reference> new_types = contained_in(to_, after.type_uses);
  std::vector<Reference> shared;
  std::set_intersection(old_types.begin(), old_types.end(), new_types.begin(), new_types.end(),
                        std::back_inserter(shared));
  const bool keep_texts = std::all_of(shared.begin(), shared.end(), [&](const Reference& type) {
    const operation::AlterObject change{*from_.at(type), *to_.at(type)};
    return change.before == change.after || rules.keeps_texts(change);
  });
  return keep_texts ? shared : std::vector<Reference>();
}

}  // namespace whimbrel::plan
