#include "session/migrations.h"

#include <doctest/doctest.h>

#include "session/session.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

void lend_none(MigrationUse*, void*) {}

Error list_error(const std::vector<MigrationEntry>& entries) {
  return error_of([&] { static_cast<void>(session::read_list({entries.data(), entries.size(), nullptr})); });
}

}  // namespace

TEST_CASE("the list is read oldest first, whatever the names before the timestamps") {
  const MigrationEntry entries[] = {{"A0000000000003", lend_none, "abc"}, {"Z0000000000001", lend_none, nullptr}};
  const auto migrations = session::read_list({entries, 2, nullptr});
  REQUIRE(migrations.size() == 2);
  CHECK(migrations[0].name == "Z0000000000001");
  CHECK(migrations[0].checksum.empty());
  CHECK(migrations[1].timestamp == 3);
  CHECK(migrations[1].checksum == "abc");
}

TEST_CASE(
    "a migration is found by its class, its timestamp, its file, and by either name alone if it is the only one") {
  const MigrationEntry entries[] = {{"UniqueEmail1000000000001", lend_none, nullptr},
                                    {"Users1000000000002", lend_none, nullptr},
                                    {"Users1000000000003", lend_none, nullptr}};
  const auto migrations = session::read_list({entries, 3, nullptr});
  for (const char* const name : {"UniqueEmail1000000000001", "1000000000001", "1000000000001-unique-email.cpp",
                                 "unique-email", "unique-email.cpp", "UniqueEmail"}) {
    INFO(name);
    CHECK(session::find(migrations, name) == &migrations[0]);
  }
  for (const char* const name : {"users", "email", "", "1000000000004"}) {
    INFO(name);
    CHECK(session::find(migrations, name) == nullptr);
  }
}

TEST_CASE("a list with a mistake is refused with the names") {
  CHECK(mentions(list_error({{"AddEmail", lend_none, nullptr}}), "AddEmail does not end with a timestamp"));
  CHECK(mentions(list_error({{"A123456789012x", lend_none, nullptr}}), "13 digits"));
  CHECK(mentions(list_error({{"", lend_none, nullptr}}), "has no name"));
  CHECK(mentions(list_error({{nullptr, lend_none, nullptr}}), "has no name"));
  CHECK(mentions(list_error({{"A1000000000001", nullptr, nullptr}}), "WHIMBREL_MIGRATION(A1000000000001);"));
  CHECK(mentions(list_error({{"A1000000000001", lend_none, nullptr}, {"A1000000000001", lend_none, nullptr}}),
                 "Two migrations are named A1000000000001"));
  const Error error = list_error({{"B1000000000001", lend_none, nullptr}, {"A1000000000001", lend_none, nullptr}});
  CHECK(mentions(error, "A1000000000001 and B1000000000001 have the same timestamp"));
  CHECK(error.kind() == ErrorKind::migration);
}

TEST_CASE("a mistake in the list is found before any database is touched") {
  const Program program({{"AddEmail", statements({})}});
  const Database database;
  CHECK_THROWS_AS(session::Session(database.options(program)), Error);
  CHECK(!database.exists());
}

namespace {

constexpr MigrationEntry of_sqlite[] = {{"A1000000000001", lend_none, nullptr}};
constexpr MigrationEntry of_postgres[] = {{"B1000000000002", lend_none, nullptr},
                                          {"C1000000000003", lend_none, nullptr}};
constexpr DatabaseMigrations lists[] = {{"sqlite", {of_sqlite, 1, "migrations/sqlite"}},
                                        {"postgres", {of_postgres, 2, "migrations/postgres"}}};
constexpr MigrationList of_both = {nullptr, 0, nullptr, lists, 2};

std::vector<std::string> names_for(const std::string& url) {
  const session::Session session({.url = url, .migrations = of_both});
  std::vector<std::string> names;
  for (const session::KnownMigration& migration : session.migrations()) names.push_back(migration.name);
  return names;
}

}  // namespace

TEST_CASE("of the migrations of several databases, those of the database of the URL are used") {
  CHECK(names_for("sqlite::memory:") == std::vector<std::string>{"A1000000000001"});
  CHECK(names_for("postgresql:///shop") == std::vector<std::string>{"B1000000000002", "C1000000000003"});

  const session::Session session({.url = "postgres:///shop", .migrations = of_both});
  CHECK(session.options().migrations.directory == std::string("migrations/postgres"));
  CHECK(session.options().migrations_directory.empty());
  CHECK(session.find_migration("A1000000000001") == nullptr);

  const session::Session elsewhere(
      {.url = "sqlite::memory:", .migrations = of_both, .migrations_directory = "/srv/migrations"});
  CHECK(elsewhere.options().migrations_directory == "/srv/migrations/sqlite");
}

TEST_CASE("a database without a list of migrations is an error that says what to add, and opens nothing") {
  const Error error = error_of([] { static_cast<void>(names_for("mariadb://nobody@localhost/shop")); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(std::string(error.what()) ==
        "The program has no migrations for the database \"mysql\", only for: sqlite, postgres.");
  CHECK(mentions(error, "Add mysql to the DATABASES of whimbrel_add_migrations()"));
}

TEST_CASE("a list without databases is for each of them") {
  const MigrationList list{of_sqlite, 1, "migrations"};
  CHECK(session::list_for(list, "sqlite").entries == of_sqlite);
  CHECK(session::list_for(list, "mysql").entries == of_sqlite);
}
