#pragma once

#include <functional>
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

/// Returns the name that the enum type of a column gets if an entity names none.
using EnumTypeName = std::function<std::string(const std::string& table, const std::string& column)>;

[[nodiscard]] EntitySource entity_source(const EntityPlan& plan, std::size_t index, const model::TypeMapping& mapping,
                                         const EnumTypeName& enum_type);

/// Returns the struct that describes a view.
[[nodiscard]] std::string view_source(const PlannedView& view);

}  // namespace whimbrel::write
