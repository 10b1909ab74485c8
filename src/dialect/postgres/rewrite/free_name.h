#pragma once

#include <string>

#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// Returns a name, in the same schema, for what has this one while its successor is created.
[[nodiscard]] std::string find_free_name(const model::Name& name, const model::Schema& from, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
