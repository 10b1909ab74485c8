#include "operation/describe.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using namespace whimbrel::operation;

TEST_CASE("a change of only the comment of a table is not called one of its options") {
  CHECK(describe(AlterTable{"t", {}, {}, "", "x", {}, {}}) == "change the comment of table \"t\"");
  CHECK(describe(AlterTable{"t", {}, {{"STRICT", ""}}, "", "x", {}, {}}) == "change the options of table \"t\"");
}
