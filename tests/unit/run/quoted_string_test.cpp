#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// SQLite: each rename changes double-quoted strings everywhere to single quotes.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

template <int length>
struct Quoted {
  std::int32_t id{};
  std::string a;
  std::string b;
  static void describe(Entity<Quoted>& quoted) {
    quoted.table({.name = "quoted"});
    quoted.template primary_generated<&Quoted::id>();
    quoted.template column<&Quoted::a>({.length = length});
    quoted.template column<&Quoted::b>();
    quoted.check("b <> \"Bad\" AND a <> 'x'");
    quoted.template index<&Quoted::b>({.where = "b <> \"Ww\""});
  }
};

struct Other {
  std::int32_t id{};
  std::int32_t x{};
  static void describe(Entity<Other>& other) {
    other.table({.name = "other"});
    other.primary_generated<&Other::id>();
    other.column<&Other::x>();
  }
};

struct Renamed {
  std::int32_t id{};
  std::int32_t x{};
  static void describe(Entity<Renamed>& other) {
    other.table({.name = "other"});
    other.primary_generated<&Renamed::id>();
    other.column<&Renamed::x>({.name = "xx", .renamed_from = "x"});
  }
};

struct Shown {
  static void describe(View<Shown>& view) { view.query("SELECT id, b || \"Vv\" AS q FROM quoted", {.name = "shown"}); }
};

}  // namespace

TEST_CASE("migrations go back and forth after a rename has changed the quotes of strings elsewhere") {
  const Database database;
  std::vector<Script> scripts;
  {
    const Database other;
    scripts.push_back(generated("A1000000000001", {}, entities<Quoted<5>, Other, Shown>(), other.url()));
    scripts.push_back(generated("B1000000000002", scripts, entities<Quoted<5>, Renamed, Shown>(), other.url()));
    scripts.push_back(generated("C1000000000003", scripts, entities<Quoted<9>, Renamed, Shown>(), other.url()));
  }
  run_all(database, scripts);
  // Version 3.31 leaves them.
  if (test::has_sqlite(40)) {
    CHECK(database.query("SELECT sql LIKE '%''Bad''%' FROM sqlite_master WHERE name = 'quoted'") == "1");
  }
  for (int i = 0; i < 3; ++i) CHECK_NOTHROW(revert(database, scripts));
  CHECK_NOTHROW(run_all(database, scripts));
  CHECK_NOTHROW(revert(database, scripts));
  CHECK_NOTHROW(revert(database, scripts));
}

TEST_CASE("another string is still found after a rename has changed quotes") {
  const Database database;
  std::vector<Script> scripts;
  {
    const Database other;
    scripts.push_back(generated("A1000000000001", {}, entities<Quoted<5>, Other, Shown>(), other.url()));
    scripts.push_back(generated("C1000000000003", scripts, entities<Quoted<9>, Other, Shown>(), other.url()));
  }
  run_all(database, {scripts.front()});
  database.query("DROP INDEX \"" + database.query("SELECT name FROM sqlite_master WHERE type = 'index'") +
                 "\"; CREATE INDEX other_index ON quoted(b) WHERE b <> 'Another'");
  const Error error = error_of([&] { run_all(database, scripts); });
  CHECK(error.kind() == ErrorKind::unsafe);
}
