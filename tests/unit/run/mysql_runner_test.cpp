#include <doctest/doctest.h>

#include <thread>

#include "unit/run/mysql_partial.h"

// What one migration leaves to those after it, and what it may do to its own transactions.

using namespace whimbrel;
using namespace whimbrel::fixture;
using namespace whimbrel::fixture::partial;

namespace {

/// Lets two connections wait for each other, of which the server cancels the one of the migration.
void meet_deadlock(const Shop& shop, QueryRunner& query_runner) {
  const auto other = open_writer(shop);
  other->run("START TRANSACTION; UPDATE product SET price = price + 1 WHERE id = 2");
  for (int i = 0; i < 50; ++i) other->run("INSERT INTO busy VALUES (1), (2), (3)");  // The lighter one is canceled.
  std::thread thread([&] { other->run("UPDATE product SET price = price + 1 WHERE id = 1"); });
  CHECK_THROWS_AS(
      [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        query_runner.query("UPDATE product SET price = price + 10 WHERE id = 2");
      }(),
      Error);
  thread.join();
  other->run("ROLLBACK");
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a migration that an earlier one records as applied is not run") {
  const Shop shop;
  const std::string later = "Later1800000000002";
  const std::vector<Script> more = {
      cents({"INSERT INTO migrations (timestamp, name) VALUES (1800000000002, '" + later + "')"}, {}),
      {later, statements({"DROP TABLE product"})}};
  CHECK(shop.up(more).empty());
  CHECK(shop.history() == product_migration + ' ' + later + ' ' + cents_migration);
  CHECK(shop.prices() == "10\n20");
}

TEST_CASE("MariaDB and MySQL: a run is told for whom it waits, whatever is in the statements of other sessions") {
  const Shop shop;
  const Program none({});
  Session other(shop.options(none));
  REQUIRE(other.dialect().try_lock(other.connection()));
  std::thread thread([&] { other.connection().run("SELECT SLEEP(1), '\xF0\x9F\x90\xA6'"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const std::string error = shop.up({cents({raise_prices}, {})});
  thread.join();
  CAPTURE(error);
  CHECK(has(error, "Another process is running migrations"));
  CHECK(has(error, ": session "));
  CHECK(has(error, ", localhost, Query, for "));
  CHECK(shop.prices() == "10\n20");
}

TEST_CASE("MariaDB and MySQL: a migration is called partial only by a run that has the lock") {
  const Shop shop;
  const std::vector<Script> more = {cents({raise_prices, add_currency, add_unique}, {})};
  CHECK(has(shop.up(more), "Duplicate entry 'a'"));
  const Program none({});
  Session other(shop.options(none));
  REQUIRE(other.dialect().try_lock(other.connection()));
  CHECK(has(shop.up(more), "Another process is running migrations"));
  CHECK(shop.warnings().empty());
  other.dialect().unlock(other.connection());
  CHECK(has(shop.up(more), "Duplicate entry 'a'"));
  REQUIRE(shop.warnings().size() == 1);
  CHECK(has(shop.warnings().front(), "is partially applied"));
}

TEST_CASE("MariaDB and MySQL: settings of the session end with the migration that made them") {
  const Shop shop;
  shop.query("CREATE TABLE word (text varchar(20) CHARACTER SET utf8mb4)");
  const std::vector<Script> more = {
      cents({"SET NAMES latin1", "SET SESSION sql_mode = '', time_zone = '+05:00', foreign_key_checks = 0",
             "SET SESSION sql_select_limit = 0"},
            {}),
      {"Word1800000000002", statements({"INSERT INTO word VALUES ('\xC3\xA9')",
                                        "INSERT INTO word VALUES (CONCAT(@@time_zone, @@foreign_key_checks + 0))"})}};
  CHECK(shop.up(more).empty());
  CHECK(shop.query("SELECT HEX(text) FROM word LIMIT 1") == "C3A9");
  CHECK(shop.query("SELECT text FROM word LIMIT 1 OFFSET 1") == "+00:001");
}

TEST_CASE("MariaDB and MySQL: a migration does not switch to another database") {
  const Shop shop;
  const MysqlDatabase other;
  const std::string name = other.query("SELECT database()");
  const std::string error = shop.up({cents({"USE " + name, "CREATE TABLE stray (id int)"}, {})});
  CHECK(has(error, "switches to another database"));
  CHECK(other.tables() == "NULL");
  CHECK(shop.history() == product_migration);
}

TEST_CASE("MariaDB and MySQL: rows that went with a deadlock are missed in the migration's own transaction") {
  for (const bool tries_again : {false, true}) {
    CAPTURE(tries_again);
    const Shop shop;
    shop.query("CREATE TABLE busy (i int)");
    const Script script{cents_migration,
                        [&](QueryRunner& query_runner) {
                          query_runner.start_transaction();
                          query_runner.query("UPDATE product SET price = price + 10 WHERE id = 1");
                          meet_deadlock(shop, query_runner);
                          if (tries_again) {
                            query_runner.rollback_transaction();
                            query_runner.start_transaction();
                            query_runner.query("UPDATE product SET price = price + 10");
                          } else {
                            query_runner.query("UPDATE product SET price = price + 10 WHERE id = 2");
                          }
                          query_runner.commit_transaction();
                        },
                        [](QueryRunner&) {}, MigrationTransaction::never};
    const std::string error = shop.up({script}, TransactionMode::none);
    CAPTURE(error);
    CHECK(has(error, "rolled back the transaction") == !tries_again);
    CHECK(shop.prices() == (tries_again ? "20\n30" : "10\n20"));
    CHECK(shop.history() == product_migration + (tries_again ? ' ' + cents_migration : std::string()));
  }
}
