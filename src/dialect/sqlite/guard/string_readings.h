#pragma once

#include <map>
#include <string>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/text/names.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Checks that no string in double quotes becomes the name of a new column, and that the row number stays what it is:
/// it would damage an index, and change the meaning of check constraints and generated columns.
class StringReadings {
 public:
  explicit StringReadings(Connection& connection) : connection_(connection) {}

  /// Call it before each statement. Records a table that is going to get other columns.
  void before(const Command& command);
  void table_renamed(const std::string& from, const std::string& to);
  /// Throws Error (unsafe) if something reads a column now.
  void require_same() const;
  void forget() { tables_.clear(); }

 private:
  Connection& connection_;
  std::map<std::string, model::Table, LessIgnoringCase> tables_;  ///< By their current names.
};

}  // namespace whimbrel::dialect::sqlite
