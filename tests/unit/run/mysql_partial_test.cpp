#include <doctest/doctest.h>

#include <thread>

#include "unit/run/mysql_partial.h"

// What remains of a migration that failed, was ended or goes back, on a database that commits with each schema change.

using namespace whimbrel;
using namespace whimbrel::fixture;
using namespace whimbrel::fixture::partial;

TEST_CASE("MariaDB and MySQL: a revert whose first statement fails does not forget that the migration is partial") {
  const Shop shop;
  const std::vector<std::string> up = {raise_prices, add_currency, add_unique};
  const std::vector<Script> wrong = {cents(up, {"ALTER TABEL product DROP currency", lower_prices})};
  CHECK(has(shop.up(wrong), "Duplicate entry 'a'"));
  CHECK(shop.is_partial(wrong));
  // Its `down` cannot be rehearsed.
  CHECK(has(shop.down(wrong), "`down` fails"));
  CHECK(shop.is_partial(wrong));
  const std::vector<Script> right = {cents(up, {drop_unique, drop_currency, lower_prices})};
  CHECK(shop.down(right).empty());
  CHECK(shop.prices() == "10\n20");
  CHECK(shop.columns("product") == "id price name");
  CHECK(shop.history() == product_migration);
  CHECK_FALSE(shop.is_partial(right));
}

TEST_CASE("MariaDB and MySQL: a revert that waits for a lock in vain is continued") {
  const Shop shop;
  const std::vector<Script> more = {
      cents({add_currency, raise_prices, add_unique}, {drop_unique, lower_prices, drop_currency})};
  CHECK(has(shop.up(more, TransactionMode::none), "Duplicate entry"));
  CHECK(shop.prices() == "1000\n2000");
  {
    const auto other = open_writer(shop);
    other->run("BEGIN");
    other->run("SELECT * FROM product FOR UPDATE");
    CHECK(has(shop.down(more), "lock"));
  }
  CHECK(shop.is_partial(more));
  CHECK(shop.history() == product_migration);
  CHECK(shop.down(more).empty());
  CHECK(shop.prices() == "10\n20");
  CHECK(shop.columns("product") == "id price name");
}

TEST_CASE("MariaDB and MySQL: a revert that fails on rows is applied again, although it has another order") {
  const Shop shop;
  const std::vector<Script> more = {
      cents({"CREATE TABLE other (id int)", add_unique}, {drop_unique, "DROP TABLE other"}),
      {"Last1800000000002",
       statements({"ALTER TABLE other ADD code int", drop_unique, "CREATE VIEW cheap AS SELECT id FROM product"}),
       statements({"ALTER TABLE other DROP code", "DROP VIEW cheap", add_unique})}};
  shop.query("DELETE FROM product WHERE id = 2");
  CHECK(shop.up(more).empty());
  shop.query("INSERT INTO product VALUES (2, 20, 'a')");
  CHECK(has(shop.down(more), "Duplicate entry"));
  CHECK(shop.columns("other") == "id");
  CHECK(shop.tables().find("cheap") == std::string::npos);
  CHECK(shop.up(more).empty());
  CHECK(shop.columns("other") == "id code");
  CHECK(shop.query("SELECT id FROM cheap") == "1\n2");
  CHECK_FALSE(shop.is_partial(more));
  shop.query("UPDATE product SET name = 'b' WHERE id = 2");
  CHECK(shop.down(more).empty());
  CHECK(shop.columns("other") == "id");
}

TEST_CASE("MariaDB and MySQL: a revert does not undo what somebody else has made") {
  const Shop shop;
  const std::vector<Script> more = {
      cents({"ALTER TABLE product ADD n int", add_currency}, {drop_currency, "ALTER TABLE product DROP n"})};
  shop.query(add_currency + "; UPDATE product SET currency = 'EUR'");
  CHECK(has(shop.up(more), "Duplicate column name 'currency'"));
  CHECK(has(shop.down(more), "the present schema is not the one in which statement 1 of `up` left it"));
  CHECK(shop.query("SELECT currency FROM product") == "EUR\nEUR");
  shop.query("ALTER TABLE product DROP currency");
  CHECK(shop.down(more).empty());
  CHECK(shop.columns("product") == "id price name");
}

TEST_CASE("MariaDB and MySQL: a statement that was running is not forgotten by a revert that is refused") {
  const Shop shop;
  const std::vector<std::string> down = {drop_unique, lower_prices};
  CHECK(!shop.up({cents({raise_prices, "ALTER TABLE product ADD UNIQUE (nam)"}, down)}).empty());
  CHECK(has(shop.down({cents({raise_prices, "ALTER TABLE product ADD UNIQUE (nam)"}, down)}), "Nothing was changed"));
  CHECK(shop.tables() == "migrations product");
  CHECK(shop.up({cents({raise_prices, "ALTER TABLE product ADD UNIQUE (price)"}, down)}).empty());
  CHECK(shop.prices() == "1000\n2000");
}

