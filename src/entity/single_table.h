#pragma once

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Moves what classes with the table of another describe into that table's description. Throws Error (entity).
void fold_children(Builders& builders);

/// Adds the column that tells the classes of a table apart, and its index. The other columns have their names.
void add_discriminator(detail::EntityBuilder& builder, const NamingStrategy& naming);

}  // namespace whimbrel::entity
