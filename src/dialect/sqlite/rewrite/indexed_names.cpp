#include "dialect/sqlite/rewrite/indexed_names.h"

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

// Tables, views and indexes share one namespace.
IndexedNames::Names::Names(const model::Schema& schema) {
  for (const model::Table& table : schema.tables) {
    relations[sql::to_lower(table.name.name)].insert(table.name);
    for (const model::Index& index : table.indexes) relations[sql::to_lower(index.name.text)].insert(table.name);
    for (const model::Trigger& trigger : table.triggers) triggers[sql::to_lower(trigger.name)].insert(table.name);
  }
  for (const model::View& view : schema.views) {
    relations[sql::to_lower(view.name.name)].insert(view.name);
    for (const model::Trigger& trigger : view.triggers) triggers[sql::to_lower(trigger.name)].insert(view.name);
  }
  for (const model::Object& object : schema.objects) virtual_tables.insert(sql::to_lower(object.name.name));
}

const IndexedNames::Names& IndexedNames::names() const {
  if (!names_) names_.emplace(schema());
  return *names_;
}

// A virtual table stores its rows in tables whose names are its own, an underscore and a word of the module's without
// an underscore. https://www.sqlite.org/vtab.html#the_xshadowname_method
bool IndexedNames::is_taken(const std::string& name) const {
  const std::string folded = sql::to_lower(name);
  const std::set<std::string>& virtual_tables = names().virtual_tables;
  return names().relations.contains(folded) || virtual_tables.contains(folded) ||
         virtual_tables.contains(folded.substr(0, folded.rfind('_')));
}

bool IndexedNames::has_relation_beside(const model::Table& table, const std::string& name) const {
  return has_beside(names().relations, table, name);
}

bool IndexedNames::has_trigger_beside(const model::Table& table, const std::string& name) const {
  return has_beside(names().triggers, table, name);
}

bool IndexedNames::has_beside(const OwnersByName& owners, const model::Table& table, const std::string& name) {
  const auto found = owners.find(sql::to_lower(name));
  return found != owners.end() && (found->second.size() > 1 || !found->second.contains(table.name));
}

}  // namespace whimbrel::dialect::sqlite
