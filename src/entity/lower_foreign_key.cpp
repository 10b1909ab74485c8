#include "entity/lower_foreign_key.h"

#include <algorithm>

#include "entity/feature.h"
#include "entity/lower_constraints.h"
#include "entity/reference.h"
#include "entity/to_model.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;
using model::Table;

/// Deleting or updating the referenced row must leave a valid value in the column.
void check_actions(const EntityBuilder& entity, const model::Column& column, const ForeignKeyDescription& key) {
  if (column.nullable) return;
  const bool sets_null = key.options.on_delete == OnDelete::set_null || key.options.on_update == OnUpdate::set_null;
  if (sets_null) {
    fail(entity.entity, key.member.name, "the foreign key uses SET NULL, but the column is not nullable",
         "Make the member a std::optional, or use another action.");
  }
  const bool sets_default =
      key.options.on_delete == OnDelete::set_default || key.options.on_update == OnUpdate::set_default;
  if (sets_default && !column.default_expression) {
    fail(entity.entity, key.member.name, "the foreign key uses SET DEFAULT, but the column has no default",
         "Give the column a default, or use another action.");
  }
}

/// Returns the columns that the foreign key references, which must be a key of their table.
std::vector<std::string> find_referenced(const EntityBuilder& entity, const ForeignKeyDescription& key,
                                         const EntityBuilder& target, const Table& target_table) {
  std::vector<std::string> columns;
  std::string names;
  for (const MemberName& member : key.referenced) {
    const std::string name = unqualified(target.entity) + "::" + member.name;
    const ColumnDescription* referenced = target.find(member);
    if (!referenced) {
      fail(entity.entity, key.member.name, "the foreign key references " + name + ", which is not a column",
           "Describe it as a column.");
    }
    columns.push_back(referenced->name);
    names += (names.empty() ? "" : ", ") + name;
  }
  if (!is_key(target_table, columns)) {
    fail(entity.entity, key.member.name,
         "the foreign key references " + names + ", which is neither the primary key nor unique",
         "Reference the primary key, or make the column unique.");
  }
  return columns;
}

}  // namespace

void add_foreign_keys(std::vector<Table>& tables, const Builders& builders, std::size_t index, const Targets& targets,
                      const Context& context) {
  const EntityBuilder& entity = builders[index];
  Table& table = tables[index];
  for (const ForeignKeyDescription& description : entity.foreign_keys) {
    const std::size_t target = targets.find(entity, description);
    model::ForeignKey key;
    key.referenced_columns = find_referenced(entity, description, builders[target], tables[target]);
    if (!description.options.constraint) continue;
    for (const MemberName& member : description.members) {
      key.columns.push_back(entity.find(member)->name);
      check_actions(entity, *table.find_column(key.columns.back()), description);
    }
    key.name = context.named_or(description.name, context.naming.foreign_key(table.name.name, key.columns));
    key.referenced_table = tables[target].name;
    key.on_delete = to_model(description.options.on_delete);
    key.on_update = to_model(description.options.on_update);
    key.deferral = to_model(description.options.deferrable);
    if (key.deferral != model::Deferral::not_deferrable) {
      require(context.mapping, model::Feature::deferrable_foreign_keys, entity.entity, description.member.name);
    }
    if (description.is_one_to_one && !is_key(table, key.columns)) {
      const std::string name = context.naming.relation_unique(table.name.name, key.columns);
      table.uniques.push_back({context.named_or("", name), {key.columns.begin(), key.columns.end()}, ""});
    }
    table.foreign_keys.push_back(std::move(key));
  }
}

}  // namespace whimbrel::entity
