#pragma once

#include "entity/context.h"

namespace whimbrel::entity {

/// Gives enum columns a named enum type, if the database has such types. Throws Error (entity) for two columns whose
/// enums have the same name and different values.
void lower_enums(model::Schema& schema, const Context& context);

}  // namespace whimbrel::entity
