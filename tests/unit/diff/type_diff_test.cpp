#include <doctest/doctest.h>

#include "diff/diff.h"
#include "support/plain_comparison.h"

namespace whimbrel::diff {

TEST_CASE("an enum that our migrations made goes with its last column, also where that is in a table of others") {
  model::Schema created;
  created.enums = {{"mood", {"glad", "sad"}, {}}};
  Ownership ownership;
  ownership.created = &created;
  model::Schema current = created;
  CHECK(diff(current, {}, test::PlainComparison(), {}, ownership).operations ==
        std::vector<operation::Operation>{operation::DropEnum{created.enums[0]}});
  model::Table theirs;
  theirs.name = "theirs";
  theirs.columns.push_back({.name = "mood", .type = {"mood", {}}, .enum_name = "mood"});
  current.tables.push_back(theirs);
  const Difference difference = diff(current, {}, test::PlainComparison(), {}, ownership);
  CHECK(difference.empty());
  CHECK(difference.target.enums == created.enums);
}

TEST_CASE("a schema that entities do not name stays, and one that another database lacks goes") {
  model::Schema current;
  current.schemas = {"theirs"};
  const Difference difference = diff(current, {}, test::PlainComparison());
  CHECK(difference.empty());
  CHECK(difference.target.schemas == current.schemas);
  Ownership everything;
  everything.everything = true;
  CHECK(diff(current, {}, test::PlainComparison(), {}, everything).operations ==
        std::vector<operation::Operation>{operation::DropSchema{"theirs"}});
}

}  // namespace whimbrel::diff
