#pragma once

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Adds the tables of many-to-many relations, and then those of trees that are stored with one. All columns are there,
/// and named. Throws Error (entity).
void add_junctions(Builders& builders, const NamingStrategy& naming);

}  // namespace whimbrel::entity
