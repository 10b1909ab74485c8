#include "history/history.h"

#include <doctest/doctest.h>

#include "support/dialects.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using test::sqlite_dialect;

namespace {

std::unique_ptr<dialect::Connection> open_memory() {
  dialect::ConnectionOptions options;
  options.url = "sqlite::memory:";
  return sqlite::driver().open(options);
}

history::Record record(const std::string& name, std::int64_t timestamp) {
  history::Record result;
  result.name = name;
  result.timestamp = timestamp;
  return result;
}

}  // namespace

TEST_CASE("a history without a table is empty, and reading makes none") {
  const auto connection = open_memory();
  const history::History history(sqlite_dialect(), "migrations");
  const history::State state = history.read(*connection);
  CHECK(state.records.empty());
  CHECK(!state.table_exists);
  CHECK(history.read_names(*connection).empty());
  CHECK(connection->run("SELECT name FROM sqlite_master").values.empty());
}

TEST_CASE("what is added is read back, and can be removed") {
  const auto connection = open_memory();
  const history::History history(sqlite_dialect(), "migrations");
  history::State state = history.read(*connection);
  history.prepare(*connection, state);
  history::Record one = record("One1000000000001", 1000000000001);
  one.checksum = "abc";
  one.applied_at = history::current_time();
  one.duration_ms = 12;
  history.add(*connection, one);
  history.add(*connection, record("It's \"two\"1000000000002", 1000000000002));

  state = history.read(*connection);
  REQUIRE(state.records.size() == 2);
  CHECK(state.table_exists);
  CHECK(state.missing_columns.empty());
  CHECK(state.records[0].id == 1);
  CHECK(state.records[0].timestamp == 1000000000001);
  CHECK(state.records[0].checksum == "abc");
  CHECK(state.records[0].applied_at == one.applied_at);
  CHECK(state.records[0].duration_ms == 12);
  CHECK(state.records[1].checksum.empty());
  CHECK(!state.records[1].duration_ms);
  CHECK(history.contains(*connection, "It's \"two\"1000000000002"));

  history.remove(*connection, state.records[1]);
  CHECK(!history.contains(*connection, "It's \"two\"1000000000002"));
  CHECK(history.contains(*connection, one.name));
}

TEST_CASE("records come by id, whatever their order in the table") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE migrations (name varchar, Timestamp bigint, ID integer); "
      "INSERT INTO migrations VALUES ('b', '2', 2), ('a', '1', 1)");
  const history::State state = history::History(sqlite_dialect(), "migrations").read(*connection);
  REQUIRE(state.records.size() == 2);
  CHECK(state.records[0].name == "a");
  CHECK(state.records[0].timestamp == 1);
  CHECK(state.missing_columns == std::vector<std::string>{"checksum", "applied_at", "duration_ms"});
  const auto names = history::History(sqlite_dialect(), "migrations").read_names(*connection);
  REQUIRE(names.size() == 2);
  CHECK(names[0].name == "a");
  CHECK(names[1].id == 2);
  CHECK(names[1].timestamp == 2);
}

TEST_CASE("an error that is not a missing table is not taken for an empty history") {
  const auto connection = open_memory();
  connection->run("CREATE TABLE a (x); CREATE VIEW migrations AS SELECT y AS id FROM a");
  const history::History history(sqlite_dialect(), "migrations");
  CHECK_THROWS_AS(static_cast<void>(history.read(*connection)), Error);
  CHECK_THROWS_AS(static_cast<void>(history.read_names(*connection)), Error);
}

TEST_CASE("a value that is none of a history is an error that names the table and the row") {
  struct Case {
    const char* change;
    const char* words;
  };
  for (const Case& one :
       {Case{"timestamp = NULL", "\"timestamp\" is not an integer"}, Case{"timestamp = 1.5", "\"timestamp\" is not"},
        Case{"timestamp = 'abc'", "\"timestamp\" is not"}, Case{"checksum = x'00'", "\"checksum\" is not text"},
        Case{"duration_ms = 'long'", "\"duration_ms\" is not an integer"}}) {
    CAPTURE(one.change);
    const auto connection = open_memory();
    connection->run(
        "CREATE TABLE migrations (id integer PRIMARY KEY, timestamp bigint, name varchar, checksum varchar, "
        "applied_at varchar, duration_ms integer); INSERT INTO migrations VALUES (7, 1, 'A1', 'x', NULL, 3)");
    connection->run(std::string("UPDATE migrations SET ") + one.change);
    const history::History history(sqlite_dialect(), "migrations");
    const Error error = fixture::error_of([&] { static_cast<void>(history.read(*connection)); });
    CHECK(error.kind() == ErrorKind::migration);
    CHECK(fixture::mentions(error, "table \"migrations\" has a row (id 7, name \"A1\")"));
    CHECK(fixture::mentions(error, one.words));
    CHECK(!error.remedy().empty());
    if (!std::string_view(one.change).starts_with("timestamp")) continue;
    CHECK(fixture::mentions(fixture::error_of([&] { static_cast<void>(history.read_names(*connection)); }), one.words));
  }
}

TEST_CASE("a history that is a view is an error that says what to do") {
  const auto connection = open_memory();
  connection->run("CREATE TABLE a (x); CREATE VIEW migrations AS SELECT x AS id, x AS timestamp, x AS name FROM a");
  const history::History history(sqlite_dialect(), "migrations");
  history::State state = history.read(*connection);
  for (const Error& error : {fixture::error_of([&] { history.prepare(*connection, state); }),
                             fixture::error_of([&] { history.add(*connection, record("A1", 1)); })}) {
    CHECK(error.kind() == ErrorKind::statement);
    CHECK(error.remedy().find("If it is a view") != std::string::npos);
  }
}
