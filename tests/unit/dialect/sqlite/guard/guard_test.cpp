#include <doctest/doctest.h>

#include "unit/dialect/sqlite/guard/guarded_database.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::sqlite::make_guard;

TEST_CASE("a setting that does not take is an error before anything is done") {
  for (const char* pragma : {"PRAGMA foreign_keys = 0", "PRAGMA legacy_alter_table = 1"}) {
    CAPTURE(pragma);
    const Database database;
    Deaf deaf(*database, pragma);
    const auto error = error_of([&] { static_cast<void>(make_guard(deaf)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "could not be changed"));
    check_settings_are_back(*database);
  }
}

TEST_CASE("a setting that cannot be given back is an error") {
  const Database database;
  Deaf deaf(*database, "PRAGMA foreign_keys = 1");
  {
    const auto guard = make_guard(deaf);
    const auto error = error_of([&] { guard->finish(); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::connection);
    CHECK(contains(error->what(), "foreign_keys"));
    deaf.listen();
  }
  check_settings_are_back(*database);
}

TEST_CASE("a guard is not made inside a transaction") {
  const Database database;
  database->run("BEGIN");
  const auto error = error_of([&] { static_cast<void>(make_guard(*database)); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "inside a transaction"));
}

TEST_CASE("the settings are given back as they were, also after a failure in a transaction") {
  const Database database;
  {
    const auto guard = make_guard(*database);
    CHECK(number(*database, "PRAGMA foreign_keys") == 0);
    CHECK(number(*database, "PRAGMA legacy_alter_table") == 1);
    database->run("BEGIN IMMEDIATE");
    guard->run("CREATE TABLE new_one(x)", nullptr);
    CHECK_THROWS_AS(guard->run("INSERT INTO missing VALUES (1)", nullptr), Error);
  }
  check_settings_are_back(*database);
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE name = 'new_one'") == 0);

  database->run("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
  migrate(*database, rebuild_up);
  CHECK(number(*database, "PRAGMA foreign_keys") == 0);
  CHECK(number(*database, "PRAGMA legacy_alter_table") == 1);
}

TEST_CASE("statements have their parameters and rows, also under a guard") {
  const Database database;
  const auto guard = make_guard(*database);
  const std::vector<Value> parameters{Value(2)};
  CHECK(guard->run("SELECT count(*) FROM post WHERE author_id = ?", &parameters).values.at(0).at(0) == Value(2));
  guard->finish();
}

TEST_CASE("a migration cannot end the transaction that it runs in, nor begin another") {
  for (const char* statement : {"COMMIT", "END", "ROLLBACK", "BEGIN"}) {
    CAPTURE(statement);
    const Database database;
    const auto error =
        error_of([&] { migrate(*database, "INSERT INTO \"user\" VALUES (77); " + std::string(statement)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::migration);
    CHECK(error->statement() == statement);
    CHECK(contains(error->remedy(), "SAVEPOINT"));
    CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
    check_settings_are_back(*database);
  }
}

TEST_CASE("a migration can use savepoints in the transaction that it runs in") {
  const Database database;
  migrate(*database,
          "SAVEPOINT a; INSERT INTO \"user\" VALUES (77); ROLLBACK TO a; RELEASE a; INSERT INTO \"user\" VALUES (78)");
  CHECK(number(*database, "SELECT max(id) FROM \"user\"") == 78);
}

TEST_CASE("a migration without a transaction can begin and end its own, which is looked at before it commits") {
  const Database database;
  migrate(*database, "BEGIN; INSERT INTO \"user\" VALUES (77); COMMIT; BEGIN; DELETE FROM post; ROLLBACK", false);
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 3);
  CHECK(number(*database, "SELECT count(*) FROM post") == 3);

  const auto error = error_of([&] { migrate(*database, "BEGIN; DELETE FROM \"user\"; COMMIT", false); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 3);
  check_settings_are_back(*database);
}

TEST_CASE("a transaction that a migration leaves open is an error and is rolled back") {
  const Database database;
  const auto error = error_of([&] { migrate(*database, "BEGIN; INSERT INTO \"user\" VALUES (77)", false); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::migration);
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
  check_settings_are_back(*database);
}

TEST_CASE("a migration cannot switch foreign keys on for a rebuild") {
  for (const bool in_transaction : {true, false}) {
    CAPTURE(in_transaction);
    const Database database;
    migrate(*database, "PRAGMA foreign_keys = ON; " + std::string(rebuild_up), in_transaction);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    check_settings_are_back(*database);
  }
}

TEST_CASE("a migration that leaves legacy_alter_table off does not disturb the next one's rebuild") {
  const Database database;
  const auto guard = make_guard(*database);
  guard->run("PRAGMA legacy_alter_table = OFF", nullptr);
  guard->before_commit();
  guard->run(rebuild_down, nullptr);
  guard->before_commit();
  guard->finish();
  CHECK(number(*database, "SELECT count(*) FROM post") == 3);
  CHECK(number(*database, "SELECT count(*) FROM pragma_foreign_key_list('post') WHERE \"table\" = 'USER'") == 1);
}

TEST_CASE("a migration cannot turn off the journal, and may keep it elsewhere") {
  const Database database;
  const auto guard = make_guard(*database);
  for (const char* statement : {"PRAGMA journal_mode = OFF", "pragma main.journal_mode(off)",
                                "PRAGMA journal_mode='Off'", "SELECT 1; PRAGMA \"journal_mode\" = \"OFF\""}) {
    CAPTURE(statement);
    const auto error = error_of([&] { guard->run(statement, nullptr); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "rollback journal"));
    CHECK(value(*database, "PRAGMA journal_mode").text() != "off");
  }
  for (const char* mode : {"memory", "delete"}) {
    guard->run(std::string("PRAGMA journal_mode = ") + mode, nullptr);
    CHECK(value(*database, "PRAGMA journal_mode").text() == mode);
  }
}

TEST_CASE("a migration attaches no other file, and may attach what is the connection's own") {
  const Database database;
  const auto guard = make_guard(*database);
  for (const char* statement : {"ATTACH 'other.db' AS other", "ATTACH DATABASE other AS other",
                                "ATTACH ':memory:' || '' AS other", "SELECT 1; attach \"file:other.db\" as other"}) {
    CAPTURE(statement);
    const auto error = error_of([&] { guard->run(statement, nullptr); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
  }
  guard->run("ATTACH ':memory:' AS m; CREATE TABLE m.a (b); DETACH m", nullptr);
}
