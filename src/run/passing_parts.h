#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "operation/operation.h"
#include "run/rehearsal.h"

namespace whimbrel::run {

/// The checks and computed columns that a migration adds and drops again, so that neither of its ends has them, such as
/// those that guard the values of a column while it changes; and the checks that it drops and adds again, so that both
/// have them. They hold no values of their own.
class PassingParts {
 public:
  explicit PassingParts(const Course& course);

  [[nodiscard]] bool are_none() const { return checks_.empty() && columns_.empty() && absent_.empty(); }
  void remove_from(model::Schema& schema) const;
  /// What only these change is no change of the schema then.
  void remove_from(Course& course) const;
  /// Returns the operations that drop those in the schema which neither end has.
  [[nodiscard]] std::vector<operation::Operation> drops(const model::Schema& schema) const;
  /// Returns the operations after which the schema has the checks of both ends that the other one has, and no others.
  [[nodiscard]] std::vector<operation::Operation> restores(const model::Schema& schema,
                                                           const model::Schema& wanted) const;

 private:
  /// A table, a name in it and the expression: another part of that name belongs to the user.
  using Part = std::tuple<model::Name, std::string, std::string>;

  static Part part(const model::Table& table, const model::Check& check) {
    return {table.name, check.name.text, check.expression};
  }
  static Part part(const model::Table& table, const model::Column& column) {
    return {table.name, column.name, column.computed ? column.computed->expression : std::string()};
  }

  std::set<Part> absent_;  ///< The checks that both ends have.
  std::set<Part> checks_;
  std::set<Part> columns_;
};

}  // namespace whimbrel::run
