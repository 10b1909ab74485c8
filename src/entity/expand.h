#pragma once

#include "entity/builder.h"
#include "whimbrel/entities.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// What entities need in tables, column by column: nothing of relations, trees or inheritance is left to make.
struct Expanded {
  Builders tables;  ///< Those of the entities in their order, then junction tables, then closure tables.
  Builders views;
};

/// Throws Error (entity).
[[nodiscard]] Expanded expand(const Entities& entities, const NamingStrategy& naming);

}  // namespace whimbrel::entity
