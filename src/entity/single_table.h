#pragma once

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Moves the descriptions of classes that are stored in another's table into that table's description. Throws Error
/// (entity).
void fold_children(Builders& builders);

/// Adds the discriminator column and its index. The other columns must be named.
void add_discriminator(detail::EntityBuilder& builder, const NamingStrategy& naming);

}  // namespace whimbrel::entity