TEST_CASE("MariaDB and MySQL: a revert changes the rows back, or says that it cannot") {
  const std::vector<std::string> down = {drop_unique, lower_prices};
  struct Case {
    std::vector<std::string> up;
    std::string prices;
  };
  const std::string raise_one = "UPDATE product SET price = price * 100 WHERE id = 1";
  for (const Case& one : {Case{{raise_prices, "SELECT count(*) FROM product", add_unique}, "10\n20"},
                          Case{{raise_prices, add_unique}, "10\n20"},
                          // As a whole `up` and a whole `down` leave them.
                          Case{{raise_one, raise_prices, add_unique}, "1000\n20"},
                          // It is unknown whether more than the failed statement would follow.
                          Case{{raise_prices, "ALTER TABLE product ADD UNIQUE (nam)"}, ""}}) {
    const Shop shop;
    const std::vector<Script> more = {cents(one.up, down)};
    CHECK(!shop.up(more).empty());
    const bool is_undone = !one.prices.empty();
    CHECK(shop.down(more).empty() == is_undone);
    CHECK(shop.prices() == (is_undone ? one.prices : "1000\n2000"));
    CHECK(shop.is_partial(more) != is_undone);
  }
}

TEST_CASE("MariaDB and MySQL: rows that a loop has changed are not changed back by guess") {
  const Shop shop;
  const auto loop = [](QueryRunner& runner) {
    for (const Row row : runner.query("SELECT id, price FROM product")) {
      runner.query("UPDATE product SET price = ? WHERE id = ?", {row["price"].integer() * 100, row["id"].integer()});
    }
    runner.query(add_unique);
  };
  const std::vector<Script> more = {{cents_migration, loop, statements({drop_unique, lower_prices})}};
  CHECK(!shop.up(more).empty());
  CHECK(has(shop.down(more), "it is not clear"));
  CHECK(shop.prices() == "1000\n2000");
  shop.query("UPDATE product SET name = 'b' WHERE id = 2");
  CHECK(shop.up(more).empty());
  CHECK(shop.prices() == "1000\n2000");
}

TEST_CASE("MariaDB and MySQL: what no migration has made cannot be rehearsed, and is not changed back by guess") {
  const Shop shop;
  shop.query("CREATE TABLE legacy (i int); INSERT INTO legacy VALUES (1), (1)");
  const std::vector<Script> more = {
      cents({"ALTER TABLE legacy ADD a int", "UPDATE legacy SET i = i * 2", "ALTER TABLE legacy ADD UNIQUE (i)"},
            {"ALTER TABLE legacy DROP INDEX i", "UPDATE legacy SET i = i / 2", "ALTER TABLE legacy DROP a"})};
  CHECK(!shop.up(more).empty());
  CHECK(has(shop.down(more), "Nothing was changed"));
  CHECK(shop.query("SELECT sum(i) FROM legacy") == "4");
  shop.query("UPDATE legacy SET i = 7 LIMIT 1");
  CHECK(shop.up(more).empty());
  CHECK(shop.columns("legacy") == "i a");
}

TEST_CASE("MariaDB and MySQL: rows that are changed back first are changed back whole") {
  const Shop shop;
  const auto fails = [](QueryRunner& runner) {
    for (const std::string& sql : {add_currency, raise_prices, std::string("CREATE INDEX i ON product (price)")}) {
      runner.query(sql);
    }
    throw std::runtime_error("thrown");
  };
  const std::vector<Script> more = {
      {cents_migration, fails, statements({lower_prices, "DROP INDEX i ON product", drop_currency})}};
  CHECK(!shop.up(more).empty());
  const std::string error = shop.down(more);
  // The error is no statement's, so that nobody knows whether more would have followed.
  CHECK((error.empty() ? shop.prices() == "10\n20" : shop.prices() == "1000\n2000"));
}

TEST_CASE("MariaDB and MySQL: the history alone is changed on request, also of a partial migration") {
  const Shop shop;
  const std::vector<Script> more = {cents({raise_prices, add_unique}, {drop_unique, lower_prices})};
  CHECK(!shop.up(more).empty());
  CHECK(shop.is_partial(more));
  CHECK(shop.down(more, true).empty());
  CHECK_FALSE(shop.is_partial(more));
  CHECK(shop.history() == product_migration);
  CHECK(shop.prices() == "1000\n2000");
}

TEST_CASE("MariaDB and MySQL: a column that is renamed and changed is one operation, which is continued as a whole") {
  const Shop shop;
  shop.query("UPDATE product SET name = repeat('x', 15)");
  const auto change = [](QueryRunner& runner) {
    runner.change_column("product", "name",
                         {.name = "title", .type = type<std::string>(), .length = 10, .nullable = true});
  };
  const std::vector<Script> more = {{cents_migration, change}};
  const std::string too_long = shop.up(more);
  INFO(too_long);
  CHECK(!too_long.empty());
  shop.query("UPDATE product SET " + std::string(shop.columns("product") == "id price title" ? "title" : "name") +
             " = 'x'");
  CHECK(shop.up(more).empty());
  CHECK(shop.query("SELECT column_type FROM information_schema.columns WHERE column_name = 'title'"
                   " AND table_schema = database()") == "varchar(10)");
}

