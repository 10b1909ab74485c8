#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "sql/syntax.h"

namespace whimbrel::change {

/// The rows of other tables that a migration needs for the rows that it changes.
struct NeededRows {
  /// The foreign keys that it adds, by table, in the names of the schema before it.
  std::multimap<model::Name, model::ForeignKey> later_keys{};
  /// Tables whose rows decide what others become, and whether that is valid: a failure with only a part of them says
  /// nothing about all rows.
  std::set<model::Name> read{};
  std::set<model::Name> named{};  ///< Those that SQL of the migration reads.
  /// Foreign keys over values that change, by table, in the names of the schema before: the reason for some of `read`.
  std::multimap<model::Name, model::ForeignKey> changed_keys{};
};

/// `start`: the schema before the operations.
[[nodiscard]] NeededRows needed_rows(const std::vector<operation::Operation>& operations, const model::Schema& start,
                                     const sql::Syntax& syntax);

}  // namespace whimbrel::change
