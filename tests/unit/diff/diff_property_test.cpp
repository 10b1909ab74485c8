#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/sqlite/text/syntax.h"
#include "diff/diff.h"
#include "plan/plan.h"
#include "support/plain_comparison.h"
#include "support/random_schema.h"

using namespace whimbrel;

namespace {

/// Lets everything through.
class NoRewriting final : public plan::Rewriter {
 public:
  plan::Plan rewrite(plan::Plan plan, const model::Schema&, const model::Schema&) const override { return plan; }
};

model::Schema applied(model::Schema schema, const std::vector<operation::Operation>& operations) {
  for (const operation::Operation& operation : operations)
    operation::apply(schema, operation, dialect::sqlite::sqlite_syntax);
  return canonical(std::move(schema));
}

/// The order of columns is no difference; in comparisons it must not be one either.
model::Schema without_order(model::Schema schema) {
  for (model::Table& table : schema.tables) {
    std::sort(table.columns.begin(), table.columns.end(),
              [](const model::Column& a, const model::Column& b) { return a.name < b.name; });
  }
  return canonical(std::move(schema));
}

}  // namespace

TEST_CASE("the difference of two schemas leads from one to the other, and its plan both ways") {
  const test::PlainComparison comparison;
  diff::Ownership everything;
  everything.everything = true;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    CAPTURE(seed);
    test::RandomSchema random(seed);
    const model::Schema before = random.schema();
    const model::Schema after = random.changed(before);
    const diff::Difference difference = diff::diff(before, after, comparison, {}, everything);
    REQUIRE(without_order(difference.target) == without_order(after));
    REQUIRE(applied(before, difference.operations) == canonical(difference.target));

    const plan::Plan plan =
        plan::plan(difference.renames, difference.operations, before, difference.target, NoRewriting());
    REQUIRE(applied(before, plan.up) == canonical(difference.target));
    REQUIRE(applied(difference.target, plan.down) == canonical(before));
    REQUIRE(diff::diff(difference.target, after, comparison, {}, everything).empty());
    REQUIRE(diff::diff(before, before, comparison, {}, everything).empty());
  }
}
