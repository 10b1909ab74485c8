#include <whimbrel/migration.h>

// What PostgreSQL refuses to do in a transaction.
class Outside1561981516515 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(CREATE INDEX CONCURRENTLY by_name ON person (name))sql");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(DROP INDEX CONCURRENTLY by_name)sql");
  }
  whimbrel::MigrationTransaction transaction() const override { return whimbrel::MigrationTransaction::never; }
};

WHIMBREL_MIGRATION(Outside1561981516515);
