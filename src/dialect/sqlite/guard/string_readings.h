#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/inspect/quoted_strings.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Checks that no string in double quotes becomes the name of a new column: it would damage an index, and change the
/// meaning of views, triggers, check constraints and generated columns.
class StringReadings {
 public:
  explicit StringReadings(Connection& connection) : connection_(connection) {}

  /// Call it before each statement. Records a table that is going to get other columns.
  void before(const Command& command);
  /// Records views and triggers. `names`: those of the schema before the migration.
  void record(const BrokenNames& names);
  void table_renamed(const std::string& from, const std::string& to);
  /// Throws Error (unsafe) if something reads a column now.
  void require_same() const;
  void forget();

 private:
  void require_same_tables() const;
  void require_same_definitions() const;

  Connection& connection_;
  std::map<std::string, model::Table, LessIgnoringCase> tables_;  ///< By their current names.
  std::map<StoredStatement, std::set<std::size_t>> definitions_;  ///< With the strings in them.
};

}  // namespace whimbrel::dialect::sqlite
