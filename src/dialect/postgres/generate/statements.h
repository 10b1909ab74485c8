#pragma once

#include <string>
#include <vector>

#include "sql/statement.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// The statements of a plan. Changes of one table that come one after the other are one ALTER TABLE: one lock, and one
/// rewriting of the table where it takes one.
class Statements {
 public:
  /// What the next statements are for.
  void describe(std::string description) { description_ = std::move(description); }

  void say(std::string sql);
  /// A part of ALTER TABLE.
  void alter(const model::Name& table, const std::string& part);
  /// What is altered next is a statement of its own.
  void end_alter() { altered_.clear(); }

  [[nodiscard]] std::vector<sql::Statement> take() { return std::move(statements_); }

 private:
  std::string description_;
  std::string altered_;  ///< The beginning of the last statement, if more parts can follow it.
  std::vector<sql::Statement> statements_;
};

}  // namespace whimbrel::dialect::postgres
