#pragma once

#include <vector>

#include "entity/builder.h"
#include "entity/context.h"
#include "entity/reference.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// Adds the foreign keys of an entity, and the unique constraints of its one-to-one relations, to its table. `tables`
/// are the tables of all entities, in their order. Throws Error (entity).
void add_foreign_keys(std::vector<model::Table>& tables, const Builders& builders, std::size_t index,
                      const Targets& targets, const Context& context);

}  // namespace whimbrel::entity
