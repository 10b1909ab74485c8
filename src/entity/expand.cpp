#include "entity/expand.h"

#include <algorithm>

#include "entity/junction.h"
#include "entity/reference.h"
#include "entity/single_table.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;

void require_whole(const EntityBuilder& view) {
  if (view.view->query.empty()) {
    fail(view.entity, "", "the view has no query", "Add one: query(\"SELECT ...\").");
  }
}

Expanded describe_all(const Entities& entities) {
  Expanded result;
  result.tables.reserve(entities.size);
  for (std::size_t i = 0; i < entities.size; ++i) {
    EntityBuilder builder(entities.types[i].signature);
    builder.columns.reserve(8);  // Moving a description is expensive.
    entities.types[i].describe(builder);
    if (builder.view) require_whole(builder);
    (builder.view ? result.views : result.tables).push_back(std::move(builder));
  }
  return result;
}

std::string table_name(const EntityBuilder& entity, const std::string& given, const NamingStrategy& naming) {
  if (!given.empty()) return given;
  const std::string class_name = unqualified(entity.entity);
  if (class_name.find_first_of("<({") != std::string::npos) {
    fail(entity.entity, "",
         "no table name can be derived from the name of this class (a template, local or unnamed class)",
         "Set the name: table({.name = \"...\"}).");
  }
  return naming.table(class_name);
}

void name_columns(EntityBuilder& entity, const NamingStrategy& naming) {
  for (ColumnDescription& column : entity.columns) {
    const bool is_given = !column.name.empty();
    if (!is_given) column.name = own_name(column.member);
    if (!is_given || !column.prefixes.empty()) column.name = naming.column(column.name, column.prefixes);
    if (!column.renamed_from.empty() && !column.prefixes.empty()) {
      column.renamed_from = naming.column(column.renamed_from, column.prefixes);
    }
  }
}

bool refers_to_itself(const EntityBuilder& entity) {
  return std::any_of(entity.foreign_keys.begin(), entity.foreign_keys.end(), [&](const ForeignKeyDescription& key) {
    return entity.is(key.target) || (key.target.empty() && entity.find(key.referenced.front()) != nullptr);
  });
}

/// Adds a column that only the table needs, unless a member for it is described.
void add_made(EntityBuilder& entity, ColumnDescription column) {
  const auto is_it = [&](const ColumnDescription& other) { return other.name == column.name; };
  if (std::any_of(entity.columns.begin(), entity.columns.end(), is_it)) return;
  column.member.name = column.name;
  column.place = Place::made_by_table;
  entity.columns.push_back(std::move(column));
}

void add_place(EntityBuilder& entity, const std::string& name, std::int32_t initial) {
  ColumnDescription column;
  column.name = name;
  column.type.kind = detail::MemberKind::int32;
  column.options.default_value = initial;
  add_made(entity, std::move(column));
}

void add_tree_columns(EntityBuilder& entity) {
  if (!entity.tree) return;
  if (!refers_to_itself(entity)) {
    fail(entity.entity, "", "the entity is a tree, but has no relation to its parent",
         "Add one: many_to_one<&T::parent>(), where the member points to a T.");
  }
  const TreeDescription& tree = *entity.tree;
  const auto or_else = [](const std::string& given, const char* name) { return given.empty() ? name : given; };
  if (tree.kind == Tree::materialized_path) {
    ColumnDescription column;
    column.name = or_else(tree.path_column, "mpath");
    column.type.kind = detail::MemberKind::text;
    column.options.default_value = "";
    column.is_forced = true;
    add_made(entity, std::move(column));
  }
  if (tree.kind == Tree::nested_set) {
    add_place(entity, or_else(tree.left_column, "nsleft"), 1);
    add_place(entity, or_else(tree.right_column, "nsright"), 2);
  }
}

}  // namespace

Expanded expand(const Entities& entities, const NamingStrategy& naming) {
  Expanded result = describe_all(entities);
  fold_children(result.tables);
  for (EntityBuilder& entity : result.tables) {
    entity.table_name = table_name(entity, entity.table.name, naming);
    name_columns(entity, naming);
    add_discriminator(entity, naming);
    add_tree_columns(entity);
  }
  for (EntityBuilder& view : result.views) view.table_name = table_name(view, view.view->name, naming);
  add_join_columns(result.tables, naming);
  for (EntityBuilder& entity : result.tables) {
    const auto is_before = [](const ColumnDescription& a, const ColumnDescription& b) { return a.place < b.place; };
    if (std::is_sorted(entity.columns.begin(), entity.columns.end(), is_before)) continue;
    std::stable_sort(entity.columns.begin(), entity.columns.end(), is_before);
  }
  add_junctions(result.tables, naming);
  return result;
}

}  // namespace whimbrel::entity
