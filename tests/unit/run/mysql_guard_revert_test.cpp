#include <doctest/doctest.h>

#include "unit/run/mysql_partial.h"

// A migration that stopped at the checks which guard the values of its columns.

using namespace whimbrel;
using namespace whimbrel::fixture;
using namespace whimbrel::fixture::partial;

namespace {

const std::string guard_price = "ALTER TABLE product ADD CONSTRAINT guard_price CHECK (price <> 30)";
const std::string guard_name = "ALTER TABLE product ADD CONSTRAINT guard_name CHECK (name <> 'a')";
const std::string change =
    "ALTER TABLE product DROP CONSTRAINT guard_price, DROP CONSTRAINT guard_name, MODIFY price bigint NOT NULL";
const std::string change_back = "ALTER TABLE product MODIFY price int NOT NULL";

std::string checks(const Shop& shop) {
  return shop.query(
      "SELECT count(*) FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() AND "
      "constraint_name LIKE 'guard%'");
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a migration that stopped between its checks is reverted without them") {
  const std::vector<std::vector<std::string>> downs = {
      {change_back},
      {"ALTER TABLE product ADD CONSTRAINT guard_price CHECK (price < 1000)",
       "ALTER TABLE product DROP CONSTRAINT guard_price, MODIFY price int NOT NULL"},
      {"ALTER TABLE product ADD CONSTRAINT other CHECK (price < 1000)",
       "ALTER TABLE product DROP CONSTRAINT other, MODIFY price int NOT NULL"}};
  for (const std::vector<std::string>& down : downs) {
    CAPTURE(down.front());
    const Shop shop;
    const std::vector<Script> more = {cents({guard_price, guard_name, change}, down)};
    CHECK(has(shop.up(more), "guard_name"));
    CHECK(checks(shop) == "1");
    CHECK(shop.down(more) == "");
    CHECK(checks(shop) == "0");
    CHECK(shop.history() == product_migration);
    CHECK_FALSE(shop.is_partial(more));
    shop.query("UPDATE product SET name = 'b'");
    CHECK(shop.up(more) == "");
    CHECK(shop.history() == product_migration + ' ' + cents_migration);
    CHECK(shop.down(more) == "");
    CHECK(checks(shop) == "0");
  }
}

TEST_CASE("MariaDB and MySQL: a check that the user put in the place of the migration's is not dropped by a revert") {
  const Shop shop;
  const std::vector<Script> more = {cents({guard_price, guard_name, change}, {change_back})};
  CHECK(has(shop.up(more), "guard_name"));
  shop.query("ALTER TABLE product DROP CONSTRAINT guard_price");
  shop.query("ALTER TABLE product ADD CONSTRAINT guard_price CHECK (price < 500)");
  CHECK(has(shop.down(more), "Nothing was changed"));
  CHECK(checks(shop) == "1");
}

TEST_CASE("MariaDB and MySQL: a revert that ended between its check and its change is undone without the check") {
  const Shop shop;
  const std::vector<Script> more = {cents(
      {"ALTER TABLE product MODIFY price bigint NOT NULL"},
      {guard_price, guard_name,
       "ALTER TABLE product DROP CONSTRAINT guard_price, DROP CONSTRAINT guard_name, MODIFY price int NOT NULL"})};
  CHECK(shop.up(more) == "");
  CHECK(has(shop.down(more), "guard_name"));
  CHECK(shop.up(more) == "");
  CHECK(checks(shop) == "0");
  CHECK(shop.history() == product_migration + ' ' + cents_migration);
}

TEST_CASE("MariaDB and MySQL: a migration that stopped where a check was gone is reverted with the check") {
  const Shop shop;
  const std::string add = "ALTER TABLE product ADD CONSTRAINT positive CHECK (price > 0)";
  const std::vector<Script> more = {
      {"Positive1800000000001", statements({add}), statements({"ALTER TABLE product DROP CONSTRAINT positive"})},
      {"Cents1800000000002",
       statements({"ALTER TABLE product DROP CONSTRAINT positive, ADD currency char(3)", guard_name,
                   "ALTER TABLE product DROP CONSTRAINT guard_name", add}),
       statements({"ALTER TABLE product DROP CONSTRAINT positive, DROP currency", add})}};
  const std::string positive =
      "SELECT count(*) FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() AND "
      "constraint_name = 'positive'";
  CHECK(has(shop.up(more), "guard_name"));
  CHECK(shop.query(positive) == "0");
  CHECK(shop.down(more) == "");
  CHECK(shop.query(positive) == "1");
  CHECK(shop.columns("product") == "id price name");
  CHECK(shop.history() == product_migration + " Positive1800000000001");
  CHECK(shop.down({more.front()}) == "");
}

TEST_CASE("MariaDB and MySQL: a trigger that the user made keeps no partial migration from going back") {
  const Shop shop;
  const std::vector<Script> more = {cents({add_currency, add_unique}, {drop_unique, drop_currency})};
  shop.query(
      "CREATE TABLE log (id int); CREATE TRIGGER own AFTER UPDATE ON product FOR EACH ROW INSERT INTO log VALUES "
      "(1)");
  CHECK(has(shop.up(more), "Duplicate entry"));
  CHECK(shop.down(more) == "");
  CHECK(shop.columns("product") == "id price name");
  CHECK(shop.query("SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()") == "1");
}

TEST_CASE("MariaDB: a computed column that guards the history of rows is dropped by a revert, too") {
  if (!test::is_mariadb()) return;
  const Shop shop;
  const std::string alter = "SET STATEMENT system_versioning_alter_history = 'KEEP' FOR ALTER TABLE product ";
  const std::vector<Script> more = {
      {"Versioned1800000000001", statements({"ALTER TABLE product ADD SYSTEM VERSIONING"}),
       statements({"ALTER TABLE product DROP SYSTEM VERSIONING"})},
      {"Cents1800000000002",
       statements({alter + "ADD COLUMN guard tinyint AS (IF(NOT (price <> 30), 1000, 0)) STORED",
                   alter + "ADD COLUMN other tinyint AS (IF(NOT (price <> 20), 1000, 0)) STORED",
                   alter + "DROP COLUMN guard, DROP COLUMN other, MODIFY price bigint NOT NULL"}),
       statements({alter + "MODIFY price int NOT NULL"})}};
  CHECK(has(shop.up(more), "other"));
  CHECK(shop.columns("product") == "id price name guard");
  CHECK(shop.down(more) == "");
  CHECK(shop.columns("product") == "id price name");
  CHECK(shop.history() == product_migration + " Versioned1800000000001");
}
