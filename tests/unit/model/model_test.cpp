#include "whimbrel/model.h"

#include <doctest/doctest.h>

using namespace whimbrel;

TEST_CASE("the canonical form does not depend on the order of tables and constraints") {
  model::Table a;
  a.name = "a";
  a.uniques = {{"u2", {"x"}, ""}, {"u1", {"y"}, ""}};
  model::Table b;
  b.name = "b";
  model::Schema one;
  one.tables = {a, b};
  model::Schema other;
  std::swap(a.uniques[0], a.uniques[1]);
  other.tables = {b, a};
  CHECK(one != other);
  CHECK(canonical(one) == canonical(other));
}

TEST_CASE("a type is written with its arguments") {
  CHECK(model::to_string(model::Type{"decimal", {10, 2}}) == "decimal(10,2)");
  CHECK(model::to_string(model::Type{"text", {}}) == "text");
  CHECK(model::to_string(model::Type{"int", {10}, "unsigned"}) == "int(10) unsigned");
  CHECK(model::to_string(model::Type{"int", {}, "unsigned"}) == "int unsigned");
  CHECK(model::Type{"int", {}, "unsigned"} != model::Type{"int", {}});
}
