#include <whimbrel/migration.h>

#include <cstdlib>

// Until somebody stops it, if it is told so: its first statement says that it is under way.
class Endless1461981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    if (std::getenv("ENDLESS") == nullptr) return;
    query_runner.query(R"sql(CREATE TABLE "half" ("id" integer PRIMARY KEY))sql");
    query_runner.query(R"sql(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)sql");
  }
  void down(whimbrel::QueryRunner&) override {}
};

WHIMBREL_MIGRATION(Endless1461981516514);
