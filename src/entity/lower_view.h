#pragma once

#include "entity/builder.h"
#include "entity/context.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// Lowers the views, each after those that it selects from. `tables` are the entities. Throws Error (entity).
[[nodiscard]] std::vector<model::View> lower_views(const Builders& views, const Builders& tables,
                                                   const std::string& prefix, const Context& context);

}  // namespace whimbrel::entity
