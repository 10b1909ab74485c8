#pragma once

#include "entity/context.h"

namespace whimbrel::entity {

/// Gives columns of enums a type of their own, where the database has such types. Throws Error (entity) for two columns
/// whose enums have one name and different values.
void lower_enums(model::Schema& schema, const Context& context);

}  // namespace whimbrel::entity
