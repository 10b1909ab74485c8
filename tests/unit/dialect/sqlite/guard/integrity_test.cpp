#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/dialect/sqlite/guard/guarded_database.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::sqlite::make_guard;

TEST_CASE("rows whose keys lead nowhere after a migration and did not before are an error") {
  for (const char* statement : {"DELETE FROM \"user\" WHERE id = 2", "INSERT INTO post VALUES (7, 70), (8, 80)",
                                "WITH two AS (SELECT 2 AS id) DELETE FROM \"user\" WHERE id IN (SELECT id FROM two)",
                                "UPDATE post SET author_id = 5 WHERE author_id = 2"}) {
    CAPTURE(statement);
    const Database database;
    const auto error = error_of([&] { migrate(*database, statement); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "leave 2 rows of \"post\" that reference missing rows of \"USER\" (before: 0)"));
    CHECK(contains(error->remedy(), "foreign_key_check"));
    CHECK(number(*database, "SELECT count(*) FROM post, \"user\"") == 6);
    check_settings_are_back(*database);
  }
}

TEST_CASE("more rows whose keys lead nowhere after a migration than before are an error") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; INSERT INTO post VALUES (7, 70); PRAGMA foreign_keys = ON");
  const auto error = error_of([&] { migrate(*database, "INSERT INTO post VALUES (8, 80)"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "leave 2 rows of \"post\" that reference missing rows of \"USER\" (before: 1)"));
}

TEST_CASE("rows whose keys led nowhere before a migration do not stop it, also in rebuilds") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; INSERT INTO post VALUES (7, 70); PRAGMA foreign_keys = ON");
  migrate(*database, rebuild_up);
  migrate(*database, rebuild_down);
  constexpr std::string_view rebuild_post =
      "CREATE TABLE \"temporary_post\" (\"id\" integer PRIMARY KEY, \"author_id\" integer REFERENCES \"user\"(\"id\"));"
      "INSERT INTO \"temporary_post\" SELECT * FROM \"post\"; DROP TABLE \"post\";"
      "ALTER TABLE \"temporary_post\" RENAME TO \"post\"";
  constexpr std::string_view rebuild_post_back =
      "ALTER TABLE \"post\" RENAME TO \"temporary_post\";"
      "CREATE TABLE \"post\" (\"id\" integer PRIMARY KEY, \"author_id\" integer REFERENCES \"user\"(\"id\"));"
      "INSERT INTO \"post\" SELECT * FROM \"temporary_post\"; DROP TABLE \"temporary_post\"";
  migrate(*database, "DROP TRIGGER forget");
  migrate(*database, rebuild_post);
  migrate(*database, rebuild_post_back);
  CHECK(number(*database, "SELECT count(*) FROM post") == 4);
  migrate(*database,
          "INSERT INTO \"user\" VALUES (3); PRAGMA legacy_alter_table = OFF; ALTER TABLE post RENAME TO article;"
          "ALTER TABLE \"user\" RENAME TO person; PRAGMA legacy_alter_table = ON");
  CHECK(number(*database, "SELECT count(*) FROM pragma_foreign_key_check") == 1);
}

