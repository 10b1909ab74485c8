#pragma once

#include <string>
#include <vector>

#include "plan/remake.h"

namespace whimbrel::dialect::postgres {

// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES: keys, indexes and checks over a
// column follow its type; what a statement defines, and keys between tables, do not. With another enum in the place of
// one, all does that says a value of it.
class PostgresRules final : public plan::RemakeRules {
 public:
  [[nodiscard]] bool must_remake(const plan::Dependent& dependent, plan::Change change) const override;
  [[nodiscard]] bool is_made_anew(const operation::AlterEnum& op) const override;
  [[nodiscard]] bool can_remake(const model::Object& object) const override;
};

/// What the operations take from what they drop and make again: the server keeps it beside the statements that make a
/// view or an object, and it is not in the model.
[[nodiscard]] std::vector<std::string> notes_on_remakes(const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
