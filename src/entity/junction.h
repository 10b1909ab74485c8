#pragma once

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Adds the junction tables of many-to-many relations, then the closure tables of trees. All columns must exist and be
/// named. Throws Error (entity).
void add_junctions(Builders& builders, const NamingStrategy& naming);

}  // namespace whimbrel::entity
