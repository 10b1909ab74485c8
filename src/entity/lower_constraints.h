#pragma once

#include "entity/builder.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// The name that was given, or the one derived from the content.
[[nodiscard]] model::ConstraintName named_or(const std::string& given, const std::string& derived);

/// Is the column by itself the primary key, or unique?
[[nodiscard]] bool is_key(const model::Table& table, const std::string& column);

/// Adds what an entity says of the rows of its own table: primary key, uniques, indexes, checks. The columns are there.
/// Throws Error (entity).
void add_constraints(model::Table& table, const detail::EntityBuilder& entity);

}  // namespace whimbrel::entity
