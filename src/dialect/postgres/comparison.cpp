#include "dialect/postgres/dialect.h"

namespace whimbrel::dialect::postgres {

namespace {

class PostgresComparison final : public diff::Comparison {
 public:
  std::string fold(std::string_view name) const override { return std::string(name); }
  bool same_type(const model::Type& current, const model::Type& desired) const override {
    return read_type(to_string(current)) == read_type(to_string(desired));
  }
  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    return std::vector<bool>(pairs.size());
  }
  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& renames) const override {
    model::Schema result = current;
    for (const operation::Operation& rename : renames) apply(result, rename);
    return result;
  }
};

}  // namespace

std::unique_ptr<diff::Comparison> make_comparison(Connection&) { return std::make_unique<PostgresComparison>(); }

}  // namespace whimbrel::dialect::postgres
