#pragma once

#include "diff/diff.h"
#include "operation/operation.h"
#include "support/plain_mapping.h"

namespace whimbrel::test {

/// Compares text, as a database that cannot be asked.
class PlainComparison : public diff::Comparison {
 public:
  explicit PlainComparison(const model::TypeMapping& mapping = plain_mapping()) : Comparison(mapping) {}

  bool same_type(const model::Type& current, const model::Type& desired) const override { return current == desired; }
  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    return std::vector<bool>(pairs.size(), false);
  }
  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& renames) const override {
    model::Schema schema = current;
    for (const operation::Operation& rename : renames) operation::apply(schema, rename, mapping().syntax());
    return schema;
  }
};

}  // namespace whimbrel::test