TEST_CASE("MariaDB and MySQL: a statement that failed halfway is not taken as completed") {
  const Shop shop;
  shop.query(
      "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (p int, FOREIGN KEY (p) REFERENCES parent (id));"
      "CREATE TABLE other (id int)");
  const std::vector<Script> more = {cents({"DROP TABLE other, parent"}, {})};
  CHECK(has(shop.up(more), "parent"));
  const std::string error = shop.up(more);
  if (has(shop.tables(), "other")) {
    CHECK(has(error, "parent"));  // MySQL drops all or none.
  } else {
    CHECK(has(error, "failed halfway"));
  }
  CHECK(shop.history() == product_migration);
}

TEST_CASE("MariaDB and MySQL: a failed statement is the error, although the journal cannot be written then") {
  const Shop shop;
  shop.query(
      "CREATE PROCEDURE fail() BEGIN DROP TABLE migrations_journal; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no "
      "birds'; END");
  const std::string error = shop.up({cents({"CALL fail()"}, {})});
  INFO(error);
  CHECK(has(error, "no birds"));
  CHECK_FALSE(has(error, "migrations_journal"));
}

TEST_CASE("MariaDB and MySQL: an error that the migration caught is the same in a run that continues it") {
  const Shop shop;
  const auto tries = [](bool ends) {
    return [ends](QueryRunner& runner) {
      bool is_there = true;
      try {
        runner.query("SELECT 1 FROM nowhere");
      } catch (const Error&) {
        is_there = false;
      }
      runner.query(add_currency);
      if (ends) throw std::runtime_error("ended");
      runner.query(is_there ? "UPDATE product SET currency = 'yes'" : "UPDATE product SET currency = 'no'");
    };
  };
  CHECK(has(shop.up({{cents_migration, tries(true)}}), "ended"));
  CHECK(shop.up({{cents_migration, tries(false)}}).empty());
  CHECK(shop.query("SELECT DISTINCT currency FROM product") == "no");
}

TEST_CASE("MariaDB and MySQL: a migration does not go on after the server rolled back its transaction") {
  enum class Way { of_the_runner, by_sql, by_sql_to_its_end, by_sql_and_again };
  for (const Way way : {Way::of_the_runner, Way::by_sql, Way::by_sql_to_its_end, Way::by_sql_and_again}) {
    CAPTURE(static_cast<int>(way));
    const bool begins = way != Way::of_the_runner;
    const Shop shop;
    const auto other = open_writer(shop);
    std::thread waits;
    // The server ends the transaction that has changed less.
    const auto deadlock = [&](QueryRunner& runner) {
      if (begins) runner.query("BEGIN");
      runner.query("INSERT INTO product VALUES (3, 30, 'c')");
      runner.query("UPDATE product SET price = 11 WHERE id = 1");
      other->run("BEGIN");
      other->run("INSERT INTO product (id, price) VALUES (11, 1), (12, 1), (13, 1), (14, 1), (15, 1), (16, 1)");
      other->run("UPDATE product SET price = 22 WHERE id = 2");
      waits = std::thread([&] { other->run("UPDATE product SET price = 21 WHERE id = 1"); });
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      try {
        runner.query("UPDATE product SET price = 12 WHERE id = 2");
      } catch (const Error&) {
        waits.join();
        other->run("ROLLBACK");
        if (way == Way::by_sql_to_its_end) return;
        if (way == Way::by_sql_and_again) runner.query("BEGIN");
        runner.query("UPDATE product SET price = 12 WHERE id = 2");
        if (begins) runner.query("COMMIT");
      }
    };
    const Script script{
        cents_migration, deadlock, {}, begins ? MigrationTransaction::never : MigrationTransaction::by_mode};
    const std::string error = shop.up({script});
    INFO(error);
    if (waits.joinable()) waits.join();
    if (way == Way::by_sql_and_again) {
      CHECK(error.empty());
      CHECK(shop.prices() == "10\n12");
      continue;
    }
    CHECK(has(error, "rolled back the transaction"));
    CHECK(shop.prices() == "10\n20");
    CHECK(shop.history() == product_migration);
  }
}

TEST_CASE("MariaDB and MySQL: history and journal are tables with transactions, whatever the server's default is") {
  const Shop shop;
  CHECK(shop.query("SELECT count(*) FROM information_schema.tables WHERE table_schema = database() AND"
                   " table_name LIKE 'migrations%' AND engine = 'InnoDB'") == "2");
}
