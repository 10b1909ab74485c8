#include <doctest/doctest.h>
#include <sqlite3.h>

#include "support/version.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace std::chrono_literals;

TEST_CASE("every kind of value goes in and comes out as it was") {
  const auto connection = open_memory();
  const std::string text("a\0b", 3);
  const Bytes bytes{std::byte{0}, std::byte{255}, std::byte{0}};
  const std::vector<Value> values{nullptr, std::int64_t{-9'000'000'000}, 0.5, text, bytes, Bytes{}, "", true};
  const Rows::Data rows = connection->run("SELECT ? AS a, ?, ?, ?, ?, ?, ?, ?", values);
  REQUIRE(rows.values.size() == 1);
  CHECK(rows.columns.at(0) == "a");
  CHECK(rows.values[0].at(0) == Value(nullptr));
  CHECK(rows.values[0].at(1) == Value(std::int64_t{-9'000'000'000}));
  CHECK(rows.values[0].at(2) == Value(0.5));
  CHECK(rows.values[0].at(3) == Value(text));
  CHECK(rows.values[0].at(4) == Value(bytes));
  CHECK(rows.values[0].at(5) == Value(Bytes{}));
  CHECK(rows.values[0].at(6) == Value(""));
  CHECK(rows.values[0].at(7) == Value(1));
}

TEST_CASE("several statements run in their order, and the last that has rows gives them") {
  const auto connection = open_memory();
  const Rows::Data rows = connection->run(
      "CREATE TABLE a(x); -- one; two\n"
      "INSERT INTO a VALUES (1), (2);\n"
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = x + 10; DELETE FROM a WHERE x = 11; END;\n"
      "SELECT x FROM a ORDER BY x;\n"
      "INSERT INTO a VALUES (3);;");
  REQUIRE(rows.values.size() == 2);
  CHECK(rows.values[1][0] == Value(2));
  CHECK(number(*connection, "SELECT count(*) FROM a") == 2);
}

TEST_CASE("text without a statement does nothing") {
  const auto connection = open_memory();
  CHECK(connection->run("").values.empty());
  CHECK(connection->run(" ; -- nothing\n /* at all */ ;").columns.empty());
}

TEST_CASE("an error has the failing statement's own text and the place in it") {
  const auto connection = open_memory();
  const auto error = error_of(
      [&] { connection->run("CREATE TABLE a(x);\n -- of all things\n SELECT 1, missing FROM a; CREATE TABLE b(x)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->statement() == "SELECT 1, missing FROM a");
  CHECK(error->statement_offset() == (has_sqlite(38) ? 10 : -1));
  CHECK(error->native_code() == SQLITE_ERROR);
  CHECK(contains(error->what(), "no such column: missing"));
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 1);
}

TEST_CASE("an error of syntax has the whole statement") {
  const auto connection = open_memory();
  const auto error = error_of([&] { connection->run("SELECT 1; SELECT * FORM a WHERE x = ';' ; SELECT 2"); });
  REQUIRE(error);
  CHECK(error->statement() == "SELECT * FORM a WHERE x = ';'");
  CHECK(error->statement_offset() == (has_sqlite(38) ? 9 : -1));
}

TEST_CASE("a constraint that fails is named, with the extended code") {
  const auto connection = open_memory();
  connection->run("CREATE TABLE a(x NOT NULL)");
  const auto error = error_of([&] { connection->run("INSERT INTO a VALUES (NULL)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->native_code() == SQLITE_CONSTRAINT_NOTNULL);
  CHECK(contains(error->what(), "NOT NULL constraint failed: a.x"));
  CHECK(error->statement() == "INSERT INTO a VALUES (NULL)");
}

TEST_CASE("the number of values must be the number of placeholders") {
  const auto connection = open_memory();
  CHECK(error_of([&] { connection->run("SELECT ?, ?", {Value(1)}); })->kind() == ErrorKind::statement);
  CHECK(error_of([&] { connection->run("SELECT 1", {Value(1)}); })->kind() == ErrorKind::statement);
  const auto error = error_of([&] { connection->run("SELECT ?"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "placeholders for 1"));
  CHECK(error->statement() == "SELECT ?");
}

TEST_CASE("parameters go with one statement, and nothing of several is run") {
  const auto connection = open_memory();
  const auto error = error_of([&] { connection->run("CREATE TABLE a(x); SELECT ?", {Value(1)}); });
  REQUIRE(error);
  CHECK(error->statement_offset() == 19);
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 0);
  CHECK(connection->run("SELECT ? ; -- that is all", {Value(1)}).values.size() == 1);
}

TEST_CASE("a NUL character in SQL text is an error and does not cut it short") {
  const auto connection = open_memory();
  const auto error = error_of([&] { connection->run(std::string_view("SELECT 1\0; SELECT 2", 19)); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->statement_offset() == 8);
}

TEST_CASE("an observer sees every statement before and after it, and can stop it") {
  const auto connection = open_memory();
  Recorder recorder;
  recorder.refuse = "DROP TABLE a";
  CHECK_THROWS_AS(connection->run(" CREATE TABLE a(x) ; DROP TABLE a;", nullptr, recorder), Error);
  CHECK(recorder.told ==
        std::vector<std::string>{"before CREATE TABLE a(x)", "after CREATE TABLE a(x)", "before DROP TABLE a"});
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 1);
}

TEST_CASE("a connection enforces foreign keys") {
  const auto connection = open_memory();
  CHECK(number(*connection, "PRAGMA foreign_keys") == 1);
  CHECK(number(*connection->open_scratch(), "PRAGMA foreign_keys") == 1);
}

TEST_CASE("whether a transaction is active follows the statements") {
  const auto connection = open_memory();
  CHECK_FALSE(connection->is_transaction_active());
  connection->run("BEGIN");
  CHECK(connection->is_transaction_active());
  connection->run("COMMIT");
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("the version is the library's") {
  const int version = open_memory()->version();
  CHECK(version / 10000 == 3);
  CHECK(version / 100 % 100 == sqlite3_libversion_number() / 1000 % 1000);
}

TEST_CASE("a statement is interrupted from another thread") {
  const auto connection = open_memory();
  Interrupter interrupter(*connection);
  const auto error = error_of([&] {
    connection->run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  });
  interrupter.stop();
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::interrupted);
  CHECK(number(*connection, "SELECT 1") == 1);
}

TEST_CASE("a program's own connection is used as it is, and stays open and unchanged") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  sqlite3_busy_timeout(handle, 1234);
  {
    const auto connection = sqlite::driver().attach(handle, {.busy_timeout = 5ms});
    CHECK(connection->description() == "SQLite database in memory");
    CHECK(number(*connection, "PRAGMA foreign_keys") == 0);
    CHECK(number(*connection, "PRAGMA busy_timeout") == 1234);
    connection->run("CREATE TABLE a(x UNIQUE); INSERT INTO a VALUES (1)");
    CHECK(error_of([&] { connection->run("INSERT INTO a VALUES (1)"); })->native_code() == SQLITE_CONSTRAINT_UNIQUE);
  }
  CHECK(sqlite3_exec(handle, "INSERT INTO a VALUES (1)", nullptr, nullptr, nullptr) == SQLITE_CONSTRAINT);
  CHECK(sqlite3_close(handle) == SQLITE_OK);
}

TEST_CASE("a program's own connection must be there and outside a transaction") {
  CHECK(error_of([] { sqlite::driver().attach(nullptr, {}); })->kind() == ErrorKind::usage);
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr);
  const auto error = error_of([&] { sqlite::driver().attach(handle, {}); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::usage);
  CHECK(contains(error->what(), "inside a transaction"));
  sqlite3_close(handle);
}

TEST_CASE("a table that the program's own connection uses is an error that says so") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  const auto connection = sqlite::driver().attach(handle, {.busy_timeout = 5ms});
  connection->run("CREATE TABLE a(x); INSERT INTO a VALUES (1), (2)");
  sqlite3_stmt* reading = nullptr;
  sqlite3_prepare_v2(handle, "SELECT * FROM a", -1, &reading, nullptr);
  REQUIRE(sqlite3_step(reading) == SQLITE_ROW);
  const auto error = error_of([&] { connection->run("DROP TABLE a"); });
  sqlite3_finalize(reading);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::busy);
  CHECK(contains(error->remedy(), "the program's running statements"));
  connection->run("DROP TABLE a");
  sqlite3_close(handle);
}

TEST_CASE("a scratch database takes collations that only the program knows") {
  const auto scratch = open_memory()->open_scratch();
  scratch->run("CREATE TABLE a(x COLLATE \"program's own\"); INSERT INTO a VALUES ('b'), ('a')");
  CHECK(value(*scratch, "SELECT x FROM a ORDER BY x") == Value("a"));
}

TEST_CASE("the schemes end with a null pointer") {
  CHECK(std::string(sqlite::driver().schemes[0]) == "sqlite");
  CHECK(sqlite::driver().schemes[1] == nullptr);
}
