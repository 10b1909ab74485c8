#include "plan/shared_types.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace whimbrel::plan {

using model::Reference;

namespace {

using ContentsByType = std::map<Reference, const model::Uses*>;

ContentsByType contents_of(const model::Schema& schema) {
  ContentsByType contents;
  for (const model::Object& object : schema.objects) {
    if (object.type.value) contents.emplace(Reference{object.name, {}, object.kind}, &object.uses);
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
      if (type != contents.end() && found.insert(used).second) next.push_back(type->second);
    }
  }
  return found;
}

}  // namespace

SharedTypes::SharedTypes(const model::Schema& from, const model::Schema& to)
    : from_(contents_of(from)), to_(contents_of(to)) {}

std::vector<Reference> SharedTypes::of(const model::Uses& before, const model::Uses& after) const {
  const std::set<Reference> old_types = contained_in(from_, before);
  const std::set<Reference> new_types = contained_in(to_, after);
  std::vector<Reference> shared;
  std::set_intersection(old_types.begin(), old_types.end(), new_types.begin(), new_types.end(),
                        std::back_inserter(shared));
  return shared;
}

}  // namespace whimbrel::plan
