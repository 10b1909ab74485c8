#include "dialect/sqlite/generate/conversion.h"

#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::dialect::sqlite;
using namespace whimbrel::test;

namespace {

dialect::StoredAs plain(const char* type) { return {{type, {}}, {}}; }
dialect::StoredAs strict(const char* type) { return {{type, {}}, {{"STRICT", ""}}}; }

bool loses(const dialect::StoredAs& from, const dialect::StoredAs& to) {
  return conversion_risk(from, to, 34001).loses;
}
bool loses(const char* from, const char* to) { return loses(plain(from), plain(to)); }

}  // namespace

TEST_CASE("SQLite: a change into another affinity loses where a value may not come back") {
  CHECK(loses("varchar", "integer"));
  CHECK(loses("text", "double"));
  CHECK(loses("text", "datetime"));
  CHECK(loses("blob", "integer"));
  CHECK(loses("bigint", "double"));
  CHECK(loses("double", "varchar"));
  CHECK(loses("decimal", "text"));
  for (const char* const type : {"integer", "any", "blob"}) CHECK(loses(type, "text"));

  CHECK(!loses("integer", "bigint"));
  CHECK(!loses("double", "integer"));
  CHECK(!loses("varchar", "blob"));
  CHECK(!loses("boolean", "integer"));
}

TEST_CASE("SQLite: numbers with a fraction come back from text since version 3.53") {
  const auto words = [](const char* from, int version) {
    return conversion_risk(plain(from), plain("text"), version).words;
  };
  for (const char* const type : {"double", "integer", "decimal"}) {
    CHECK(words(type, 35200) == "which writes fractional numbers with 15 digits");
    CHECK(words(type, 35300).empty());
  }
  for (const int version : {35200, 35300}) {
    CHECK(words("blob", version) == "which converts numbers to text");
    for (const char* const type : {"boolean", "date", "datetime"}) CHECK(words(type, version).empty());
  }
}

TEST_CASE(
    "SQLite: ANY keeps values as they are in a STRICT table only, which refuses what the other types do not say") {
  CHECK(loses(strict("ANY"), plain("ANY")));
  CHECK(loses(strict("any"), plain("numeric")));
  CHECK(loses(strict("any"), plain("text")));
  CHECK(loses(strict("any"), strict("integer")));
  CHECK(loses(strict("real"), strict("text")));
  CHECK(!loses(plain("any"), strict("any")));
  CHECK(!loses(strict("any"), plain("")));
  CHECK(!loses(plain("any"), plain("numeric")));
  CHECK(!loses(strict("integer"), strict("text")));
  CHECK(!loses(strict("int"), plain("text")));
  CHECK(!loses(strict("blob"), plain("integer")));
}

TEST_CASE("SQLite: the values that a conversion would change are counted") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE t (zip varchar COLLATE NOCASE, big bigint, part real, any);"
      "INSERT INTO t VALUES ('01234', 9007199254740993, 1.5, 'a'), ('+49', 1, 0.1, 2), ('49', NULL, 1e300, x'00'),"
      " ('1e5', 2, 2.0, NULL), ('abc', 3, 0.1, 1.5), ('ABC', 'text', 0.30000000000000004, '7')");
  const auto changed = [&](const char* column, const char* type, const char* to) {
    return changed_values(*connection, "t", column, plain(type), plain(to));
  };
  CHECK(changed("zip", "varchar", "integer") == 3);
  CHECK(changed("zip", "varchar", "text") == 0);
  CHECK(changed("big", "bigint", "double") == 1);
  const int inexact = has_sqlite(53) ? 0 : 1;
  CHECK(changed("part", "real", "text") == inexact);
  CHECK(changed("part", "real", "integer") == 0);
  CHECK(changed("any", "", "text") == 2);

  connection->run(
      "CREATE TABLE n (whole integer, day datetime);"
      "INSERT INTO n VALUES (1, '2026-11-27'), (0.1 + 0.2, 2461372.416681979), (0.5, 1.5)");
  CHECK(changed_values(*connection, "n", "whole", plain("integer"), plain("text")) == inexact);
  CHECK(changed_values(*connection, "n", "day", plain("datetime"), plain("text")) == inexact);
}

TEST_CASE("SQLite: the values that a table changes which is strict no longer are counted") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(37), "strict tables");
  const auto connection = open_memory();
  connection->run("CREATE TABLE s (x ANY) STRICT; INSERT INTO s VALUES ('01234'), ('1e3'), ('a'), (1), (0.1), (x'00')");
  CHECK(changed_values(*connection, "s", "x", strict("any"), plain("any")) == 2);
  CHECK(changed_values(*connection, "s", "x", strict("any"), plain("")) == 0);
}
