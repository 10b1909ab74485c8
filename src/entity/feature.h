#pragma once

#include <string>

#include "model/type_mapping.h"

namespace whimbrel::entity {

/// Throws Error (entity), which names the entity, the feature and the database, if the database lacks the feature.
/// `member` may be empty.
void require(const model::TypeMapping& mapping, model::Feature feature, const std::string& entity,
             const std::string& member);

}  // namespace whimbrel::entity
