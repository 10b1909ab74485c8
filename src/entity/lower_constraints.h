#pragma once

#include "entity/builder.h"
#include "entity/context.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// Are the columns by themselves the primary key, or unique?
[[nodiscard]] bool is_key(const model::Table& table, const std::vector<std::string>& columns);

/// Adds what an entity says of the rows of its own table: primary key, uniques, indexes, checks, exclusions. The
/// columns are there. Throws Error (entity).
void add_constraints(model::Table& table, const detail::EntityBuilder& entity, const Context& context);

/// The index that a description means, which need not be one that is made.
[[nodiscard]] model::Index lower_index(const model::Table& table, const detail::EntityBuilder& entity,
                                       const IndexDescription& description, const Context& context);

}  // namespace whimbrel::entity
