#include "entity/lower_foreign_key.h"

#include <algorithm>

#include "entity/lower_constraints.h"
#include "entity/naming.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;
using model::Table;

bool says_nothing_of_type(const ColumnDescription& column) {
  const ColumnOptions& options = column.options;
  return column.type_text.empty() && column.collation.empty() && options.length == -1 && options.precision == -1 &&
         options.scale == -1;
}

/// Deleting or changing the referenced row must leave something that the column takes.
void check_actions(const EntityBuilder& entity, const model::Column& column, const ForeignKeyDescription& key) {
  if (column.nullable) return;
  const bool sets_null = key.options.on_delete == OnDelete::set_null || key.options.on_update == OnUpdate::set_null;
  if (sets_null) {
    fail(entity.entity, key.member.name, "the foreign key sets the column NULL, which it does not take",
         "Make the member a std::optional, or use another action.");
  }
  const bool sets_default =
      key.options.on_delete == OnDelete::set_default || key.options.on_update == OnUpdate::set_default;
  if (sets_default && !column.default_expression) {
    fail(entity.entity, key.member.name, "the foreign key sets the column to its default, but it has none",
         "Give it a default, or use another action.");
  }
}

/// The column that the foreign key refers to.
const ColumnDescription& find_referenced(const EntityBuilder& entity, const ForeignKeyDescription& key,
                                         const EntityBuilder& target, const Table& target_table) {
  const std::string name = unqualified(target.entity) + "::" + key.referenced.name;
  const ColumnDescription* referenced = target.find(key.referenced);
  if (!referenced) {
    fail(entity.entity, key.member.name, "the foreign key refers to " + name + ", which is no column",
         "Describe it as a column.");
  }
  if (!is_key(target_table, referenced->name)) {
    fail(entity.entity, key.member.name,
         "the foreign key refers to " + name + ", which is neither the primary key nor unique",
         "Refer to the primary key, or make the column unique.");
  }
  return *referenced;
}

}  // namespace

std::size_t find_target(const Builders& builders, const EntityBuilder& entity, const ForeignKeyDescription& key) {
  const bool is_named = !key.referenced_entity.empty();
  const std::string& wanted = is_named ? key.referenced_entity : key.referenced.owner;
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < builders.size(); ++i) {
    const bool is_wanted = builders[i].entity == wanted;
    if (is_wanted && is_named) return i;
    if (is_wanted || (!is_named && builders[i].find(key.referenced))) candidates.push_back(i);
  }
  if (candidates.size() == 1) return candidates.front();
  const std::string reference = unqualified(wanted) + (is_named ? "" : "::" + key.referenced.name);
  if (candidates.empty()) {
    fail(entity.entity, key.member.name, "the foreign key refers to " + reference + ", which is of no known entity",
         "Put the entity that it refers to into entities<...>().");
  }
  fail(entity.entity, key.member.name,
       "the foreign key refers to " + reference + ", which the entities \"" +
           unqualified(builders[candidates[0]].entity) + "\" and \"" + unqualified(builders[candidates[1]].entity) +
           "\" have from one base",
       "Name the one that is meant as the third argument: many_to_one<&T::member, &Base::id, Target>().");
}

const ColumnDescription& type_source(const Builders& builders, const EntityBuilder& entity,
                                     const ColumnDescription& column) {
  const EntityBuilder* owner = &entity;
  const ColumnDescription* source = &column;
  // Keys may refer to one another in a circle; a column that was seen before says no more the second time.
  std::vector<const ColumnDescription*> seen;
  while (says_nothing_of_type(*source)) {
    const auto key =
        std::find_if(owner->foreign_keys.begin(), owner->foreign_keys.end(),
                     [&](const ForeignKeyDescription& candidate) { return candidate.member == source->member; });
    if (key == owner->foreign_keys.end()) return *source;
    const EntityBuilder& target = builders[find_target(builders, *owner, *key)];
    const ColumnDescription* referenced = target.find(key->referenced);
    if (!referenced || std::find(seen.begin(), seen.end(), referenced) != seen.end()) return *source;
    seen.push_back(referenced);
    owner = &target;
    source = referenced;
  }
  return *source;
}

void add_foreign_keys(std::vector<Table>& tables, const Builders& builders, std::size_t index) {
  const EntityBuilder& entity = builders[index];
  Table& table = tables[index];
  for (const ForeignKeyDescription& description : entity.foreign_keys) {
    const std::size_t target = find_target(builders, entity, description);
    const ColumnDescription& referenced = find_referenced(entity, description, builders[target], tables[target]);
    const ColumnDescription& column = *entity.find(description.member);
    check_actions(entity, *table.find_column(column.name), description);

    model::ForeignKey key;
    key.name = named_or(description.name, foreign_key_name(table.name.name, {column.name}));
    key.columns = {column.name};
    key.referenced_table = tables[target].name;
    key.referenced_columns = {referenced.name};
    key.on_delete = static_cast<model::ReferentialAction>(description.options.on_delete);
    key.on_update = static_cast<model::ReferentialAction>(description.options.on_update);
    key.deferral = static_cast<model::Deferral>(description.options.deferrable);
    table.foreign_keys.push_back(std::move(key));
    if (description.is_one_to_one && !is_key(table, column.name)) {
      const std::string name = relation_unique_name(table.name.name, {column.name});
      table.uniques.push_back({model::ConstraintName::make_derived(name), {model::KeyPart(column.name)}, ""});
    }
  }
}

}  // namespace whimbrel::entity
