#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "unit/run/mysql_partial.h"

// Where it is not certain how a partial migration goes on or back, nothing is changed.

using namespace whimbrel;
using namespace whimbrel::fixture;
using namespace whimbrel::fixture::partial;

namespace {

const std::string make_copy = "CREATE TABLE copy (id int PRIMARY KEY, price int NOT NULL, name varchar(20))";
const std::string swap_tables = "RENAME TABLE product TO other, copy TO product, other TO copy";

/// As a run leaves it that ended after the statement, before it could note that.
void forget_completion(const Shop& shop, int ordinal) {
  shop.query("DELETE FROM migrations_journal WHERE ordinal > " + std::to_string(ordinal));
  shop.query("UPDATE migrations_journal SET is_done = 0, result = NULL WHERE ordinal = " + std::to_string(ordinal));
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a swap of equal tables is not reverted by guess") {
  const Shop shop;
  const std::vector<Script> more = {
      cents({make_copy, "SELECT nothing", swap_tables}, {swap_tables, "DROP TABLE copy"})};
  CHECK(!shop.up(more).empty());
  const std::string error = shop.down(more);
  CAPTURE(error);
  CHECK(has(error, "leaves no trace in the schema"));
  CHECK(shop.prices() == "10\n20");
  CHECK(shop.is_partial(more));
}

TEST_CASE("MariaDB and MySQL: a column whose table the server had to read again is renamed back") {
  const std::string rename = "ALTER TABLE product RENAME COLUMN ";
  const std::string again = rename + "price TO price", there = rename + "price TO cost";
  const std::string again_back = rename + "cost TO cost", back = rename + "cost TO price";
  for (const Script& halfway : {cents({again, there, add_unique}, {drop_unique, again_back, back}),
                                cents({again, add_unique, there}, {again_back, back, drop_unique})}) {
    const Shop shop;
    CHECK(has(shop.up({halfway}), "Duplicate entry"));
    CHECK(shop.down({halfway}) == "");
    CHECK(shop.prices() == "10\n20");
  }
}

TEST_CASE("MariaDB and MySQL: rows that were copied are not copied back to where they still are") {
  const Shop shop;
  const std::vector<std::string> down = {
      "CREATE TABLE product_old (id int, price int, name varchar(20))", "INSERT INTO product_old SELECT * FROM product",
      "ALTER TABLE product DROP INDEX i", "DROP TABLE product", "RENAME TABLE product_old TO product"};
  const std::vector<Script> more = {
      cents({"RENAME TABLE product TO product_old", "CREATE TABLE product (id int, price int, name text)",
             "INSERT INTO product SELECT * FROM product_old", "ALTER TABLE product ADD INDEX i (price)",
             "ALTER TABLE product ADD UNIQUE (name(3))", "DROP TABLE product_old"},
            down)};
  CHECK(has(shop.up(more), "Duplicate entry"));
  CHECK(has(shop.down(more), "Nothing was changed"));
  CHECK(shop.query("SELECT count(*) FROM product_old") == "2");
}

TEST_CASE("MariaDB and MySQL: a way back that depends on rows is not taken from an empty database") {
  const Shop shop;
  const auto back = [](QueryRunner& runner) {
    const Rows rows = runner.query("SELECT id, title FROM product");
    runner.query("ALTER TABLE product DROP INDEX title");
    runner.query("ALTER TABLE product ADD name varchar(20)");
    for (const Row row : rows) {
      runner.query("UPDATE product SET name = ? WHERE id = ?", {row["title"].text(), row["id"].integer()});
    }
    runner.query("ALTER TABLE product DROP title");
  };
  const std::vector<Script> more = {
      {cents_migration,
       statements({"ALTER TABLE product ADD title varchar(20)", "UPDATE product SET title = name",
                   "ALTER TABLE product DROP name", "ALTER TABLE product ADD UNIQUE (title)"}),
       back}};
  CHECK(has(shop.up(more), "Duplicate entry"));
  CHECK(has(shop.down(more), "reads rows"));
  CHECK(shop.query("SELECT title FROM product ORDER BY id") == "a\na");
}

TEST_CASE("MariaDB and MySQL: a revert does not start if it could not be completed") {
  const Shop shop;
  const std::vector<Script> more = {cents(
      {add_currency, "ALTER TABLE product ADD n int", add_unique},
      {drop_unique, "ALTER TABLE product DROP n", "SET @a = 1", "UPDATE product SET currency = @a", drop_currency})};
  CHECK(!shop.up(more).empty());
  CHECK(has(shop.down(more), "depends on what the session did before"));
  CHECK(shop.columns("product") == "id price name currency n");
}

TEST_CASE("MariaDB and MySQL: a revert that waits for the run of the migration removes it from the history") {
  const Shop shop;
  std::atomic<bool> is_halfway = false;
  const auto slowly = [&](QueryRunner& runner) {
    runner.query(add_currency);
    is_halfway = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    runner.query("ALTER TABLE product ADD n int");
  };
  const std::vector<Script> more = {
      {cents_migration, slowly, statements({"ALTER TABLE product DROP n", drop_currency})}};
  std::string forward;
  std::thread runs([&] { forward = shop.up(more); });
  while (!is_halfway) std::this_thread::yield();
  CHECK(shop.down(more).empty());
  runs.join();
  CHECK(forward.empty());
  CHECK(shop.columns("product") == "id price name");
  CHECK(shop.history() == product_migration);
}

TEST_CASE("MariaDB and MySQL: a statement that waited for a lock in vain has done nothing") {
  const Shop shop;
  const std::vector<Script> more = {cents({add_currency}, {drop_currency})};
  {
    const auto other = open_writer(shop);
    other->run("BEGIN");
    other->run("SELECT * FROM product");
    CHECK(has(shop.up(more), "lock"));
  }
  shop.query("CREATE INDEX by_hand ON product (price)");
  CHECK(shop.up(more).empty());
  CHECK(shop.columns("product") == "id price name currency");
}

TEST_CASE("MariaDB and MySQL: several renames that leave the same names are not repeated by guess") {
  const Shop shop;
  const std::string swap_columns =
      "ALTER TABLE product CHANGE price stock int NOT NULL AFTER price, CHANGE stock price int NOT NULL AFTER id";
  shop.query("ALTER TABLE product ADD stock int NOT NULL AFTER price");
  const std::vector<Script> columns = {cents({swap_columns, "ALTER TABLE product ADD UNIQUE (name)"}, {})};
  const std::string failed = shop.up(columns);
  CHECK(has(failed, "Duplicate entry"));
  CHECK(shop.query("SELECT stock FROM product ORDER BY id") == "10\n20");
  forget_completion(shop, 1);
  CHECK(has(shop.up(columns), "it is not known what it did"));
  CHECK(shop.query("SELECT stock FROM product ORDER BY id") == "10\n20");
}

TEST_CASE("MariaDB and MySQL: a swap of tables whose names are encoded is not repeated") {
  const Shop shop;
  shop.query("CREATE TABLE `a-1` (i int); CREATE TABLE `\xC3\xA9 b` (i int); INSERT INTO `a-1` VALUES (1)");
  const std::vector<Script> more = {
      cents({"RENAME TABLE `a-1` TO `x y`, `\xC3\xA9 b` TO `a-1`, `x y` TO `\xC3\xA9 b`", add_unique}, {})};
  CHECK(has(shop.up(more), "Duplicate entry"));
  CHECK(shop.query("SELECT i FROM `\xC3\xA9 b`") == "1");
  // The numbers of the tables tell that it was done.
  shop.query("DELETE FROM migrations_journal WHERE ordinal > 1");
  shop.query("UPDATE migrations_journal SET is_done = 0 WHERE ordinal = 1");
  shop.query("UPDATE product SET name = 'b' WHERE id = 2");
  CHECK(shop.up(more).empty());
  CHECK(shop.query("SELECT i FROM `\xC3\xA9 b`") == "1");
}

TEST_CASE("MySQL: a swap of tables of which it does not tell how their names are encoded is not repeated by guess") {
  if (test::is_mariadb()) return;  // It encodes them itself.
  const Shop shop;
  shop.query("CREATE TABLE `\xC3\xA9` (i int); CREATE TABLE `\xC3\xA8` (i int)");
  const std::vector<Script> more = {
      cents({"RENAME TABLE `\xC3\xA9` TO x, `\xC3\xA8` TO `\xC3\xA9`, x TO `\xC3\xA8`", add_unique}, {})};
  CHECK(has(shop.up(more), "Duplicate entry"));
  forget_completion(shop, 1);
  CHECK(has(shop.up(more), "it is not known what it did"));
}

TEST_CASE("MariaDB and MySQL: a swap of tables whose names have signs of ASCII is not repeated") {
  const Shop shop;
  shop.query("CREATE TABLE `a-1` (i int); CREATE TABLE `b $.#@ 2` (i int); INSERT INTO `a-1` VALUES (1)");
  const std::vector<Script> more = {
      cents({"RENAME TABLE `a-1` TO `x y`, `b $.#@ 2` TO `a-1`, `x y` TO `b $.#@ 2`", add_unique}, {})};
  CHECK(has(shop.up(more), "Duplicate entry"));
  forget_completion(shop, 1);
  shop.query("UPDATE product SET name = 'b' WHERE id = 2");
  CHECK(shop.up(more).empty());
  CHECK(shop.query("SELECT i FROM `b $.#@ 2`") == "1");
}

TEST_CASE("MariaDB and MySQL: what was read in a transaction that was rolled back is not forgotten") {
  const Shop shop;
  const auto reads = [](QueryRunner& runner) {
    runner.start_transaction();
    const Rows rows = runner.query("SELECT id FROM product");
    runner.query("INSERT INTO product VALUES (3, 30, 'c')");
    runner.rollback_transaction();
    runner.query("CREATE TABLE x (id int)");
    for (const Row row : rows) runner.query("INSERT INTO x VALUES (?)", {row["id"].integer()});
    runner.query(add_unique);
  };
  const std::vector<Script> more = {{cents_migration, reads}};
  CHECK(has(shop.up(more, TransactionMode::none), "Duplicate entry"));
  CHECK(shop.query("SELECT count(*) FROM x") == "2");
  shop.query("UPDATE product SET name = 'b' WHERE id = 2");
  CHECK(has(shop.up(more, TransactionMode::none), "rolled back"));
  CHECK(shop.history() == product_migration);
}

TEST_CASE("MariaDB and MySQL: recording a partial migration as complete does not record those after it") {
  const Shop shop;
  std::vector<Script> more = {cents({raise_prices, add_unique}, {})};
  more.push_back({"Third1800000000002", statements({"CREATE TABLE third (i int)"}), statements({})});
  CHECK(!shop.up(more).empty());
  CHECK(shop.up(more, TransactionMode::each, true).empty());
  CHECK(shop.history() == product_migration + ' ' + cents_migration);
  CHECK(shop.up(more).empty());
  CHECK(shop.columns("third") == "i");
}

TEST_CASE("MariaDB and MySQL: a table that was emptied is not emptied again") {
  for (const std::string& empty :
       {std::string("TRUNCATE TABLE log"), std::string("ALTER TABLE log TRUNCATE PARTITION p0"),
        std::string("CREATE OR REPLACE TABLE log (id int) PARTITION BY HASH (id) PARTITIONS 2")}) {
    if (!test::is_mariadb() && empty.starts_with("CREATE")) continue;
    CAPTURE(empty);
    const Shop shop;
    shop.query("CREATE TABLE log (id int) PARTITION BY HASH (id) PARTITIONS 2; INSERT INTO log VALUES (2)");
    const std::vector<Script> more = {cents({empty, add_unique}, {})};
    CHECK(has(shop.up(more), "Duplicate entry"));
    CHECK(shop.query("SELECT count(*) FROM log") == "0");
    shop.query("INSERT INTO log VALUES (4)");
    forget_completion(shop, 1);
    shop.query("UPDATE product SET name = 'b' WHERE id = 2");
    CHECK(shop.up(more).empty());
    CHECK(shop.query("SELECT id FROM log") == "4");
  }
}

TEST_CASE("MariaDB and MySQL: the table of another database is found there") {
  const Shop shop;
  const MysqlDatabase elsewhere;
  const std::string other = elsewhere.query("SELECT database()");
  elsewhere.query("CREATE TABLE product (id int)");
  const std::vector<Script> more = {
      cents({"ALTER TABLE " + other + ".product ADD note int", add_unique, "SELECT nothing"}, {})};
  CHECK(has(shop.up(more), "Duplicate entry"));
  forget_completion(shop, 1);
  shop.query("UPDATE product SET name = 'b' WHERE id = 2");
  CHECK(has(shop.up(more), "nothing"));
  CHECK(elsewhere.columns("product") == "id note");
}

TEST_CASE("MariaDB and MySQL: what a revert recreates has its SQL mode, also if it begins after that was set") {
  const Shop shop;
  const std::vector<Script> more = {cents(
      {add_currency, add_unique},
      {"SET sql_mode = 'PIPES_AS_CONCAT'", drop_unique, drop_currency,
       "CREATE TRIGGER tr BEFORE INSERT ON product FOR EACH ROW SET NEW.name = 'x' || 'y'", "SET sql_mode = ''"})};
  CHECK(has(shop.up(more), "Duplicate entry"));
  CHECK(shop.down(more) == "");
  CHECK(shop.query("SELECT sql_mode FROM information_schema.triggers WHERE trigger_schema = database()") ==
        "PIPES_AS_CONCAT");
}

TEST_CASE("MariaDB and MySQL: a trigger that was created in another session does not prevent a revert") {
  const Shop shop;
  const std::string trigger = "CREATE TRIGGER tr BEFORE INSERT ON product FOR EACH ROW SET NEW.name = 'x'";
  const std::vector<Script> more = {
      cents({trigger, add_currency, add_unique}, {drop_unique, drop_currency, "DROP TRIGGER tr"})};
  CHECK(has(shop.up(more), "Duplicate entry"));
  shop.query("DROP TRIGGER tr");
  shop.query("SET sql_mode = ''; " + trigger + "; SET sql_mode = DEFAULT");
  CHECK(shop.down(more) == "");
  CHECK(shop.query("SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = database()") == "0");
}
