#pragma once

#include "entity/builder.h"
#include "entity/context.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// Returns whether the columns are the primary key or a unique constraint.
[[nodiscard]] bool is_key(const model::Table& table, const std::vector<std::string>& columns);

/// Adds the constraints within an entity's own table: primary key, unique, check and exclusion constraints, and
/// indexes. The columns must exist. Throws Error (entity).
void add_constraints(model::Table& table, const detail::EntityBuilder& entity, const Context& context);

/// Lowers an index description, which may be of an unmanaged index.
[[nodiscard]] model::Index lower_index(const model::Table& table, const detail::EntityBuilder& entity,
                                       const IndexDescription& description, const Context& context);

}  // namespace whimbrel::entity
