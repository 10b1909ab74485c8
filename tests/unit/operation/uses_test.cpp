#include "operation/uses.h"

#include <doctest/doctest.h>

namespace whimbrel::operation {

TEST_CASE("an index over columns uses these and those that it includes") {
  model::Index index;
  index.columns = {"a"};
  index.included = {"b"};
  const model::Uses used = uses_of(index, "t");
  CHECK(uses(used, "t", "a"));
  CHECK(uses(used, "t", "b"));
  CHECK_FALSE(uses(used, "t", "c"));
  CHECK_FALSE(uses(used, "u", "a"));
}

TEST_CASE("the uses of an index over an expression are unknown unless they are given") {
  model::Index index;
  index.columns = {model::KeyPart{}};
  index.columns[0].expression = "lower(a)";
  CHECK(uses(uses_of(index, "t"), "t", "c"));
  index.uses.value = std::vector<model::Reference>{{"t", "a", {}}};
  CHECK(uses(uses_of(index, "t"), "t", "a"));
  CHECK_FALSE(uses(uses_of(index, "t"), "t", "c"));
}

}  // namespace whimbrel::operation
