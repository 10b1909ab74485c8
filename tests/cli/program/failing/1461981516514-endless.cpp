#include <whimbrel/migration.h>

#include <chrono>
#include <cstdlib>
#include <thread>

// Until somebody stops it, or for a while, if it is told so.
class Endless1461981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    if (std::getenv("PAUSE") != nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (std::getenv("ENDLESS") == nullptr) return;
    query_runner.query(R"sql(CREATE TABLE "half" ("id" integer PRIMARY KEY))sql");
    query_runner.query(R"sql(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)sql");
  }
  void down(whimbrel::QueryRunner&) override {}
};

WHIMBREL_MIGRATION(Endless1461981516514);
