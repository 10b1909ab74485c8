#include "dialect/postgres/compare/publications.h"

#include <algorithm>
#include <map>

namespace whimbrel::dialect::postgres {

namespace {

using model::Name;
using model::Object;
using model::Schema;

constexpr const char* publication = "publication";

using Publications = std::map<Name, std::string>;

/// Returns their definitions.
Publications publications_of(const Schema& schema) {
  Publications found;
  for (const Object& object : schema.objects) {
    if (object.kind == publication) found.emplace(object.name, object.definition);
  }
  return found;
}

/// Returns whether it is in a publication that is not among these.
bool is_in_other(const Object& object, const Publications& publications) {
  if (object.kind != "publication entry" || !object.uses.value) return false;
  const std::vector<model::Reference>& uses = *object.uses.value;
  return std::none_of(uses.begin(), uses.end(), [&](const model::Reference& used) {
    return used.kind == publication && publications.contains(used.name);
  });
}

bool has_table(const Schema& schema, const Object& entry) {
  return std::all_of(entry.uses.value->begin(), entry.uses.value->end(), [&](const model::Reference& used) {
    return !used.kind.empty() || schema.find_table(used.name) != nullptr;
  });
}

}  // namespace

std::optional<diff::SchemaPair> with_current_publications(const Schema& current, const Schema& desired) {
  const Publications before = publications_of(current);
  const Publications after = publications_of(desired);
  if (std::includes(after.begin(), after.end(), before.begin(), before.end())) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  std::vector<Object>& objects = schemas.desired.objects;
  std::erase_if(objects,
                [&](const Object& object) { return object.kind == publication && before.contains(object.name); });
  for (const Object& object : current.objects) {
    const bool is_kept = is_in_other(object, after) && has_table(desired, object);
    if (object.kind == publication || is_kept) objects.push_back(object);
  }
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
