#include "dialect/samples.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using dialect::rows_within_limit;

TEST_CASE("fewer rows are copied if they are large, and at least one") {
  CHECK(rows_within_limit(Value(100), 1000) == 1000);
  CHECK(rows_within_limit(Value(1 << 20), 1000) == 16);
  CHECK(rows_within_limit(Value(1 << 30), 1000) == 1);
  CHECK(rows_within_limit(Value(0), 1000) == 1000);
  CHECK(rows_within_limit(Value(nullptr), 1000) == 1000);  // Of no rows.
}
