#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/change/there_and_back.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Expressions over a column whose type changes. The server keeps them with the casts that the old type needed.

using namespace whimbrel;
using test::go_there_and_back;

namespace {

struct Priced {
  std::int32_t id{};
  std::int32_t price{};
  static void describe(Entity<Priced>& priced) {
    priced.primary_generated<&Priced::id>();
    priced.column<&Priced::price>();
    priced.check("price >= 0", {.name = "not_negative"});
    priced.index<&Priced::price>({.name = "dear", .where = "price > 100"});
  }
};

struct Exact {
  std::int32_t id{};
  double price{};
  static void describe(Entity<Exact>& priced) {
    priced.table({.name = "priced"});
    priced.primary_generated<&Exact::id>();
    priced.column<&Exact::price>({.precision = 12, .scale = 2});
    priced.check("price >= 0", {.name = "not_negative"});
    priced.index<&Exact::price>({.name = "dear", .where = "price > 100"});
  }
};

}  // namespace

TEST_CASE("PostgreSQL: checks, indexes and exclusions are those of the new type, in both directions") {
  const auto schema = [](const std::string& type) {
    return "CREATE TABLE t (id int PRIMARY KEY, v " + type +
           ", w int CHECK (w > v), CHECK (v >= 0), CONSTRAINT late CHECK (v <> 9) NOT VALID, EXCLUDE (v WITH =) WHERE "
           "(v > 7)); CREATE INDEX i ON t (v) WHERE v > 0; CREATE INDEX j ON t ((v + 1)); COMMENT ON INDEX i IS 'c';"
           "COMMENT ON CONSTRAINT late ON t IS 'l'; ALTER INDEX j ALTER 1 SET STATISTICS 7; CREATE TABLE p (k int, v " +
           type +
           ", CHECK (v > 0)) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);" +
           "CREATE INDEX p_v ON p ((v * 2)); ALTER TABLE p1 ADD CONSTRAINT own CHECK (v < 5);";
  };
  const std::string rows = "INSERT INTO t VALUES (1, 3, 5), (2, 8, 9); INSERT INTO p VALUES (1, 2)";
  for (const std::string type : {"numeric(12,2)", "double precision", "bigint", "smallint"}) {
    go_there_and_back(schema("int"), schema(type), rows);
    go_there_and_back(schema(type), schema("int"), rows);
  }
}

TEST_CASE("PostgreSQL: a check over a text changes with the type of its column") {
  const auto schema = [](const std::string& type) {
    return "CREATE TABLE t (v " + type + ", CHECK (v::text <> ''), CHECK (length(v::text) < 40))";
  };
  for (const std::string type : {"text", "varchar(20)", "char(20)"}) {
    go_there_and_back(schema("int"), schema(type), "INSERT INTO t VALUES ('7')");
    go_there_and_back(schema("varchar(30)"), schema(type), "INSERT INTO t VALUES ('7')");
  }
}

TEST_CASE("PostgreSQL: a number with a check becomes a decimal, and an integer again") {
  fixture::Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<Priced>());
  trial.query("INSERT INTO priced (price) VALUES (3), (300)");
  trial.arrive_at(entities<Exact>());
  CHECK(trial.query("SELECT sum(price) FROM priced") == "303.00");
  CHECK_THROWS_AS(trial.query("INSERT INTO priced (price) VALUES (-1)"), Error);
  trial.revert_last();
  CHECK(trial.is_at(entities<Priced>()));
}

TEST_CASE("PostgreSQL: what others made over a column whose type changes is verified as the server writes it") {
  const std::vector<std::pair<int, std::string>> by_hand = {
      {0, "CREATE POLICY p ON priced USING (price > 0)"},
      {0, "CREATE RULE r AS ON UPDATE TO priced WHERE (NEW.price > 1) DO ALSO NOTHING"},
      {14, "CREATE STATISTICS s ON (price + 1) FROM priced"},
      {14, "CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM priced WHERE price > 3; END"},
      {15, "CREATE PUBLICATION pub FOR TABLE priced WHERE (price > 0)"}};
  for (const auto& one : by_hand) {
    const std::string& sql = one.second;
    CAPTURE(sql);
    fixture::Trial trial(nullptr, "", test::fresh_database());
    if (one.first * 10000 > std::stoi(trial.query("SHOW server_version_num"))) continue;
    trial.arrive_at(entities<Priced>());
    trial.query(sql);
    CHECK_NOTHROW(trial.arrive_at(entities<Exact>()));
    CHECK_NOTHROW(trial.revert_last());
  }
}

TEST_CASE("PostgreSQL: a column moves to a domain over the one that it has and that gets another type") {
  const std::string parts = "CREATE VIEW v AS SELECT c FROM t; CREATE INDEX i ON t ((c + 1));";
  for (const std::string base : {"", "CREATE DOMAIN middle AS d;"}) {
    const std::string over = base.empty() ? "d" : "middle";
    go_there_and_back(
        "CREATE DOMAIN d AS int;" + base + "CREATE TABLE t (c " + over + " DEFAULT 5 CHECK (c > 0), e d);" + parts,
        "CREATE DOMAIN d AS bigint;" + base + "CREATE DOMAIN other AS " + over +
            "; CREATE TABLE t (c other DEFAULT 5 CHECK (c > 0), e d);" + parts,
        "INSERT INTO t VALUES (1, 2)");
  }
}

TEST_CASE("PostgreSQL: a value that does not fit another domain over a recreated one fails, and is not cut") {
  for (const auto& pair : std::vector<std::pair<std::string, std::string>>{
           {"AS varchar(10); CREATE TABLE t (c d); INSERT INTO t VALUES ('abcdefgh')",
            "AS varchar(3); CREATE DOMAIN e AS d; CREATE TABLE t (c e)"},
           {"AS varbit(8); CREATE TABLE t (c d); INSERT INTO t VALUES ('10101010')",
            "AS varbit(3); CREATE DOMAIN e AS d; CREATE TABLE t (c e)"},
           {"AS boolean; CREATE TABLE t (c d); INSERT INTO t VALUES (true)",
            "AS int; CREATE DOMAIN e AS d; CREATE TABLE t (c e)"},
           {"AS int; CREATE TABLE t (c d); INSERT INTO t VALUES (1)", "AS bigint; CREATE TABLE t (c d[])"},
           {"AS text; CREATE TABLE t (c d); INSERT INTO t VALUES ('a')",
            "AS varchar; CREATE TYPE e AS (a d); CREATE TABLE t (c e)"}}) {
    const std::string& before = pair.first;
    const std::string& after = pair.second;
    CAPTURE(before);
    CAPTURE(after);
    const fixture::PostgresDatabase there, wanted;
    there.query("CREATE DOMAIN d " + before);
    wanted.query("CREATE DOMAIN d " + after);
    const std::string value = there.query("SELECT c FROM t");
    CHECK_THROWS_AS(
        [&] {
          there.query("BEGIN");
          for (const auto& statement : test::compare(there, wanted, {}).script.up) there.query(statement.sql);
        }(),
        Error);
    there.query("ROLLBACK");
    CHECK(there.query("SELECT c FROM t") == value);
  }
}

TEST_CASE("PostgreSQL: a column moves from a domain over one that gets another type to that one") {
  go_there_and_back("CREATE DOMAIN d AS int; CREATE DOMAIN other AS d; CREATE TABLE t (c other[], e other NOT NULL)",
                    "CREATE DOMAIN d AS bigint; CREATE TABLE t (c d[], e d NOT NULL)",
                    "INSERT INTO t VALUES (ARRAY[1, 2], 3)");
}
