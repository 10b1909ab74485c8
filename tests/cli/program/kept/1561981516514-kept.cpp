#include <whimbrel/migration.h>

class Kept1561981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(CREATE TABLE "kept" ("id" integer PRIMARY KEY))sql");
  }
  void down(whimbrel::QueryRunner& query_runner) override { query_runner.query(R"sql(DROP TABLE "kept")sql"); }
};

WHIMBREL_MIGRATION(Kept1561981516514);
