#include "dialect/sqlite/generate/conversion.h"

#include <doctest/doctest.h>

#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::dialect::sqlite;
using namespace whimbrel::test;

namespace {

bool loses(const char* from, const char* to) { return conversion_risk({from, {}}, {to, {}}).loses; }

}  // namespace

TEST_CASE("SQLite: a change into another affinity loses where a value may not come back") {
  CHECK(loses("varchar", "integer"));
  CHECK(loses("text", "double"));
  CHECK(loses("text", "datetime"));
  CHECK(loses("blob", "integer"));
  CHECK(loses("bigint", "double"));
  CHECK(loses("double", "varchar"));
  CHECK(loses("decimal", "text"));

  CHECK(!loses("integer", "bigint"));
  CHECK(!loses("integer", "text"));
  CHECK(!loses("datetime", "text"));
  CHECK(!loses("double", "integer"));
  CHECK(!loses("varchar", "blob"));
  CHECK(!loses("boolean", "integer"));
}

TEST_CASE("SQLite: the values that a conversion would change are counted") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE t (zip varchar COLLATE NOCASE, big bigint, part real, any);"
      "INSERT INTO t VALUES ('01234', 9007199254740993, 1.5, 'a'), ('+49', 1, 0.1, 2), ('49', NULL, 1e300, x'00'),"
      " ('1e5', 2, 2.0, NULL), ('abc', 3, 0.1, 1.5), ('ABC', 'text', 0.30000000000000004, '7')");
  const auto changed = [&](const char* column, const char* type, const char* to) {
    model::Column before;
    before.name = column;
    before.type = {type, {}};
    return changed_values(*connection, "t", before, {to, {}});
  };
  CHECK(changed("zip", "varchar", "integer") == 3);
  CHECK(changed("zip", "varchar", "text") == 0);
  CHECK(changed("big", "bigint", "double") == 1);
  CHECK(changed("part", "real", "text") == 1);
  CHECK(changed("part", "real", "integer") == 0);
  CHECK(changed("any", "", "text") == 2);
}
