#include <whimbrel/migration.h>

/// Replaces tables by copies and by each other, and empties one. `down` is not `up` backwards.
class Exchange1700000000005 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("RENAME TABLE visit TO visit_swap, visit_before TO visit, visit_swap TO visit_before");
    query_runner.query("INSERT INTO visit SELECT id + 10000, page, seconds FROM visit_before WHERE seconds = 1");
    query_runner.query("CREATE TABLE log_before LIKE log");
    query_runner.query("INSERT INTO log_before SELECT * FROM log");
    query_runner.query("INSERT INTO log_before SELECT email, balance FROM customer WHERE balance > 0");
    query_runner.query("TRUNCATE TABLE log");
    query_runner.query("INSERT INTO log SELECT 'before', COUNT(*) FROM log_before");
    query_runner.query("CREATE TABLE product_new LIKE product");
    query_runner.query("ALTER TABLE product_new ADD weight decimal(8,2) NULL AFTER title, ADD KEY (price)");
    query_runner.query(
        "INSERT INTO product_new (id, title, weight, price, description) SELECT id, title, ROUND(price / 7, 2), price, "
        "description FROM product");
    query_runner.query("RENAME TABLE product TO product_old, product_new TO product");
    query_runner.query("DELETE FROM product_old WHERE id > 250");
    query_runner.query("DROP TABLE product_old");
    query_runner.query("ALTER TABLE customer CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    query_runner.query("ALTER TABLE purchase DROP FOREIGN KEY purchase_customer, ADD KEY purchase_placed (placed)");
    query_runner.query("ALTER TABLE visit PARTITION BY HASH (id) PARTITIONS 3");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("ALTER TABLE visit REMOVE PARTITIONING");
    query_runner.query(
        "ALTER TABLE purchase DROP KEY purchase_placed, ADD CONSTRAINT purchase_customer FOREIGN KEY (customer) "
        "REFERENCES customer (id) ON DELETE NO ACTION ON UPDATE NO ACTION");
    query_runner.query("ALTER TABLE customer CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
    query_runner.query("ALTER TABLE product DROP KEY price, DROP weight");
    query_runner.query("TRUNCATE TABLE log");
    query_runner.query("INSERT INTO log SELECT * FROM log_before WHERE entry NOT LIKE '%@%'");
    query_runner.query("DROP TABLE log_before");
    query_runner.query("DELETE FROM visit WHERE id > 10000");
    query_runner.query("RENAME TABLE visit TO visit_swap, visit_before TO visit, visit_swap TO visit_before");
  }
};

WHIMBREL_MIGRATION(Exchange1700000000005);
