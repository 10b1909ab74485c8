#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/dialect/sqlite/guard/guarded_database.h"

using namespace whimbrel;
using namespace whimbrel::test;

namespace {

std::string schema(dialect::Connection& connection) {
  std::string result;
  for (const auto& row :
       connection.run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name").values) {
    result += row.at(0).text() + '\n';
  }
  return result;
}

}  // namespace

TEST_CASE("without a guard a rebuild deletes the rows that refer to the table, also in a transaction") {
  for (const std::string_view begin : {"", "BEGIN;", "BEGIN; PRAGMA foreign_keys = OFF;"}) {
    CAPTURE(begin);
    const Database database;
    CHECK_THROWS_AS(database->run(std::string(begin) + std::string(rebuild_up)), Error);  // The view stands in the way.
    CHECK(number(*database, "SELECT count(*) FROM post") == 0);
  }
}

TEST_CASE("with a guard a rebuild upwards and downwards keeps every row, view, trigger and key") {
  for (const bool in_transaction : {true, false}) {
    CAPTURE(in_transaction);
    const Database database;
    const std::string before = schema(*database);
    migrate(*database, rebuild_up, in_transaction);
    CHECK(schema(*database) != before);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    CHECK(number(*database, "SELECT count(*) FROM authors") == 2);
    check_settings_are_back(*database);

    migrate(*database, rebuild_down, in_transaction);
    CHECK(schema(*database) == before);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    CHECK(number(*database, "SELECT count(*) FROM authors") == 2);
    check_settings_are_back(*database);
    database->run("DELETE FROM \"user\" WHERE id = 2");
    CHECK(number(*database, "SELECT count(*) FROM post") == 1);
  }
}

TEST_CASE("the mark of the last AUTOINCREMENT key goes with a rebuild, upwards and downwards") {
  const Database database;
  for (const std::string_view rebuild : {rebuild_up, rebuild_down}) {
    migrate(*database, rebuild);
    CHECK(number(*database, "SELECT seq FROM sqlite_sequence WHERE name = 'user'") == 9);
    CHECK(number(*database, "SELECT count(*) FROM sqlite_sequence") == 1);
  }
  database->run("INSERT INTO \"user\" DEFAULT VALUES");
  CHECK(number(*database, "SELECT max(id) FROM \"user\"") == 10);
}

TEST_CASE("what ANALYZE found out stays with a rebuild, but for indexes that are different ones now") {
  const Database database(
      "CREATE TABLE item(a integer, b text UNIQUE); CREATE INDEX kept ON item(a); CREATE INDEX changed ON item(a);"
      "CREATE INDEX dropped ON item(b); INSERT INTO item VALUES (1, 'x'), (1, 'y'), (2, 'z'); ANALYZE");
  const auto statistics = [&] {
    return value(*database,
                 "SELECT group_concat(tbl || ' ' || idx || ' ' || stat, ', ') "
                 "FROM (SELECT * FROM sqlite_stat1 ORDER BY idx)")
        .text();
  };
  CHECK(statistics() == "item changed 3 2, item dropped 3 1, item kept 3 2, item sqlite_autoindex_item_1 3 1");
  migrate(*database,
          "CREATE TABLE temporary_item(a integer NOT NULL, b text UNIQUE);"
          "INSERT INTO temporary_item SELECT a, b FROM item; DROP TABLE item;"
          "ALTER TABLE temporary_item RENAME TO item;"
          "CREATE INDEX kept ON item(a); CREATE INDEX changed ON item(a DESC)");
  CHECK(statistics() == "item kept 3 2, item sqlite_autoindex_item_1 3 1");
  migrate(*database,
          "ALTER TABLE item RENAME TO temporary_item; CREATE TABLE item(a integer, b text UNIQUE);"
          "INSERT INTO item SELECT a, b FROM temporary_item; DROP TABLE temporary_item; CREATE INDEX kept ON item(a)");
  CHECK(statistics() == "item kept 3 2, item sqlite_autoindex_item_1 3 1");
}

TEST_CASE("the mark of an empty table goes with its rebuild") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; DELETE FROM post; DELETE FROM \"user\"; PRAGMA foreign_keys = ON");
  migrate(*database, rebuild_up);
  CHECK(number(*database, "SELECT seq FROM sqlite_sequence WHERE name = 'user'") == 9);
}

TEST_CASE("a rebuild that takes AUTOINCREMENT away or brings it is none of the mark's business") {
  const Database database("CREATE TABLE a(id integer PRIMARY KEY AUTOINCREMENT, x); INSERT INTO a VALUES (5, 1)");
  migrate(*database,
          "CREATE TABLE temporary_a(id integer PRIMARY KEY, x); INSERT INTO temporary_a SELECT * FROM a; DROP TABLE a;"
          "ALTER TABLE temporary_a RENAME TO a");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_sequence") == 0);
  migrate(*database,
          "CREATE TABLE temporary_a(id integer PRIMARY KEY AUTOINCREMENT, x); INSERT INTO temporary_a SELECT * FROM a;"
          "DROP TABLE a; ALTER TABLE temporary_a RENAME TO a");
  CHECK(number(*database, "SELECT seq FROM sqlite_sequence WHERE name = 'a'") == 5);
}

TEST_CASE("a table is not dropped when its copy has not all of its rows") {
  for (const bool in_transaction : {true, false}) {
    CAPTURE(in_transaction);
    const Database database;
    const auto error = error_of([&] {
      migrate(*database,
              "CREATE TABLE \"Temporary_User\" (\"id\" integer PRIMARY KEY);"
              "INSERT INTO \"temporary_user\" SELECT \"id\" FROM \"user\" WHERE \"id\" > 1;"
              "DROP TABLE \"user\";",
              in_transaction);
    });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "has 2 rows, and its copy \"Temporary_User\" has 1"));
    CHECK(contains(error->remedy(), "copy every row"));
    CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'temp%'") == (in_transaction ? 0 : 1));
    check_settings_are_back(*database);
  }
}

