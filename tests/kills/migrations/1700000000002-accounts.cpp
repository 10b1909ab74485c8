#include <whimbrel/migration.h>

/// `down` is `up` backwards, and has nothing to do with rows.
class Accounts1700000000002 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("ALTER TABLE customer ADD domain varchar(80) NULL, ALGORITHM=INPLACE");
    query_runner.query("UPDATE customer SET domain = SUBSTRING_INDEX(email, '@', -1)");
    query_runner.query("CREATE INDEX customer_domain ON customer (domain)");
    query_runner.query("ALTER TABLE customer MODIFY balance bigint NOT NULL DEFAULT 0");
    query_runner.query("CREATE TABLE account (customer bigint NOT NULL PRIMARY KEY, total bigint NOT NULL)");
    query_runner.query("INSERT INTO account SELECT customer, SUM(amount) FROM purchase GROUP BY customer");
    query_runner.query(
        "ALTER TABLE account ADD CONSTRAINT account_customer FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE "
        "CASCADE");
    query_runner.query("RENAME TABLE account TO customer_total");
    query_runner.query(
        "CREATE VIEW rich AS SELECT c.email, t.total FROM customer c JOIN customer_total t ON t.customer = c.id WHERE "
        "t.total > 500");
    query_runner.query(
        "CREATE TRIGGER purchase_total AFTER INSERT ON purchase FOR EACH ROW UPDATE customer_total SET total = total + "
        "NEW.amount WHERE customer = NEW.customer");
    query_runner.query("ALTER TABLE product ADD slug varchar(100) NOT NULL DEFAULT '' COMMENT 'für URLs', ALGORITHM=COPY");
    query_runner.query("UPDATE product SET slug = LOWER(REPLACE(title, ' ', '-'))");
    query_runner.query("ALTER TABLE product ADD UNIQUE KEY product_slug (slug)");
    query_runner.query("ALTER TABLE customer RENAME INDEX customer_domain TO customer_by_domain");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query("ALTER TABLE customer RENAME INDEX customer_by_domain TO customer_domain");
    query_runner.query("ALTER TABLE product DROP KEY product_slug");
    query_runner.query("ALTER TABLE product DROP slug");
    query_runner.query("DROP TRIGGER purchase_total");
    query_runner.query("DROP VIEW rich");
    query_runner.query("RENAME TABLE customer_total TO account");
    query_runner.query("ALTER TABLE account DROP FOREIGN KEY account_customer");
    query_runner.query("DROP TABLE account");
    query_runner.query("ALTER TABLE customer MODIFY balance int NOT NULL DEFAULT 0");
    query_runner.query("DROP INDEX customer_domain ON customer");
    query_runner.query("ALTER TABLE customer DROP domain");
  }
};

WHIMBREL_MIGRATION(Accounts1700000000002);
