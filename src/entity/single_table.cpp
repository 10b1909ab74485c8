#include "entity/single_table.h"

#include <algorithm>

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;

/// Returns the class whose table stores the rows, following parents.
EntityBuilder& root_of(Builders& builders, const EntityBuilder& child) {
  const std::string* parent = &child.parent;
  while (true) {
    const auto found = std::find_if(builders.begin(), builders.end(),
                                    [&](const EntityBuilder& candidate) { return candidate.entity == *parent; });
    if (found == builders.end()) {
      fail(child.entity, "", "it is a child of " + unqualified(*parent) + ", which is not listed in entities<...>()",
           "Add it to entities<...>().");
    }
    if (found->parent.empty()) return *found;
    parent = &found->parent;
  }
}

void check_child(const EntityBuilder& root, const EntityBuilder& child) {
  const std::string name = unqualified(root.entity);
  if (!root.discriminator) {
    fail(child.entity, "", "it is a child of " + name + ", whose table does not store other classes",
         "Call single_table() in the description of " + name + '.');
  }
  if (child.has_table || child.discriminator || child.tree) {
    fail(child.entity, "",
         "it is stored in the table of " + name +
             ", so table(), single_table() and tree() belong in the description of " + name,
         "Move the calls there.");
  }
  const auto& values = root.child_values;
  const bool is_taken = root.discriminator->value == child.parent_value ||
                        std::find(values.begin(), values.end(), child.parent_value) != values.end();
  if (is_taken) {
    fail(child.entity, "", "another class in the table also uses the discriminator value \"" + child.parent_value + '"',
         "Change one of the values: child_of<" + name + ">({.value = \"...\"}).");
  }
  for (const ColumnDescription& column : child.columns) {
    if (column.role != detail::ColumnRole::primary && column.role != detail::ColumnRole::primary_generated) continue;
    fail(child.entity, column.member.name,
         "it is stored in the table of " + name + ", so it cannot have its own primary key",
         "Describe the key only in " + name + '.');
  }
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

void fold(EntityBuilder& root, EntityBuilder& child) {
  check_child(root, child);
  for (ColumnDescription& column : child.columns) {
    column.is_forced = true;
    if (!column.is_implied && root.find(column.member) != nullptr) {
      fail(child.entity, column.member.name, "the member is already described by " + unqualified(root.entity),
           "Describe it only there.");
    }
    add(root, std::move(column));
  }
  for (ForeignKeyDescription& key : child.foreign_keys) {
    key.may_be_missing = true;
    key.options.nullable = {};
  }
  append(root.uniques, child.uniques);
  append(root.indexes, child.indexes);
  append(root.checks, child.checks);
  append(root.exclusions, child.exclusions);
  append(root.foreign_keys, child.foreign_keys);
  append(root.junctions, child.junctions);
  root.child_types.push_back(child.entity);
  root.child_values.push_back(child.parent_value);
}

}  // namespace

void fold_children(Builders& builders) {
  for (EntityBuilder& builder : builders) {
    if (!builder.parent.empty()) fold(root_of(builders, builder), builder);
  }
  std::erase_if(builders, [](const EntityBuilder& builder) { return !builder.parent.empty(); });
}

void add_discriminator(EntityBuilder& builder, const NamingStrategy& naming) {
  if (!builder.discriminator) return;
  const DiscriminatorDescription& discriminator = *builder.discriminator;
  MemberName member = discriminator.member;
  const std::string name = discriminator.column.empty() ? naming.discriminator_column() : discriminator.column;
  for (const ColumnDescription& column : builder.columns) {
    if (member.name.empty() && column.name == name) member = column.member;
  }
  if (member.name.empty()) {
    ColumnDescription column;
    column.member.name = name;
    column.name = name;
    column.type.kind = detail::MemberKind::text;
    column.place = Place::made_by_table;
    column.options.length = discriminator.length;
    member = column.member;
    builder.columns.push_back(std::move(column));
  } else if (!discriminator.column.empty() && builder.find(member)->is_implied) {
    builder.find(member)->name = discriminator.column;
  }
  const auto is_first = [&](const IndexDescription& index) {
    return !index.parts.empty() && index.parts.front().member == member;
  };
  if (std::any_of(builder.indexes.begin(), builder.indexes.end(), is_first)) return;
  builder.indexes.emplace_back().parts.emplace_back().member = member;
}

}  // namespace whimbrel::entity
