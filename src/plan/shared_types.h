#pragma once

#include <map>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::plan {

/// What the types of two schemas are made of: domains over others, and composite types.
class SharedTypes {
 public:
  SharedTypes(const model::Schema& from, const model::Schema& to);

  /// Returns the types, except for enums, that are among these of each schema, or in them, directly or indirectly.
  [[nodiscard]] std::vector<model::Reference> of(const model::Uses& before, const model::Uses& after) const;

 private:
  using Contents = std::map<model::Reference, const model::Uses*>;

  Contents from_, to_;
};

}  // namespace whimbrel::plan
