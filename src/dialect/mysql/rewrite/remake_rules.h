#pragma once

#include "plan/remake.h"

namespace whimbrel::dialect::mysql {

class MysqlRules final : public plan::RemakeRules {
 public:
  [[nodiscard]] bool must_remake(const plan::Dependent& dependent, plan::Change change) const override;
  [[nodiscard]] bool is_made_anew(const operation::AlterEnum&) const override { return false; }
  [[nodiscard]] bool is_dropped_along(const model::Object&) const override { return false; }
  [[nodiscard]] bool keeps_texts(const operation::AlterObject&) const override { return true; }
  [[nodiscard]] bool keeps_expressions(const model::Type&, const model::Type&) const override { return true; }
  [[nodiscard]] model::Type text_type() const override { return {"longtext", {}}; }
};

}  // namespace whimbrel::dialect::mysql
