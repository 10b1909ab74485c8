#pragma once

#include <string>
#include <utility>

#include "entity/naming.h"
#include "model/type_mapping.h"
#include "whimbrel/model.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// The context that all steps of the lowering share.
struct Context {
  const model::TypeMapping& mapping;
  const NamingStrategy& naming;

  /// Returns the explicit name, or the derived one.
  [[nodiscard]] model::ConstraintName named_or(const std::string& given, std::string derived) const {
    if (!given.empty()) return given;
    return model::ConstraintName::make_derived(mapping.identifier_limit().shortened(std::move(derived)));
  }
};

}  // namespace whimbrel::entity
