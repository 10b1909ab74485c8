#include <whimbrel/migration.h>

/// Changes rows in both directions, so that none of them may be changed twice.
class Cents1700000000003 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("ALTER TABLE purchase ADD currency char(3) NULL");
    query_runner.query("ALTER TABLE purchase MODIFY amount bigint NOT NULL");
    query_runner.query("UPDATE purchase SET amount = amount * 100");
    query_runner.query("UPDATE purchase SET currency = 'EUR' WHERE amount % 3 <> 0");
    query_runner.query("ALTER TABLE purchase MODIFY code varchar(60) COLLATE utf8mb4_bin NULL");
    query_runner.query("UPDATE purchase SET code = CONCAT('№', code)");
    query_runner.query("DROP TRIGGER purchase_paid");
    query_runner.query("ALTER TABLE product CHANGE price cents bigint NOT NULL");
    query_runner.query("UPDATE product SET cents = cents * 100");
    query_runner.query("DROP VIEW customer_town");
    query_runner.query("ALTER TABLE setting RENAME TO preference");
    query_runner.query("INSERT INTO preference VALUES ('currency', 'EUR'), ('rate', NULL)");
    query_runner.query(
        "CREATE VIEW customer_town AS SELECT town, COUNT(*) AS customers, SUM(balance) AS balance FROM customer GROUP "
        "BY town");
    query_runner.query("ALTER TABLE purchase ADD CONSTRAINT purchase_amount CHECK (amount > -1000000), ALGORITHM=COPY");
    query_runner.query(
        "CREATE TRIGGER purchase_added BEFORE INSERT ON purchase FOR EACH ROW SET NEW.currency = "
        "COALESCE(NEW.currency, 'EUR')");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("DROP TRIGGER purchase_added");
    query_runner.query("ALTER TABLE purchase DROP CONSTRAINT purchase_amount");
    query_runner.query("DROP VIEW customer_town");
    query_runner.query("DELETE FROM preference WHERE name IN ('currency', 'rate')");
    query_runner.query("ALTER TABLE preference RENAME TO setting");
    query_runner.query("CREATE VIEW customer_town AS SELECT town, COUNT(*) AS customers FROM customer GROUP BY town");
    query_runner.query("UPDATE product SET cents = cents DIV 100");
    query_runner.query("ALTER TABLE product CHANGE cents price int NOT NULL");
    query_runner.query(
        "CREATE TRIGGER purchase_paid AFTER UPDATE ON purchase FOR EACH ROW BEGIN IF NEW.amount <> OLD.amount THEN "
        "INSERT INTO log VALUES (CONCAT('purchase ', NEW.id), NEW.amount); END IF; END");
    query_runner.query("UPDATE purchase SET code = SUBSTRING(code, 2)");
    query_runner.query("ALTER TABLE purchase MODIFY code varchar(20) NULL");
    query_runner.query("UPDATE purchase SET amount = amount DIV 100");
    query_runner.query("DELETE FROM log WHERE entry LIKE 'purchase %'");
    query_runner.query("ALTER TABLE purchase MODIFY amount int NOT NULL");
    query_runner.query("ALTER TABLE purchase DROP currency");
  }
};

WHIMBREL_MIGRATION(Cents1700000000003);
