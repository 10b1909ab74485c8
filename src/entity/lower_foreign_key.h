#pragma once

#include <vector>

#include "entity/builder.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// The entities of a program, and one that refers to another.
using Builders = std::vector<detail::EntityBuilder>;

/// Which of the entities a foreign key refers to. Throws Error (entity) when it is none, or not clear.
[[nodiscard]] std::size_t find_target(const Builders& builders, const detail::EntityBuilder& entity,
                                      const ForeignKeyDescription& key);

/// The description that says which type a column has: its own, or, if that says nothing and the column holds a key, the
/// one of the column that it refers to.
[[nodiscard]] const ColumnDescription& type_source(const Builders& builders, const detail::EntityBuilder& entity,
                                                   const ColumnDescription& column);

/// Adds the foreign keys of an entity, and the uniques of its one-to-one relations, to its table. `tables` are those of
/// all entities, in their order. Throws Error (entity).
void add_foreign_keys(std::vector<model::Table>& tables, const Builders& builders, std::size_t index);

}  // namespace whimbrel::entity
