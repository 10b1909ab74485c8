#include <whimbrel/migration.h>

class Shop1700000000001 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(
        "CREATE TABLE customer (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(120) NOT NULL, name "
        "varchar(80), town varchar(60), balance int NOT NULL DEFAULT 0, note text, UNIQUE KEY customer_email (email)) "
        "ENGINE=InnoDB");
    query_runner.query(
        "CREATE TABLE product (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, title varchar(100) NOT NULL, price int NOT "
        "NULL, description mediumtext) ENGINE=InnoDB");
    query_runner.query(
        "CREATE TABLE purchase (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, customer bigint NOT NULL, amount int "
        "NOT NULL, code varchar(20), placed datetime, KEY purchase_customer (customer), CONSTRAINT purchase_customer "
        "FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE NO ACTION ON UPDATE NO ACTION) ENGINE=InnoDB");
    query_runner.query(
        "CREATE TABLE visit (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, page varchar(80) NOT NULL, seconds int) "
        "ENGINE=InnoDB");
    query_runner.query("CREATE TABLE visit_before LIKE visit");
    query_runner.query("CREATE TABLE setting (name varchar(40) NOT NULL PRIMARY KEY, value text) ENGINE=InnoDB");
    query_runner.query("CREATE TABLE log (entry varchar(200) NOT NULL, amount bigint NOT NULL) ENGINE=InnoDB");
    query_runner.query("CREATE VIEW customer_town AS SELECT town, COUNT(*) AS customers FROM customer GROUP BY town");
    query_runner.query(
        "CREATE TRIGGER purchase_paid AFTER UPDATE ON purchase FOR EACH ROW BEGIN IF NEW.amount <> OLD.amount THEN "
        "INSERT INTO log VALUES (CONCAT('purchase ', NEW.id), NEW.amount); END IF; END");
    // 9000 numbers; the servers allow a recursion of 1000.
    query_runner.query("CREATE TABLE number (i int NOT NULL PRIMARY KEY) ENGINE=InnoDB");
    query_runner.query(
        "INSERT INTO number WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT "
        "i FROM n");
    query_runner.query("INSERT INTO number SELECT i + 1000 FROM number UNION ALL SELECT i + 2000 FROM number");
    query_runner.query("INSERT INTO number SELECT i + 3000 FROM number UNION ALL SELECT i + 6000 FROM number");
    query_runner.query(
        "INSERT INTO customer SELECT i, CONCAT('user', i, '@', IF(i % 7 = 0, 'bücher', 'example'), '.org'), CASE i % "
        "5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN '诺拉 🐦' ELSE CONCAT('Name ', i) END, ELT(i % 4, 'Köln', "
        "'Łódź', ''), i % 100 - 50, IF(i % 10 = 0, REPEAT('lang ', i % 1000), NULL) FROM number");
    query_runner.query(
        "INSERT INTO product SELECT i, CONCAT('Prodükt ', i), i, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE "
        "REPEAT('«Text» ', i * 10) END FROM number WHERE i <= 300");
    query_runner.query(
        "INSERT INTO purchase SELECT i, i * 7 % 3000 + 1, i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE "
        "CONCAT('ß', i) END, IF(i % 3 = 0, NULL, '2026-02-28 10:00:00' + INTERVAL i HOUR) FROM number");
    query_runner.query(
        "INSERT INTO visit SELECT i, CONCAT('/seite/', i), NULLIF(i % 6, 0) FROM number WHERE i <= 2000");
    query_runner.query("INSERT INTO visit_before SELECT i, '', NULL FROM number WHERE i <= 50");
    query_runner.query("INSERT INTO setting VALUES ('empty', ''), ('none', NULL), ('motto', REPEAT('Ω', 5000))");
    query_runner.query("INSERT INTO log VALUES ('created', 0), ('', -1), ('created', 0)");
    query_runner.query("DROP TABLE number");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("DROP VIEW customer_town");
    query_runner.query("DROP TABLE log, setting, visit_before, visit, purchase, product, customer");
  }
};

WHIMBREL_MIGRATION(Shop1700000000001);
