#pragma once

#include <string>
#include <utility>

#include "entity/naming.h"
#include "model/type_mapping.h"
#include "whimbrel/model.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// What every step of the lowering asks.
struct Context {
  const model::TypeMapping& mapping;
  const NamingStrategy& naming;

  /// The name that was given, or the derived one.
  [[nodiscard]] model::ConstraintName named_or(const std::string& given, std::string derived) const {
    if (!given.empty()) return given;
    return model::ConstraintName::make_derived(shortened(std::move(derived), mapping.identifier_limit()));
  }
};

}  // namespace whimbrel::entity
