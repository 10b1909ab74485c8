#include "dialect/sqlite/inspect/key_reader.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/inspect/reader.h"

using namespace whimbrel;
using dialect::sqlite::read_create_index;

namespace {

model::KeyPart part(const std::string& text) {
  const model::Index index = read_create_index("CREATE INDEX i ON t(" + text + ")");
  REQUIRE(index.columns.size() == 1);
  return index.columns[0];
}

}  // namespace

TEST_CASE("a collation belongs to a part of a key only if it applies to all of it") {
  CHECK(part("lower(a) COLLATE rtrim").collation == "rtrim");
  CHECK(part("lower(a) COLLATE rtrim").expression == "lower(a)");
  CHECK(part("(a || b) COLLATE rtrim").expression == "(a || b)");
  CHECK(part("(a || b) COLLATE rtrim").collation == "rtrim");
  CHECK(part("a || b COLLATE rtrim").expression == "a || b COLLATE rtrim");
  CHECK(part("a || b COLLATE rtrim").collation.empty());
  CHECK(part("NOT (a) COLLATE rtrim").collation.empty());
  CHECK(part("- a COLLATE rtrim").expression == "- a");
  CHECK(part("- a COLLATE rtrim").collation == "rtrim");
  CHECK(part("random() COLLATE rtrim").collation == "rtrim");
  CHECK(part("a COLLATE nocase COLLATE rtrim").collation == "rtrim");
  CHECK(part("a COLLATE nocase COLLATE rtrim").column == "a");
  CHECK(part("((a COLLATE nocase))").collation == "nocase");
  CHECK(part("((a COLLATE nocase))").column == "a");
  CHECK(part("(a + 1)").expression == "(a + 1)");
  CHECK(part("CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END COLLATE nocase").collation == "nocase");
  CHECK(part("CASE a WHEN 1 THEN 2 END || CASE b WHEN 1 THEN 2 END COLLATE nocase").collation.empty());
}

TEST_CASE("a column may have the name of an order") {
  CHECK(part("desc").column == "desc");
  CHECK_FALSE(part("desc").descending);
  CHECK(part("desc desc").column == "desc");
  CHECK(part("desc desc").descending);
  CHECK(part("1 + desc").expression == "1 + desc");
  CHECK(part("a IS NOT desc").expression == "a IS NOT desc");
  CHECK(part("(a) DESC").descending);
}
