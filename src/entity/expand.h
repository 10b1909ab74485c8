#pragma once

#include "entity/builder.h"
#include "whimbrel/entities.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Tables with all columns resolved: relations, trees and inheritance are already expanded.
struct Expanded {
  Builders tables;  ///< Tables of the entities in their order, then junction tables, then closure tables.
  Builders views;
};

/// Throws Error (entity).
[[nodiscard]] Expanded expand(const Entities& entities, const NamingStrategy& naming);

}  // namespace whimbrel::entity
