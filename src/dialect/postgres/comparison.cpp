#include "dialect/postgres/dialect.h"
#include "dialect/postgres/equivalence.h"
#include "dialect/postgres/probe.h"

namespace whimbrel::dialect::postgres {

namespace {

class PostgresComparison final : public diff::Comparison {
 public:
  explicit PostgresComparison(Connection& connection) : prober_(connection) {}

  std::string fold(std::string_view name) const override { return std::string(name); }

  bool same_type(const model::Type& current, const model::Type& desired) const override {
    return current == desired || read_type(to_string(current)) == read_type(to_string(desired));
  }

  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    std::vector<bool> same(pairs.size());
    std::vector<ExpressionProbe> probes;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      same[i] = have_same_meaning(pairs[i], pairs[i].current, pairs[i].desired);
      if (!same[i]) probes.push_back({&pairs[i], {}, {}, 0});
    }
    prober_.spell(probes);
    for (std::size_t i = 0, probe = 0; i < pairs.size(); ++i) {
      if (same[i]) continue;
      const ExpressionProbe& asked = probes[probe++];
      same[i] = asked.current && asked.desired && have_same_meaning(pairs[i], *asked.current, *asked.desired);
    }
    return same;
  }

  std::vector<bool> same_views(std::span<const diff::ViewPair> pairs) const override {
    return prober_.compare_views(pairs);
  }

  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& renames) const override {
    model::Schema schema = current;
    for (const operation::Operation& rename : renames) operation::apply(schema, rename);
    return schema;
  }

 private:
  mutable Prober prober_;
};

}  // namespace

std::unique_ptr<diff::Comparison> make_comparison(Connection& connection) {
  return std::make_unique<PostgresComparison>(connection);
}

}  // namespace whimbrel::dialect::postgres
