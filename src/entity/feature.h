#pragma once

#include <string>

#include "model/type_mapping.h"

namespace whimbrel::entity {

/// Throws Error (entity) that names the entity, the feature and the database if that does not have it. `member` may be
/// empty.
void require(const model::TypeMapping& mapping, model::Feature feature, const std::string& entity,
             const std::string& member);

}  // namespace whimbrel::entity
