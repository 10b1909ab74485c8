#include "dialect/postgres/compare/publications.h"

#include <algorithm>
#include <map>
#include <set>

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

/// Adds the names of those for all tables or those of schemas.
void add_unsupported(const std::vector<Object>& objects, std::set<Name>& names) {
  for (const Object& object : objects) {
    if (object.kind == publication && object.removal.empty()) names.insert(object.name);
  }
}

bool is_entry(const Object& object) { return object.kind == "publication entry" && object.uses.value; }

/// Returns whether it is in one of these publications.
template <class Names>
bool is_in(const Object& entry, const Names& publications) {
  const std::vector<model::Reference>& uses = *entry.uses.value;
  return std::any_of(uses.begin(), uses.end(), [&](const model::Reference& used) {
    return used.kind == publication && publications.contains(used.name);
  });
}

bool is_or_is_in(const Object& object, const std::set<Name>& publications) {
  if (object.kind == publication) return publications.contains(object.name);
  return is_entry(object) && is_in(object, publications);
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
  std::set<Name> unsupported;
  for (const Schema* const schema : {&current, &desired}) add_unsupported(schema->objects, unsupported);
  const bool has_all = std::includes(after.begin(), after.end(), before.begin(), before.end());
  if (has_all && unsupported.empty()) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  std::vector<Object>& objects = schemas.desired.objects;
  std::erase_if(objects, [&](const Object& object) {
    return (object.kind == publication && before.contains(object.name)) || is_or_is_in(object, unsupported);
  });
  for (const Object& object : current.objects) {
    const bool is_kept =
        is_entry(object) && (!is_in(object, after) || is_in(object, unsupported)) && has_table(desired, object);
    if (object.kind == publication || is_kept) objects.push_back(object);
  }
  return schemas;
}

std::vector<Object> without_unsupported_publications(std::vector<Object> objects) {
  std::set<Name> names;
  add_unsupported(objects, names);
  std::erase_if(objects, [&](const Object& object) { return is_or_is_in(object, names); });
  return objects;
}

}  // namespace whimbrel::dialect::postgres
