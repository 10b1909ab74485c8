#pragma once

#include <set>
#include <string>

#include "write/entity_plan.h"

namespace whimbrel::write {

/// The pieces of an entity's header.
struct EntitySource {
  std::set<std::string> headers;  ///< Standard library headers.
  std::string declaration;        ///< The enums, and the struct up to its last member.
  std::string description;        ///< describe(): in the struct, or after it if the entity is in a cycle.
  std::string end;                ///< The end of the struct.
};

[[nodiscard]] EntitySource entity_source(const EntityPlan& plan, std::size_t index, const model::TypeMapping& mapping);

/// Returns the struct that describes a view.
[[nodiscard]] std::string view_source(const PlannedView& view);

}  // namespace whimbrel::write