TEST_CASE("a key that does not fit after a migration and did before is an error") {
  const Database database(
      "CREATE TABLE a(x); CREATE UNIQUE INDEX ax ON a(x); CREATE TABLE b(y REFERENCES a(x)); INSERT INTO a VALUES (1);"
      "INSERT INTO b VALUES (1)");
  const auto error = error_of([&] { migrate(*database, "DROP INDEX ax"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "unusable foreign keys of \"b\" (foreign key mismatch"));
  migrate(*database, "DROP INDEX ax; CREATE UNIQUE INDEX other ON a(x)");
}

TEST_CASE("a key that did not fit before a migration does not stop it, and other keys are still looked at") {
  const Database database(
      "CREATE TABLE a(x, id integer PRIMARY KEY); CREATE TABLE b(y REFERENCES a(x)); CREATE TABLE c(z REFERENCES a);"
      "INSERT INTO a VALUES (1, 1); INSERT INTO c VALUES (1)");
  migrate(*database, "INSERT INTO a VALUES (2, 2)");
  const auto error = error_of([&] { migrate(*database, "DELETE FROM a WHERE id = 1"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "leave 1 rows of \"c\" that reference missing rows of \"a\" (before: 0)"));
}

TEST_CASE("a table that goes while others refer to it is an error that names the key, the view and the trigger") {
  const Database database;
  const auto error = error_of([&] { migrate(*database, "DROP TABLE \"user\""); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "a foreign key of \"post\" to the missing table \"USER\""));
  CHECK(contains(error->what(), "an unusable view \"authors\" (no such table: main.user)"));
  CHECK(contains(error->what(), "an unusable trigger \"forget\" (no such table: main.user)"));
  CHECK(number(*database, "SELECT count(*) FROM post, \"user\"") == 6);
}

TEST_CASE("a table goes with what refers to it") {
  const Database database;
  migrate(*database, "DROP TABLE \"user\"; DROP VIEW authors; DROP TABLE post");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite%'") == 0);
}

TEST_CASE("a rename by hand that leaves its references behind is an error with the remedy that works") {
  const Database database;
  const auto error = error_of([&] { migrate(*database, "ALTER TABLE \"user\" RENAME TO \"person\""); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->remedy(), "PRAGMA legacy_alter_table = OFF"));
  migrate(*database,
          "PRAGMA legacy_alter_table = OFF; ALTER TABLE \"user\" RENAME TO \"person\"; PRAGMA legacy_alter_table = ON");
  CHECK(number(*database, "SELECT count(*) FROM authors") == 2);
  CHECK(number(*database, "SELECT count(*) FROM pragma_foreign_key_list('post') WHERE \"table\" = 'person'") == 1);
}

TEST_CASE("a column that goes while a view reads it is an error") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  const Database database("CREATE TABLE a(x, y); CREATE VIEW v AS SELECT y FROM a");
  const auto error = error_of([&] { migrate(*database, "ALTER TABLE a DROP COLUMN y"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "an unusable view \"v\" (no such column: y)"));
  CHECK(number(*database, "SELECT count(y) FROM a") == 0);
}

TEST_CASE("a rename by hand after which a view reads a string where it read a column is an error") {
  const Database database(
      "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT \"a\" AS n FROM (SELECT * FROM "
      "v)");
  CHECK_THROWS_WITH_AS(migrate(*database, "PRAGMA legacy_alter_table = OFF; ALTER TABLE t RENAME COLUMN a TO b"),
                       doctest::Contains("would leave a view \"w\" that reads a name as a string (no such column: "),
                       Error);
  CHECK_NOTHROW(migrate(*database, "CREATE VIEW x AS SELECT \"text\" AS n"));
}

TEST_CASE("what was broken before a migration does not stop it") {
  const Database database(
      "CREATE TABLE a(x REFERENCES missing); CREATE VIEW v AS SELECT x FROM nowhere; CREATE TABLE b(x);"
      "CREATE TRIGGER t AFTER INSERT ON b BEGIN INSERT INTO nowhere VALUES (1); END");
  migrate(*database, "ALTER TABLE a ADD COLUMN y; CREATE TABLE c(x); DROP TABLE c; DELETE FROM b");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master") == 4);
}

TEST_CASE("a view or a trigger that a migration makes and nobody can use is an error") {
  for (const auto& one :
       {std::pair("CREATE VIEW bad AS SELECT missing FROM a", "an unusable view \"bad\" (no such column: missing)"),
        std::pair("CREATE TRIGGER t AFTER DELETE ON a BEGIN INSERT INTO nowhere VALUES (1); END",
                  "an unusable trigger \"t\" (no such table: main.nowhere)"),
        std::pair("CREATE VIEW bad AS SELECT own(x) FROM a WHERE missing", "an unusable view \"bad\"")}) {
    const std::string statement = one.first;
    const std::string words = one.second;
    CAPTURE(statement);
    const Database database("CREATE TABLE a(x)");
    const auto error = error_of([&] { migrate(*database, statement); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK_MESSAGE(contains(error->what(), words), std::string(error->what()));
    CHECK(contains(error->remedy(), "create everything that a new view or trigger references"));
    CHECK(number(*database, "SELECT count(*) FROM sqlite_master") == 1);
  }
}

TEST_CASE("a view is made before what it reads, or calls a function that only the program has") {
  const Database database("CREATE TABLE a(x)");
  migrate(*database,
          "CREATE VIEW early AS SELECT y FROM b; CREATE TABLE b(y); CREATE VIEW own AS SELECT own(x) FROM a;"
          "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT own(OLD.x); END");
  CHECK(number(*database, "SELECT count(*) FROM early") == 0);
}

TEST_CASE("a trigger that is made beside one that was broken before is not to blame") {
  const Database database(
      "CREATE TABLE a(x); CREATE TRIGGER old AFTER INSERT ON a BEGIN INSERT INTO nowhere VALUES (1); END");
  migrate(*database, "CREATE TRIGGER new AFTER INSERT ON a BEGIN SELECT 1; END");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'") == 2);
}

TEST_CASE("a trigger is usable although another one of its event was broken before, and remains so") {
  const Database database(
      "CREATE TABLE a(x, y); CREATE TABLE b(z); CREATE TRIGGER old AFTER INSERT ON a BEGIN DELETE FROM nowhere; END;"
      "CREATE TRIGGER kept AFTER INSERT ON a BEGIN DELETE FROM b; END;"
      "CREATE TRIGGER again AFTER INSERT ON a BEGIN DELETE FROM b WHERE z = 1; END");
  const auto error = error_of([&] { migrate(*database, "DROP TABLE b"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "an unusable trigger \"kept\" (no such table: main.b)"));
  CHECK(contains(error->what(), "an unusable trigger \"again\" (no such table: main.b)"));
  CHECK_FALSE(contains(error->what(), "\"old\""));
  migrate(*database, "DROP TRIGGER kept; DROP TRIGGER again; DROP TABLE b");
}

TEST_CASE("a column that is added to a table costs no look at the rows") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; INSERT INTO post VALUES (7, 70); PRAGMA foreign_keys = ON");
  // Had the rows been looked at, a broken one would have been found when the rows are looked at only afterwards.
  const auto guard = make_guard(*database);
  database->run("BEGIN IMMEDIATE");
  guard->run("ALTER TABLE post ADD COLUMN title varchar; CREATE INDEX titles ON post(title)", nullptr);
  database->run("INSERT INTO post VALUES (8, 80, '')");
  guard->before_commit();
  database->run("COMMIT");
  guard->finish();
}

TEST_CASE("a view that stops an ALTER TABLE is named, as SQLite does not") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "an SQLite that does not name it");
  const Database database;
  database->run("CREATE VIEW lost AS SELECT * FROM gone");
  const auto error =
      error_of([&] { migrate(*database, "ALTER TABLE \"post\" RENAME COLUMN \"author_id\" TO \"writer_id\""); });
  REQUIRE(error);
  CHECK(contains(error->what(), "error in view lost: no such table: main.gone"));
  CHECK(contains(error->remedy(), "every view and trigger"));
}
