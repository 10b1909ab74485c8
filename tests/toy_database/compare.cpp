#include "toy_database/dialect.h"

namespace whimbrel::toy {

namespace {

/// The toy database keeps what it is given as it is, so that whatever is spelled differently is different.
class ToyComparison final : public diff::Comparison {
 public:
  using Comparison::Comparison;

  bool same_type(const model::Type& current, const model::Type& desired) const override { return current == desired; }
  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    return std::vector<bool>(pairs.size(), false);
  }
  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& renames) const override {
    model::Schema schema = current;
    for (const operation::Operation& rename : renames) operation::apply(schema, rename, toy::syntax());
    return schema;
  }
};

/// Every operation is one statement.
class ToyRewriter final : public plan::Rewriter {
 public:
  plan::Plan rewrite(plan::Plan plan, const model::Schema&, const model::Schema&) const override { return plan; }
};

}  // namespace

std::unique_ptr<diff::Comparison> make_comparison(const model::TypeMapping& mapping) {
  return std::make_unique<ToyComparison>(mapping);
}
std::unique_ptr<plan::Rewriter> make_rewriter() { return std::make_unique<ToyRewriter>(); }

}  // namespace whimbrel::toy
