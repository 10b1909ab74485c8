#include "dialect/sqlite/client/busy_retry.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "temporary_directory.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace std::chrono_literals;

TEST_CASE("another connection's lock is an error after the timeout, with the file and the wait") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto writer = open_sqlite(url);
  writer->run("CREATE TABLE a(x); BEGIN IMMEDIATE");
  const auto other = open_sqlite(url, 60ms);
  const auto start = std::chrono::steady_clock::now();
  const auto error = error_of([&] { other->run("INSERT INTO a VALUES (1)"); });
  CHECK(std::chrono::steady_clock::now() - start >= 60ms);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::busy);
  CHECK(error->native_code() == SQLITE_BUSY);
  CHECK(contains(error->what(), "app.db"));
  CHECK(contains(error->what(), "60 ms"));
  CHECK(contains(error->remedy(), "busy_timeout"));
  writer->run("COMMIT");
  other->run("INSERT INTO a VALUES (1)");
}

TEST_CASE("a lock that is given up in time is waited for, at open, at BEGIN and at COMMIT") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto holder = open_sqlite(url);
  holder->run("CREATE TABLE a(x)");
  const auto release_after = [&](std::string_view lock, std::string_view release) {
    holder->run(lock);
    return std::thread([&holder, release] {
      std::this_thread::sleep_for(40ms);
      holder->run(release);
    });
  };

  std::thread release = release_after("BEGIN EXCLUSIVE", "COMMIT");
  const auto connection = open_sqlite(url, 10s);
  release.join();

  release = release_after("BEGIN IMMEDIATE", "COMMIT");
  connection->run("BEGIN IMMEDIATE");
  release.join();

  connection->run("INSERT INTO a VALUES (1)");
  release = release_after("BEGIN; SELECT * FROM a", "COMMIT");
  connection->run("COMMIT");
  release.join();
  CHECK(number(*holder, "SELECT count(*) FROM a") == 1);
}

TEST_CASE("a lock that waiting cannot bring is not waited for") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto writer = open_sqlite(url);
  writer->run("CREATE TABLE a(x)");
  const auto reader = open_sqlite(url, 10min);
  reader->run("BEGIN; SELECT * FROM a");
  writer->run("BEGIN IMMEDIATE");
  const auto error = error_of([&] { reader->run("INSERT INTO a VALUES (1)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::busy);
  CHECK_FALSE(contains(error->what(), "waited"));
}

TEST_CASE("waiting for a lock is interrupted from another thread") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto writer = open_sqlite(url);
  writer->run("CREATE TABLE a(x); BEGIN IMMEDIATE");
  const auto connection = open_sqlite(url, 10min);
  Interrupter interrupter(*connection);
  const auto error = error_of([&] { connection->run("BEGIN IMMEDIATE"); });
  interrupter.stop();
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::interrupted);
}
