#pragma once

#include <map>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::change {

/// Finds the names that tables and columns have before renames: a column that is inherited is renamed with a parent's.
class FormerNames {
 public:
  /// `operations`: the renames, and possibly others. `current`: the schema before them.
  FormerNames(const std::vector<operation::Operation>& operations, const model::Schema& current);

  [[nodiscard]] model::Name table(model::Name name) const;
  [[nodiscard]] std::string column(const model::Name& later_table, std::string column) const;

 private:
  [[nodiscard]] bool is_or_inherits(const model::Name& name, const model::Name& parent) const;

  const std::vector<operation::Operation>& operations_;
  std::map<model::Name, const std::vector<model::Name>*> parents_;
};

}  // namespace whimbrel::change
