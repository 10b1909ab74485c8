#pragma once

#include <string>
#include <vector>

#include "plan/remake.h"

namespace whimbrel::dialect::postgres {

// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES: keys, indexes and check constraints
// on a column follow its type; statements in definitions, and keys between tables, do not. Expressions of indexes and
// checks keep the casts that the old type needed. A replaced enum affects everything that mentions one of its values.
class PostgresRules final : public plan::RemakeRules {
 public:
  [[nodiscard]] bool must_remake(const plan::Dependent& dependent, plan::Change change) const override;
  [[nodiscard]] bool is_made_anew(const operation::AlterEnum& op) const override;
  [[nodiscard]] bool is_dropped_along(const model::Object& object) const override;
  [[nodiscard]] bool keeps_texts(const operation::AlterObject& op) const override;
  [[nodiscard]] bool keeps_expressions(const model::Type& before, const model::Type& after) const override;
  [[nodiscard]] model::Type text_type() const override { return {"text", {}}; }
};

/// Returns notes on what the operations drop and recreate.
[[nodiscard]] std::vector<std::string> notes_on_remakes(const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::postgres
