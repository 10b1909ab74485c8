#pragma once

#include <string>
#include <vector>

#include "sql/statement.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// The statements of a plan. Consecutive changes of one table become one ALTER TABLE: one lock and, if needed, one
/// table rewrite.
class Statements {
 public:
  /// The purpose of the next statements.
  void describe(std::string description) { description_ = std::move(description); }

  void say(std::string sql);
  /// A part of ALTER TABLE.
  void alter(const model::Name& table, const std::string& part);
  /// The next change starts a new statement.
  void end_alter() { altered_.clear(); }

  [[nodiscard]] std::vector<sql::Statement> take() { return std::move(statements_); }

 private:
  std::string description_;
  std::string altered_;  ///< The beginning of the last statement, if more parts can follow it.
  std::vector<sql::Statement> statements_;
};

}  // namespace whimbrel::dialect::postgres
