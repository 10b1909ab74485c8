#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/privileges.h"
#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Identifies an object: its kind as GRANT knows it (ROUTINE, TYPE; TABLE also for a view) or its own, and its name.
using ObjectKey = std::pair<std::string, model::Name>;

/// Returns the kind in a key, for a kind of OwnedObject.
[[nodiscard]] std::string key_kind(const std::string& kind);

/// What operations create with new owners and privileges. What they drop and recreate with the old ones (Preserved) is
/// not in it.
struct MadeObjects {
  std::set<ObjectKey> objects;
  std::set<std::pair<model::Name, std::string>> columns;

  explicit MadeObjects(const std::vector<operation::Operation>& operations);
};

/// Gives objects and columns the names that they have after the operations.
void apply_renames(model::Privileges& privileges, const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