TEST_CASE("a table is not dropped when its copy has only the rows of a damaged index") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "an SQLite that reads all rows from an index");
  const Database database(
      "CREATE TABLE a(id integer PRIMARY KEY, x, y); CREATE INDEX i ON a(x); INSERT INTO a VALUES (1, 'x', 'y')");
  run_past_index(*database, "i", "INSERT INTO a VALUES (2, 'x', 'y')");
  const std::string rebuild =
      "CREATE TABLE temporary_a(id integer PRIMARY KEY, x); INSERT INTO temporary_a SELECT id, x FROM a; DROP TABLE a;"
      "ALTER TABLE temporary_a RENAME TO a";
  const auto error = error_of([&] { migrate(*database, rebuild); });
  REQUIRE(error);
  CHECK(contains(error->what(), "has 2 rows, and its copy \"temporary_a\" has 1"));
  CHECK(contains(error->remedy(), "`REINDEX \"a\"`"));
  database->run("REINDEX \"a\"");
  migrate(*database, rebuild);
  CHECK(number(*database, "SELECT count(*) FROM a NOT INDEXED") == 2);
}

TEST_CASE("a table is not dropped when its generated copy has more rows than it") {
  const Database database;
  const auto error = error_of([&] {
    migrate(*database,
            "CREATE TABLE temporary_user (\"id\" integer PRIMARY KEY); INSERT INTO temporary_user SELECT id FROM "
            "\"user\"; INSERT INTO temporary_user VALUES (7); DROP TABLE \"user\"");
  });
  REQUIRE(error);
  CHECK(contains(error->what(), "has 2 rows, and its copy \"temporary_user\" has 3"));
}

TEST_CASE("a rebuild that does not give the copy the name of its table is not committed") {
  for (const bool in_transaction : {true, false}) {
    const Database database;
    const std::string whole(rebuild_up);
    const auto error = error_of([&] { migrate(*database, whole.substr(0, whole.rfind(';')), in_transaction); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "\"user\" was dropped, but its copy \"temporary_user\" was not renamed"));
    if (in_transaction) CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
  }
}

TEST_CASE("downwards the renamed table is not dropped when the new one has not all of its rows") {
  const Database database;
  const auto error = error_of([&] {
    migrate(*database,
            "ALTER TABLE \"user\" RENAME TO \"temporary_user\"; CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY);"
            "DROP TABLE \"temporary_user\"");
  });
  REQUIRE(error);
  CHECK(contains(error->what(), "\"temporary_user\" was not dropped: it has 2 rows, and its copy \"user\" has 0"));
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
}

TEST_CASE("rows that go from a referring table when a rebuilt table is dropped are noticed, and come back") {
  const Database database(
      "CREATE TABLE parent(id integer PRIMARY KEY); CREATE TABLE child(parent_id REFERENCES Parent ON DELETE CASCADE);"
      "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1), (1)");
  // SQLite has foreign keys on, and says that it has not.
  Deaf deaf(*database, "PRAGMA foreign_keys = 0");
  deaf.answer("PRAGMA foreign_keys", 0);
  const auto error = error_of([&] {
    migrate(deaf,
            "CREATE TABLE temporary_parent(id integer PRIMARY KEY, x);"
            "INSERT INTO temporary_parent(id) SELECT id FROM parent; DROP TABLE parent;"
            "ALTER TABLE temporary_parent RENAME TO parent");
  });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "changed the referencing table \"child\" from 2 rows to 0"));
  CHECK(number(*database, "SELECT count(*) FROM child") == 2);
}

TEST_CASE("rows that go with rows of the copy when a rebuilt table is dropped are noticed, too") {
  const Database database("CREATE TABLE parent(id integer PRIMARY KEY); INSERT INTO parent VALUES (1)");
  Deaf deaf(*database, "PRAGMA foreign_keys = 0");
  deaf.answer("PRAGMA foreign_keys", 0);
  const auto error = error_of([&] {
    migrate(deaf,
            "CREATE TABLE temporary_parent(id integer PRIMARY KEY REFERENCES parent ON DELETE CASCADE);"
            "CREATE TABLE child(parent_id REFERENCES temporary_parent ON DELETE CASCADE);"
            "INSERT INTO temporary_parent SELECT id FROM parent; INSERT INTO child VALUES (1); DROP TABLE parent");
  });
  REQUIRE(error);
  CHECK(contains(error->what(), "changed the referencing table \"child\" from 1 rows to 0"));
}

TEST_CASE("the temporary name may have several prefixes, and other tables of such names are nobody's copies") {
  const Database database("CREATE TABLE a(x); CREATE TABLE temporary_a(x); INSERT INTO a VALUES (1), (2)");
  const auto error = error_of([&] { migrate(*database, "CREATE TABLE temporary_temporary_a(x); DROP TABLE a"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "its copy \"temporary_temporary_a\" has 0"));
  migrate(
      *database,
      "CREATE TABLE temporary_temporary_a(x, y); INSERT INTO temporary_temporary_a(x) SELECT x FROM a; DROP TABLE a;"
      "ALTER TABLE temporary_temporary_a RENAME TO a");
  CHECK(number(*database, "SELECT count(*) FROM a") == 2);
  migrate(*database, "DROP TABLE a; CREATE TABLE a(x); INSERT INTO a VALUES (1); DROP TABLE temporary_a");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master") == 1);
}
