#include "dialect/sqlite/guard/string_readings.h"

#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/dialect/sqlite/guard/guarded_database.h"

using namespace whimbrel;
using namespace whimbrel::test;

namespace {

const std::string table = "CREATE TABLE t (id integer PRIMARY KEY, a text";

/// The migration is refused because of the reader, and changes nothing.
void check_refused(const std::string& schema, const std::string& migration, const std::string& reader) {
  CAPTURE(schema);
  CAPTURE(migration);
  const Database database(schema + "; INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'foo')");
  const auto error = error_of([&] { migrate(*database, migration); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "would leave a " + reader));
  CHECK(contains(error->what(), "that reads a string as a name: \"foo\" in double quotes"));
  CHECK(number(*database, "SELECT count(*) FROM pragma_table_xinfo('t') WHERE name = 'foo'") == 0);
}

}  // namespace

TEST_CASE("a new column whose name is a string in double quotes elsewhere is refused") {
  const std::string add = "ALTER TABLE t ADD COLUMN foo text";
  check_refused(table + "); CREATE UNIQUE INDEX i ON t (a) WHERE a <> \"foo\"", add, "index \"i\" of \"t\"");
  check_refused(table + "); CREATE INDEX i ON t (a || \"foo\")", add, "index \"i\" of \"t\"");
  check_refused(table + ", CONSTRAINT c CHECK (a <> \"foo\" || 'd'))", add, "check constraint \"c\" of \"t\"");
  check_refused(table + ", g AS (a || \"foo\"))", add, "generated column \"g\" of \"t\"");
  check_refused(table + ", g AS (a || \"foo\") STORED)", add, "generated column \"g\" of \"t\"");
}

TEST_CASE("a rebuild or a swap of tables with a column whose name is a string is refused") {
  const std::string columns = " (id integer PRIMARY KEY, a text, \"foo\" text);";
  const std::string index = "CREATE INDEX i ON t (a) WHERE a <> \"foo\"";
  check_refused(table + "); " + index,
                "CREATE TABLE temporary_t" + columns +
                    "INSERT INTO temporary_t (id, a) SELECT id, a FROM t; DROP TABLE t;"
                    "ALTER TABLE temporary_t RENAME TO t; " +
                    index,
                "index \"i\" of \"t\"");
  check_refused(table + "); " + index,
                "ALTER TABLE t RENAME TO temporary_t; CREATE TABLE t" + columns +
                    "INSERT INTO t (id, a) SELECT id, a FROM temporary_t; DROP TABLE temporary_t; " + index,
                "index \"i\" of \"t\"");
  check_refused(table + "); " + index,
                "ALTER TABLE t RENAME TO u; ALTER TABLE u ADD COLUMN foo; ALTER TABLE u RENAME TO t",
                "index \"i\" of \"t\"");
}

TEST_CASE("a new column does not stop a migration if the strings are in single quotes, or stay strings") {
  const Database database(table +
                          "); CREATE INDEX i ON t (a) WHERE a <> 'foo' AND a <> \"bar\"; CREATE INDEX j ON t (\"a\");"
                          "CREATE VIEW v AS SELECT \"a\", \"bar\" AS b FROM t WHERE a <> 'foo'");
  migrate(*database, "ALTER TABLE t ADD COLUMN foo text");
  migrate(*database,
          "DROP VIEW v; DROP INDEX i; ALTER TABLE t ADD COLUMN bar text; CREATE INDEX i ON t (a) WHERE a <> 'bar'");
  CHECK(number(*database, "SELECT count(*) FROM pragma_table_info('t')") == 4);
}

TEST_CASE("a column that would take or give back the name of the row number in an index or a check is refused") {
  const std::string words = " of \"t\": \"rowid\" in it is the row number without the column of that name";
  const auto check_refused_for = [&](const std::string& schema, const std::string& migration,
                                     const std::string& reader) {
    CAPTURE(schema);
    CAPTURE(migration);
    const Database database(schema);
    const auto error = error_of([&] { migrate(*database, migration); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK_MESSAGE(contains(error->what(), "would change the meaning of " + reader + words), error->what());
    CHECK(number(*database, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0);
  };
  const std::string index = "CREATE INDEX i ON t (a) WHERE rowid > 2";
  const std::string add = "ALTER TABLE t ADD COLUMN rowid integer";
  check_refused_for(table + "); " + index, add, "index \"i\"");
  check_refused_for(table + ", CONSTRAINT c CHECK (rowid < 9))", add, "check constraint \"c\"");
  check_refused_for(table + "); " + index,
                    "PRAGMA legacy_alter_table = OFF; ALTER TABLE t RENAME a TO rowid; PRAGMA legacy_alter_table = ON",
                    "index \"i\"");
  const Database database(table + "); CREATE INDEX i ON t (a) WHERE oid > 2");
  CHECK_NOTHROW(migrate(*database, add));
  const Database indexed(table + "); CREATE INDEX i ON t (a)");
  CHECK_NOTHROW(migrate(
      *indexed, "PRAGMA legacy_alter_table = OFF; ALTER TABLE t RENAME a TO rowid; PRAGMA legacy_alter_table = ON"));
}

TEST_CASE("a dropped column of the name of the row number is refused if a check or an index reads it") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  const Database database(table + ", oid integer, CONSTRAINT c CHECK (oid < 9))");
  const auto error = error_of([&] { migrate(*database, "ALTER TABLE t DROP COLUMN oid"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "would change the meaning of check constraint \"c\" of \"t\": \"oid\" in it"));
}
