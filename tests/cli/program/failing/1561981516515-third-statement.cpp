#include <whimbrel/migration.h>

class ThirdStatement1561981516515 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(CREATE TABLE "a" ("id" integer PRIMARY KEY))sql");
    query_runner.query(R"sql(INSERT INTO "a" VALUES (1))sql");
    query_runner.query(R"sql(CREATE TABEL "b" ("id" integer))sql");
  }
  void down(whimbrel::QueryRunner& query_runner) override { query_runner.query(R"sql(DROP TABLE "a")sql"); }
};

WHIMBREL_MIGRATION(ThirdStatement1561981516515);
