#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// DEFAULT NULL says what no default says.

using namespace whimbrel;
using fixture::texts;
using fixture::Trial;

namespace {

struct Without {
  std::int32_t id{};
  std::optional<std::int32_t> ref_id;
  std::optional<std::string> note;
  static void describe(Entity<Without>& thing) {
    thing.table({.name = "thing"});
    thing.primary_column<&Without::id>();
    thing.column<&Without::ref_id>();
    thing.column<&Without::note>({.length = 40});
  }
};

struct With {
  std::int32_t id{};
  std::optional<std::int32_t> ref_id;
  std::optional<std::string> note;
  static void describe(Entity<With>& thing) {
    thing.table({.name = "thing"});
    thing.primary_column<&With::id>();
    thing.column<&With::ref_id>({.default_expression = "NULL"});
    thing.column<&With::note>({.length = 40, .default_expression = "(null)"});
  }
};

void check_that_it_is_none(Trial& trial) {
  trial.query(
      "CREATE TABLE thing (id integer NOT NULL PRIMARY KEY, ref_id integer DEFAULT NULL, "
      "note varchar(40) DEFAULT NULL)");
  CHECK(texts(trial.look(entities<With>()).script.up).empty());
  CHECK(texts(trial.look(entities<Without>()).script.up).empty());
  trial.query("DROP TABLE thing");
  trial.arrive_at(entities<With>());
  CHECK(trial.is_at(entities<Without>()));
}

}  // namespace

TEST_CASE("a default of NULL is none on SQLite") {
  Trial trial;
  check_that_it_is_none(trial);
}

TEST_CASE("a default of NULL is none on PostgreSQL") {
  Trial trial(nullptr, "", test::fresh_database());
  check_that_it_is_none(trial);
}
