#include "dialect/sqlite/guard/definition_readings.h"

#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/dialect/sqlite/guard/guarded_database.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::sqlite::make_guard;

namespace {

const std::string tables =
    "CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE o (a text, z integer);"
    "CREATE TABLE p (z text); CREATE TABLE n (x); CREATE TABLE go (x);";

std::string schema_of(dialect::Connection& connection) {
  return connection.run("SELECT group_concat(sql, ';') FROM sqlite_master").values.at(0).at(0).text();
}

/// The migration is refused because of the definition, and changes nothing.
void check_refused(const std::string& definition, const std::string& migration, const std::string& words) {
  CAPTURE(definition);
  CAPTURE(migration);
  const Database database(tables + definition);
  const std::string before = schema_of(*database);
  const auto error = error_of([&] { migrate(*database, migration); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK_MESSAGE(contains(error->what(), words), error->what());
  CHECK(schema_of(*database) == before);
}

void check_allowed(const std::string& definition, const std::string& migration) {
  CAPTURE(definition);
  CAPTURE(migration);
  const Database database(tables + definition);
  CHECK_NOTHROW(migrate(*database, migration));
}

std::string renaming(const std::string& statement) {
  return "PRAGMA legacy_alter_table = OFF; " + statement + "; PRAGMA legacy_alter_table = ON";
}

constexpr const char* alias = "CREATE VIEW v AS SELECT b AS c FROM t WHERE c > 1";
constexpr const char* joined = "CREATE VIEW v AS SELECT t.id FROM t NATURAL JOIN o";
constexpr const char* outer = "CREATE VIEW v AS SELECT id FROM t WHERE a IN (SELECT a FROM o)";
constexpr const char* clearing =
    "CREATE TRIGGER g AFTER INSERT ON go BEGIN DELETE FROM t WHERE a IN (SELECT a FROM o); END";

}  // namespace

TEST_CASE("a new column of a table that no definition reads is not looked at, and that of another table is") {
  const std::string more = "ALTER TABLE n ADD COLUMN c text; ALTER TABLE o ADD COLUMN c text;";
  check_allowed(alias, more);
  check_refused(alias, more + "ALTER TABLE t ADD COLUMN c text", "\"c\" in it would be the new column of \"t\"");
  check_refused("CREATE VIEW w AS SELECT b, b AS q FROM t; CREATE VIEW v AS SELECT q AS c FROM w JOIN p WHERE c > 1",
                more + "ALTER TABLE p ADD COLUMN c text", "\"c\" in it would be the new column of \"p\"");
}

TEST_CASE("a new column that a view or a trigger would read in place of what it read is refused") {
  check_refused("CREATE VIEW v AS SELECT id FROM t WHERE EXISTS (SELECT 1 FROM p WHERE z = a)",
                "ALTER TABLE p ADD COLUMN a text", "view \"v\": \"a\" in it would be the new column of \"p\"");
  check_refused(alias, "ALTER TABLE t ADD COLUMN c text", "view \"v\": \"c\" in it would be the new column of \"t\"");
  check_refused(joined, "ALTER TABLE o ADD COLUMN b integer", "\"b\" in it would be the new column of \"o\"");
  check_refused("CREATE VIEW v AS SELECT rowid AS r FROM t", "ALTER TABLE t ADD COLUMN rowid integer",
                "\"rowid\" in it would be the new column of \"t\"");
  check_refused("CREATE TRIGGER g AFTER INSERT ON go BEGIN DELETE FROM t WHERE oid = new.x; END",
                "ALTER TABLE t ADD COLUMN oid integer",
                "trigger \"g\": \"oid\" in it would be the new column of \"t\"");
  check_refused("CREATE VIEW v AS SELECT a FROM t WHERE a <> \"foo\"", "ALTER TABLE t ADD COLUMN foo text",
                "view \"v\": \"foo\" in it would be the new column of \"t\"");
}

TEST_CASE("a dropped column without which a view or a trigger would read something else is refused") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  const std::string drop = "ALTER TABLE o DROP COLUMN a";
  check_refused(outer, drop, "view \"v\": \"a\" in it would no longer be the column of \"o\"");
  check_refused(clearing, drop, "trigger \"g\": \"a\" in it would no longer be the column of \"o\"");
  check_refused(joined, drop, "\"a\" in it would no longer be the column of \"o\"");
  check_refused("CREATE VIEW v AS SELECT b AS a FROM t WHERE a = 'x'", "ALTER TABLE t DROP COLUMN a",
                "\"a\" in it would no longer be the column of \"t\"");
  check_refused("ALTER TABLE n ADD COLUMN rowid; CREATE VIEW v AS SELECT rowid AS r FROM n",
                "ALTER TABLE n DROP COLUMN rowid", "\"rowid\" in it would no longer be the column of \"n\"");
}

TEST_CASE("a renamed column that changes what a view or a trigger reads is refused") {
  check_refused(joined, renaming("ALTER TABLE t RENAME COLUMN a TO c"), "view \"v\"");
  check_refused(joined, renaming("ALTER TABLE t RENAME b TO z"), "view \"v\"");
  check_refused(alias, renaming("ALTER TABLE t RENAME COLUMN a TO c"), "view \"v\"");
  check_refused("CREATE VIEW v AS SELECT rowid AS r, a FROM t", renaming("ALTER TABLE t RENAME COLUMN a TO rowid"),
                "view \"v\"");
}

TEST_CASE("a trigger that a rebuild of its table recreates is compared, too") {
  check_refused("CREATE TRIGGER g AFTER INSERT ON o BEGIN DELETE FROM t WHERE a IN (SELECT a FROM o); END",
                "CREATE TABLE temporary_o (z integer); INSERT INTO temporary_o SELECT z FROM o; DROP TABLE o;"
                "ALTER TABLE temporary_o RENAME TO o;"
                "CREATE TRIGGER g AFTER INSERT ON o BEGIN DELETE FROM t WHERE a IN (SELECT a FROM o); END",
                "trigger \"g\": \"a\" in it would no longer be the column of \"o\"");
}

TEST_CASE("a trigger is compared although another one of its event is broken") {
  check_refused("CREATE TRIGGER other AFTER INSERT ON go BEGIN DELETE FROM gone; END; " + std::string(clearing),
                "ALTER TABLE o ADD COLUMN id; ALTER TABLE n ADD COLUMN y; CREATE TABLE temporary_o (z, id);"
                "DROP TABLE o; ALTER TABLE temporary_o RENAME TO o",
                "trigger \"g\"");
}

TEST_CASE("a column that no view or trigger names does not stop a migration") {
  const std::string add = "ALTER TABLE p ADD COLUMN c text; ALTER TABLE t ADD COLUMN d integer DEFAULT 1";
  for (const char* const definition :
       {"CREATE VIEW v AS SELECT id FROM t WHERE EXISTS (SELECT * FROM p)", "CREATE VIEW v AS SELECT * FROM p",
        "CREATE VIEW v AS SELECT count(*) FROM t", "CREATE VIEW v AS SELECT * FROM t NATURAL JOIN o",
        "CREATE VIEW v AS SELECT own(a) AS c FROM t", "CREATE VIEW v AS SELECT z FROM p ORDER BY z",
        "CREATE VIEW v AS SELECT missing FROM nowhere", "CREATE VIEW v AS SELECT b AS c FROM t ORDER BY c",
        "CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN UPDATE p SET z = new.a WHERE z = old.a; END",
        "CREATE VIEW v AS SELECT a AS x FROM t; CREATE TRIGGER g INSTEAD OF UPDATE ON v BEGIN SELECT new.x; END"}) {
    check_allowed(definition, add);
  }
  check_allowed("CREATE VIEW v AS SELECT * FROM t", renaming("ALTER TABLE t RENAME COLUMN a TO c"));
  check_allowed("CREATE VIEW v AS SELECT a, b AS c FROM t WHERE b > 1",
                renaming("ALTER TABLE t RENAME a TO d; ALTER TABLE t RENAME TO u; ALTER TABLE o RENAME TO t"));
  check_allowed("CREATE VIEW v AS SELECT (SELECT z FROM o WHERE o.a = t.a) AS q FROM t",
                renaming("ALTER TABLE o RENAME z TO a2; ALTER TABLE t RENAME a TO z"));
  check_allowed("CREATE TRIGGER g AFTER INSERT ON t WHEN new.a > 1 BEGIN UPDATE o SET z = new.b WHERE a = new.a; END",
                renaming("ALTER TABLE t RENAME a TO w; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME w TO b"));
  check_allowed("CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN SELECT 1; END",
                renaming("ALTER TABLE t RENAME a TO d; ALTER TABLE t ADD COLUMN a"));
}

TEST_CASE("dropped columns that nothing reads do not stop a migration") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  check_allowed("CREATE VIEW v AS SELECT * FROM o", "ALTER TABLE o DROP COLUMN z");
  check_allowed("CREATE TRIGGER g AFTER UPDATE OF z ON o BEGIN SELECT 1; END", "ALTER TABLE o DROP COLUMN z");
  check_allowed("CREATE VIEW v AS SELECT 1 FROM t WHERE EXISTS (SELECT * FROM o)", "ALTER TABLE o DROP COLUMN a");
}

