#include <doctest/doctest.h>

#include <algorithm>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// On PostgreSQL what uses a column that changes is made again on the way, and nothing else.

using namespace whimbrel;
using fixture::Trial;

namespace {

namespace narrow {
struct Box {
  std::int32_t id{};
  std::string name;
  std::int32_t length{};
  std::int32_t n{};
  std::vector<std::int32_t> days;
  std::int32_t size{};
  std::vector<std::int32_t> some;
  static void describe(Entity<Box>& box) {
    box.primary_generated<&Box::id>();
    box.column<&Box::name>();
    box.column<&Box::length>();
    box.column<&Box::n>();
    box.column<&Box::days>({.type = "integer[]"});
    box.column<&Box::size>({.computed = "length(name)", .stored = true});
    box.column<&Box::some>({.type = "integer[]", .computed = "days[1:n]", .stored = true});
  }
};
}  // namespace narrow

namespace wide {
struct Box {
  std::int32_t id{};
  std::string name;
  std::int64_t length{};
  std::int16_t n{};
  std::vector<std::int32_t> days;
  std::int32_t size{};
  std::vector<std::int32_t> some;
  static void describe(Entity<Box>& box) {
    box.primary_generated<&Box::id>();
    box.column<&Box::name>();
    box.column<&Box::length>();
    box.column<&Box::n>();
    box.column<&Box::days>({.type = "integer[]"});
    box.column<&Box::size>({.computed = "length(name)", .stored = true});
    box.column<&Box::some>({.type = "integer[]", .computed = "days[1:n]", .stored = true});
  }
};
}  // namespace wide

namespace lower {
struct Seen {
  static void describe(View<Seen>& view) { view.query("SELECT 1 AS \"name\""); }
};
}  // namespace lower
namespace upper {
struct Seen {
  static void describe(View<Seen>& view) { view.query("SELECT 1 AS \"Name\""); }
};
}  // namespace upper
namespace plain {
struct Seen {
  static void describe(View<Seen>& view) { view.query("select 1 as Name"); }
};
}  // namespace plain

struct Migrations {
  std::int32_t id{};
  std::optional<std::string> note;
  static void describe(Entity<Migrations>& migrations) {
    migrations.table({.name = "migrations", .schema = "app"});
    migrations.primary_generated<&Migrations::id>();
    migrations.column<&Migrations::note>();
  }
};
namespace later {
struct Migrations {
  std::int32_t id{};
  static void describe(Entity<Migrations>& migrations) {
    migrations.table({.name = "migrations", .schema = "app"});
    migrations.primary_generated<&Migrations::id>();
  }
};
}  // namespace later

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("PostgreSQL: a computed column is made again if a column that it uses changes its type, and only then") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<narrow::Box>());
  const model::Schema first = trial.schema();
  trial.query("INSERT INTO box (name, length, n, days) VALUES ('four', 7, 2, '{1,2,3}')");
  const change::SchemaChange generated = trial.arrive_at(entities<wide::Box>());
  for (const auto& script : {fixture::texts(generated.script.up), fixture::texts(generated.script.down)}) {
    CHECK(has(script, "DROP COLUMN \"some\""));
    CHECK_FALSE(has(script, "\"size\""));
  }
  CHECK(trial.query("SELECT length, n, size, \"some\" FROM box") == "7|2|4|{1,2}");
  trial.revert_last();
  CHECK(trial.query("SELECT length, n, size, \"some\" FROM box") == "7|2|4|{1,2}");
  CHECK(trial.is_at(entities<narrow::Box>()));
}

TEST_CASE("PostgreSQL: a column of a view is renamed by the case of its letters alone") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<lower::Seen>());
  CHECK(trial.is_at(entities<plain::Seen>()));
  CHECK_FALSE(trial.is_at(entities<upper::Seen>()));
  trial.arrive_at(entities<upper::Seen>());
  CHECK(trial.query("SELECT \"Name\" FROM seen") == "1");
  trial.revert_last();
  CHECK(trial.query("SELECT name FROM seen") == "1");
}

TEST_CASE("PostgreSQL: a table that is called as the history, in another schema, is a table as any other") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<Migrations>());
  CHECK(trial.query("SELECT count(*) FROM app.migrations") == "0");
  trial.arrive_at(entities<later::Migrations>());
  CHECK(trial.query("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'app'") == "1");
  trial.revert_last();
  CHECK(trial.is_at(entities<Migrations>()));
}
