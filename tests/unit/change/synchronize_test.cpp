#include "change/synchronize.h"

#include <doctest/doctest.h>

#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using change::SynchronizeOptions;
using session::Session;

namespace {

namespace as_text {
struct Address {
  std::int32_t id{};
  std::string zip;
  std::int64_t big{};
  static void describe(Entity<Address>& address) {
    address.primary_generated<&Address::id>();
    address.column<&Address::zip>();
    address.column<&Address::big>();
  }
};
}  // namespace as_text

namespace as_number {
struct Address {
  std::int32_t id{};
  std::int32_t zip{};
  double big{};
  static void describe(Entity<Address>& address) {
    address.primary_generated<&Address::id>();
    address.column<&Address::zip>();
    address.column<&Address::big>();
  }
};
}  // namespace as_number

DataSourceOptions with(DataSourceOptions options, Entities entities) {
  options.entities = entities;
  return options;
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("synchronize makes the database fit the entities, and then has nothing to do") {
  const Program program({});
  const Database database;
  Session session(with(database.options(program), entities<second::Post, second::User>()));
  CHECK(!change::synchronize(session, {}).statements.empty());
  CHECK(database.tables() == "post user");
  CHECK(database.columns("user") == "id email password");
  Log log;
  DataSourceOptions options = with(database.options(program), entities<second::Post, second::User>());
  log.attach(options);
  Session again(options);
  CHECK(change::synchronize(again, {}).statements.empty());
  for (const std::string& query : log.queries) {
    CHECK(query.find("IMMEDIATE") == std::string::npos);
    CHECK(query.find("advisory") == std::string::npos);
  }
}

TEST_CASE_OF_EACH_DATABASE("synchronize refuses to lose data, says what, and loses it when told") {
  const Program program({});
  const Database database;
  {
    Session session(with(database.options(program), entities<second::User>()));
    change::synchronize(session, {});
  }
  database.query("INSERT INTO \"user\"(email, password) VALUES ('a', 'b')");
  Session session(with(database.options(program), entities<first::User>()));
  const Error error = error_of([&] { change::synchronize(session, {}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "password"));
  CHECK(mentions(error, "Nothing was changed"));
  CHECK(mentions(error, "allow_data_loss"));
  CHECK(database.query("SELECT * FROM \"user\"") == "1|a|b");

  SynchronizeOptions options;
  options.mode = SynchronizeMode::allow_data_loss;
  options.dry_run = true;
  CHECK(change::synchronize(session, options).losses.size() == 2);
  CHECK(database.columns("user") == "id email password");
  options.dry_run = false;
  CHECK(change::synchronize(session, options).losses.size() == 2);
  CHECK(database.query("SELECT * FROM \"user\"") == "1");
}

TEST_CASE_OF_EACH_DATABASE(
    "synchronize asks whether a drop and an add are a rename, and keeps the rows if the entity says so") {
  const Program program({});
  const Database database;
  {
    Session session(with(database.options(program), entities<second::User>()));
    change::synchronize(session, {});
  }
  database.query("INSERT INTO \"user\"(email, password) VALUES ('a', 'b')");
  Session asking(with(database.options(program), entities<third::User>()));
  CHECK(mentions(error_of([&] { change::synchronize(asking, {}); }), ".renamed_from = \"password\""));
  Session knowing(with(database.options(program), entities<fourth::User>()));
  change::synchronize(knowing, {});
  CHECK(database.query("SELECT secret, note FROM \"user\"") == "b|NULL");
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("synchronize does not begin what would fail for want of a value") {
  const Program program({});
  const Database database;
  {
    Session session(with(database.options(program), entities<first::User>()));
    change::synchronize(session, {});
  }
  database.query("INSERT INTO \"user\" DEFAULT VALUES");
  Session session(with(database.options(program), entities<second::User>()));
  const Error error = error_of([&] { change::synchronize(session, {}); });
  CHECK(error.kind() == ErrorKind::undecided);
  CHECK(mentions(error, "column \"email\" of \"user\""));
  CHECK(database.columns("user") == "id");
}

TEST_CASE("synchronize that fails leaves everything as it was") {
  const Program program({});
  const Database database;
  {
    Session session(with(database.options(program), entities<second::User>()));
    change::synchronize(session, {});
  }
  database.query("CREATE VIEW passwords AS SELECT password FROM \"user\"");
  Session session(with(database.options(program), entities<first::User>()));
  SynchronizeOptions options;
  options.mode = SynchronizeMode::allow_data_loss;
  CHECK_THROWS_AS(change::synchronize(session, options), Error);
  CHECK(!session.connection().is_transaction_active());
  CHECK(session.connection().run("PRAGMA foreign_keys").values[0][0].integer() == 1);
  CHECK(database.columns("user") == "id email password");
}

TEST_CASE("drop_schema drops what entities describe, what migrations made and the history, and nothing else") {
  const Program program(
      {{"A1000000000001", statements({"CREATE TABLE made (id integer)", "CREATE VIEW seen AS SELECT id FROM made",
                                      "CREATE TRIGGER ours AFTER INSERT ON made BEGIN SELECT 1; END"})}});
  const Database database;
  database.query(
      "CREATE TABLE theirs (id integer); CREATE VIEW their_view AS SELECT id FROM theirs; "
      "CREATE TRIGGER their_trigger AFTER INSERT ON theirs BEGIN SELECT 1; END");
  Session session(with(database.options(program), entities<second::Post, second::User>()));
  change::synchronize(session, {});
  run::run_migrations(session);
  database.query("INSERT INTO user VALUES (1, 'a', 'b'); INSERT INTO post VALUES (1, 1)");
  const char* const everything =
      "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE name NOT LIKE "
      "'sqlite%' ORDER BY name)";
  const std::string before = database.query(everything);
  change::DropOptions dry;
  dry.dry_run = true;
  CHECK(change::drop_schema(session, dry).statements.size() >= 5);
  CHECK(database.query(everything) == before);
  change::drop_schema(session);
  CHECK(database.query(everything) == "their_trigger their_view theirs");
  CHECK(session.connection().run("PRAGMA foreign_keys").values[0][0].integer() == 1);
}

TEST_CASE("SQLite: drop_schema drops nothing that a table of others references, and says so") {
  const Program program({});
  const fixture::Database database;
  Session session(with(database.options(program), entities<second::User>()));
  change::synchronize(session, {});
  database.query("CREATE TABLE note (user_id integer REFERENCES user(id))");
  const Error error = error_of([&] { change::drop_schema(session); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "Nothing was dropped. This would leave a foreign key of \"note\""));
  CHECK(error.remedy().find("migration also") == std::string::npos);
  CHECK(database.tables() == "note user");
}

TEST_CASE("SQLite: a conversion that changes values is refused, and one that keeps all that are there is none") {
  const Program program({});
  const fixture::Database database;
  {
    Session session(with(database.options(program), entities<as_text::Address>()));
    change::synchronize(session, {});
  }
  Session session(with(database.options(program), entities<as_number::Address>()));
  database.query("INSERT INTO address VALUES (1, '01234', 1)");
  Error error = error_of([&] { change::synchronize(session, {}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "column \"zip\" of \"address\""));
  CHECK(!mentions(error, "\"big\""));

  database.query("UPDATE address SET zip = '1234', big = 9007199254740993");
  error = error_of([&] { change::synchronize(session, {}); });
  CHECK(mentions(error, "column \"big\" of \"address\""));
  CHECK(!mentions(error, "\"zip\""));
  CHECK(database.query("SELECT zip, big FROM address") == "1234|9007199254740993");

  database.query("UPDATE address SET big = 9007199254740992");
  change::synchronize(session, {});
  CHECK(database.query("SELECT zip, typeof(zip) FROM address") == "1234|integer");
}

TEST_CASE("synchronize numbers no rows that have no key, unless told") {
  const Program program({});
  const Database database;
  database.query(
      "CREATE TABLE address (id INT PRIMARY KEY, zip varchar NOT NULL, big bigint NOT NULL);"
      "INSERT INTO address VALUES (7, 'a', 1)");
  Session session(with(database.options(program), entities<as_text::Address>()));
  database.query("INSERT INTO address VALUES (NULL, 'b', 2)");
  const Error error = error_of([&] { change::synchronize(session, {}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "NULLs in column \"id\" of \"address\", which are replaced by generated numbers"));
  CHECK(database.query("SELECT count(*) FROM address WHERE id IS NULL") == "1");

  database.query("DELETE FROM address WHERE id IS NULL");
  change::synchronize(session, {});
  CHECK(database.query("SELECT id, zip FROM address") == "7|a");
}