TEST_CASE("an operation that drops a view and creates it again, because it is in the way, does not replace it") {
  const std::string view = "CREATE VIEW v AS SELECT rowid AS r FROM t";
  const auto rename = [&](const std::string& name) {
    const Database database(tables + view);
    const auto guard = make_guard(*database);
    database->run("BEGIN IMMEDIATE");
    guard->run_whole([&] {
      guard->run("DROP VIEW v", nullptr);
      guard->run(renaming("ALTER TABLE t RENAME COLUMN a TO " + name), nullptr);
      guard->run(view, nullptr);
    });
    guard->before_commit();
  };
  CHECK_NOTHROW(rename("c"));
  CHECK_THROWS_WITH_AS(rename("rowid"), doctest::Contains("would change the meaning of view \"v\""), Error);
}

TEST_CASE("a view or a trigger that the migration drops and creates again means what its author wants") {
  const std::string view = alias;
  check_allowed(view, "DROP VIEW v; ALTER TABLE t ADD COLUMN c text; " + view);
  check_allowed(view, "ALTER TABLE t ADD COLUMN c text; DROP VIEW IF EXISTS main.v; " + view);
  check_allowed(view, "ALTER TABLE t ADD COLUMN c text; DROP VIEW v");
  check_allowed(clearing, "ALTER TABLE o ADD COLUMN id; DROP TRIGGER g; " + std::string(clearing));
}

