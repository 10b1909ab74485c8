#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/text/names.h"

namespace whimbrel::dialect::sqlite {

/// Checks that a full-text index, which reads its texts from a table, still fits the table after a rebuild, and after
/// columns got the names of others. SQLite does not update it: its triggers do, and they are not fired for copied rows.
class IndexContents {
 public:
  explicit IndexContents(Connection& connection) : connection_(connection) {}

  /// Call it before each statement. Records the indexes of a table that it changes so, if they fit it.
  void before(const Command& command);
  /// Throws Error (unsafe) for a recorded index that does not fit its table.
  void require_fitting() const;
  void forget();

 private:
  [[nodiscard]] bool has_view(const std::string& name) const;
  /// Returns whether SQLite finds that the index differs from what it reads.
  [[nodiscard]] bool is_outdated(const std::string& index) const;

  Connection& connection_;
  Names tables_;   ///< The changed tables.
  Names indexes_;  ///< Those that fitted before.
};

}  // namespace whimbrel::dialect::sqlite
