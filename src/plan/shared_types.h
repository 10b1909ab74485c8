#pragma once

#include <map>
#include <vector>

#include "plan/remake.h"
#include "whimbrel/model.h"

namespace whimbrel::plan {

/// What the types of two schemas are made of: domains over others, and composite types.
class SharedTypes {
 public:
  SharedTypes(const model::Schema& from, const model::Schema& to);

  /// Returns the types, except for enums, that the column has before and after, also in or under others. Returns none
  /// if a text of a value, as one type writes it, could mean another value of the other, or be cut.
  [[nodiscard]] std::vector<model::Reference> of(const model::Column& before, const model::Column& after,
                                                 const RemakeRules& rules) const;

 private:
  using Contents = std::map<model::Reference, const model::Object*>;

  Contents from_, to_;
};

}  // namespace whimbrel::plan
