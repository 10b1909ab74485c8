#include "dialect/postgres/rewrite/remake_rules.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using dialect::postgres::PostgresRules;
using plan::Change;
using plan::DependentKind;

namespace {

/// The changes that a dependent is recreated for.
std::string recreated(const plan::Dependent& dependent) {
  std::string changes;
  for (const auto& [change, name] :
       {std::pair(Change::type, "type "), std::pair(Change::values, "values "), std::pair(Change::made_anew, "all")}) {
    if (PostgresRules().must_remake(dependent, change)) changes += name;
  }
  return changes;
}

}  // namespace

TEST_CASE("PostgreSQL: what does not follow a change by itself is recreated") {
  CHECK(recreated({DependentKind::foreign_key}) == "type all");
  CHECK(recreated({DependentKind::unique}) == "all");
  CHECK(recreated({DependentKind::index, true}) == "values all");
  CHECK(recreated({DependentKind::index, false}) == "all");
  CHECK(recreated({DependentKind::check}) == "values all");
  CHECK(recreated({DependentKind::exclusion}) == "values all");
  CHECK(recreated({DependentKind::default_value}) == "values all");
  CHECK(recreated({DependentKind::object, true, "policy"}) == "type values all");
  CHECK(recreated({DependentKind::object, true, "statistics"}) == "type values all");
  CHECK(recreated({DependentKind::trigger}) == "type values all");
  CHECK(recreated({DependentKind::computed}) == "type values all");
  CHECK(recreated({DependentKind::view}) == "type values all");
}

TEST_CASE("PostgreSQL: an enum is recreated for values that go or change places, or if its columns are to change") {
  const PostgresRules rules;
  const model::Enum two{"e", {"a", "c"}, {}};
  CHECK_FALSE(rules.is_made_anew({two, {"e", {"a", "b", "c"}, {}}, {}}));
  CHECK(rules.is_made_anew({two, {"e", {"c", "a"}, {}}, {}}));
  CHECK(rules.is_made_anew({two, {"e", {"a"}, {}}, {}}));
  CHECK(rules.is_made_anew({two, {"e", {"a", "b", "c"}, {}}, {{"t", {.name = "mood"}, false}}}));
}
