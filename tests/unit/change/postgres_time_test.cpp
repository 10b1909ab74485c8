#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"
#include "whimbrel/postgres.h"

// Points in time on PostgreSQL, in sessions whose time zone is not UTC.

using namespace whimbrel;
using fixture::Trial;

namespace {

using Seconds = std::chrono::sys_seconds;

struct Visit {
  std::int32_t id{};
  Seconds at;
  Seconds changed_at;
  Seconds instant;
  Seconds made_at;
  static void describe(Entity<Visit>& visit) {
    visit.primary_generated<&Visit::id>();
    visit.create_date<&Visit::at>();
    visit.update_date<&Visit::changed_at>({.precision = 3});
    visit.create_date<&Visit::instant>({.with_time_zone = true});
    visit.create_date<&Visit::made_at>({.type = "timestamptz(3)"});
  }
};

/// As TypeORM's CreateDateColumn is, and that of whimbrel's before.
const char* const old_table =
    "CREATE TABLE visit (id serial PRIMARY KEY, at timestamp NOT NULL DEFAULT now(), "
    "changed_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, instant timestamptz NOT NULL DEFAULT now(), "
    "made_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP)";

namespace given {
struct Visit {
  std::int32_t id{};
  Seconds at;
  static void describe(Entity<Visit>& visit) {
    visit.primary_generated<&Visit::id>();
    visit.create_date<&Visit::at>({.default_expression = "now() AT TIME ZONE 'utc'"});
  }
};
}  // namespace given

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("PostgreSQL: the default of a date is UTC, or a point in time, whatever the session's time zone is") {
  const std::string url = test::fresh_database();
  Trial trial(nullptr, "", url);
  const change::SchemaChange generated = trial.arrive_at(entities<Visit>());
  CHECK(has(fixture::texts(generated.script.up),
            "\"at\" timestamp without time zone NOT NULL DEFAULT (now() AT TIME "
            "ZONE 'utc')"));
  CHECK(has(fixture::texts(generated.script.up), "\"instant\" timestamp with time zone NOT NULL DEFAULT now()"));
  CHECK(trial.is_at(entities<Visit>()));
  for (const char* zone : {"Asia/Tokyo", "America/New_York", "UTC"}) {
    CAPTURE(zone);
    const auto connection = postgres::driver().open({.url = url});
    connection->run(std::string("SET TimeZone = '") + zone + "'; DELETE FROM visit; INSERT INTO visit DEFAULT VALUES");
    const auto row = connection->run(
        "SELECT abs(extract(epoch FROM at) - extract(epoch FROM clock_timestamp())) < 60, "
        "abs(extract(epoch FROM changed_at) - extract(epoch FROM clock_timestamp())) < 60, "
        "abs(extract(epoch FROM instant) - extract(epoch FROM clock_timestamp())) < 60, "
        "abs(extract(epoch FROM made_at) - extract(epoch FROM clock_timestamp())) < 60 FROM visit");
    for (const Value& is_near : row.values.at(0)) CHECK(is_near.integer() == 1);
  }
}

TEST_CASE("PostgreSQL: a date that is there with the session's time as its default keeps it") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.query(old_table);
  CHECK(trial.is_at(entities<Visit>()));
}

TEST_CASE("PostgreSQL: a default that an entity gives is made, whatever is there") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.query("CREATE TABLE visit (id serial PRIMARY KEY, at timestamp NOT NULL DEFAULT now())");
  CHECK_FALSE(trial.is_at(entities<given::Visit>()));
  trial.arrive_at(entities<given::Visit>());
  trial.revert_last();
  CHECK(trial.query("SELECT column_default FROM information_schema.columns WHERE column_name = 'at'") == "now()");
}
