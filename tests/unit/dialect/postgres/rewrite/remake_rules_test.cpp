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
  for (const auto& [change, name] : {std::pair(Change::type, "type "), std::pair(Change::size, "size "),
                                     std::pair(Change::values, "values "), std::pair(Change::made_anew, "all")}) {
    if (PostgresRules().must_remake(dependent, change)) changes += name;
  }
  return changes;
}

}  // namespace

TEST_CASE("PostgreSQL: what does not follow a change by itself is recreated") {
  CHECK(recreated({DependentKind::foreign_key}) == "type size all");
  CHECK(recreated({DependentKind::unique}) == "all");
  CHECK(recreated({DependentKind::index, true}) == "type values all");
  CHECK(recreated({DependentKind::index, false}) == "all");
  CHECK(recreated({DependentKind::check}) == "type values all");
  CHECK(recreated({DependentKind::exclusion}) == "type values all");
  CHECK(recreated({DependentKind::default_value}) == "values all");
  CHECK(recreated({DependentKind::object, true, "policy"}) == "type size values all");
  CHECK(recreated({DependentKind::object, true, "statistics"}) == "type size values all");
  CHECK(recreated({DependentKind::trigger}) == "type size values all");
  CHECK(recreated({DependentKind::computed}) == "type size values all");
  CHECK(recreated({DependentKind::view}) == "type size values all");
}

TEST_CASE("PostgreSQL: an enum is recreated for values that go or change places, or if its columns are to change") {
  const PostgresRules rules;
  const model::Enum two{"e", {"a", "c"}, {}};
  CHECK_FALSE(rules.is_made_anew({two, {"e", {"a", "b", "c"}, {}}, {}}));
  CHECK(rules.is_made_anew({two, {"e", {"c", "a"}, {}}, {}}));
  CHECK(rules.is_made_anew({two, {"e", {"a"}, {}}, {}}));
  CHECK(rules.is_made_anew({two, {"e", {"a", "b", "c"}, {}}, {{"t", {.name = "mood"}, false}}}));
}

TEST_CASE("PostgreSQL: expressions are written in the same way if only the length of a type changes") {
  const PostgresRules rules;
  CHECK(rules.keeps_expressions({"varchar", {10}}, {"varchar", {20}}));
  CHECK_FALSE(rules.keeps_expressions({"integer", {}}, {"bigint", {}}));
  CHECK_FALSE(rules.keeps_expressions({"timestamp", {}, "with time zone"}, {"timestamp", {}, "without time zone"}));
}