TEST_CASE("a trigger on or over a renamed table does not stop a change of another column") {
  for (const std::string rename :
       {"ALTER TABLE t RENAME TO tt", "ALTER TABLE o RENAME TO oo", "ALTER TABLE c RENAME TO cc"}) {
    check_allowed(
        "CREATE TABLE c (id integer PRIMARY KEY AUTOINCREMENT, w); CREATE TRIGGER g AFTER DELETE ON t BEGIN DELETE "
        "FROM o "
        "WHERE a = OLD.a; INSERT INTO c (w) VALUES (OLD.id); END",
        renaming(rename + "; ALTER TABLE p RENAME COLUMN z TO y"));
  }
}

TEST_CASE("a trigger that would mean something else is refused although the migration renames tables") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  const std::string drop = "ALTER TABLE o DROP COLUMN a";
  for (const std::string rename :
       {"ALTER TABLE t RENAME TO tt", "ALTER TABLE go RENAME TO gone", "ALTER TABLE p RENAME TO pp",
        "ALTER TABLE p RENAME TO pp; ALTER TABLE t RENAME TO p; ALTER TABLE pp RENAME TO t"}) {
    check_refused(clearing, renaming(rename + "; " + drop),
                  "trigger \"g\": \"a\" in it would no longer be the column of \"o\"");
    check_refused(clearing, renaming(drop + "; " + rename), "trigger \"g\"");
    check_allowed(
        "CREATE TRIGGER g AFTER INSERT ON go BEGIN DELETE FROM t WHERE a IN (SELECT z FROM o); INSERT INTO p "
        "VALUES ('t'); END",
        renaming(rename + "; " + drop));
  }
}

TEST_CASE("a view or a trigger that reads the table which got the name of another one does not stop a migration") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  check_allowed(
      "CREATE TABLE t2 (id integer PRIMARY KEY, a text, b integer, c); CREATE VIEW v AS SELECT a FROM t;"
      "CREATE TRIGGER g AFTER INSERT ON go BEGIN DELETE FROM t WHERE a = new.x; END",
      "ALTER TABLE t RENAME TO t_old; ALTER TABLE t2 RENAME TO t; ALTER TABLE o DROP COLUMN z");
}
