#pragma once

#include "whimbrel/model.h"

/// The accounts whose privileges views, triggers, routines and events have. They are a part of the definition.
namespace whimbrel::dialect::mysql {

/// Returns the schema without them: everything belongs to the current user.
[[nodiscard]] model::Schema without_definers(model::Schema schema);

/// Gives everything in the schema the definer that it has in the other one; what is not there gets none.
void take_definers(model::Schema& schema, const model::Schema& other);

}  // namespace whimbrel::dialect::mysql
