#include <doctest/doctest.h>

#include "diff/diff.h"
#include "support/plain_comparison.h"

namespace whimbrel::diff {

TEST_CASE("a check of the values of an enum is the entity's own check only where its column is no enum") {
  model::Schema current;
  model::Table& parcel = current.tables.emplace_back();
  parcel.name = "parcel";
  parcel.columns.push_back({.name = "state", .type = {"text", {}}, .enum_values = {"sent", "lost"}});
  model::Schema desired = current;
  model::Check check;
  check.expression = "\"state\" IN ('sent', 'lost')";
  desired.tables[0].checks.push_back(check);
  CHECK(diff(current, desired, test::PlainComparison()).operations ==
        std::vector<operation::Operation>{operation::AddCheck{"parcel", check}});
  desired.tables[0].columns[0].enum_values.clear();
  CHECK(diff(current, desired, test::PlainComparison()).empty());
}

}  // namespace whimbrel::diff
