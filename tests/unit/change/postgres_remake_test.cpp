#include <doctest/doctest.h>

#include <algorithm>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// What has to be dropped and made again on the way, in tables with rows.

using namespace whimbrel;
using fixture::Trial;

namespace {

namespace before {
struct Thing {
  std::int32_t id{};
  std::int32_t side{};
  std::int32_t area{};
  static void describe(Entity<Thing>& thing) {
    thing.primary_generated<&Thing::id>();
    thing.column<&Thing::side>();
    thing.column<&Thing::area>({.unique = true, .computed = "side * side", .stored = true});
    thing.index<&Thing::area>({.name = "by_area", .where = "area > 1"});
    thing.check("area < 1000", {.name = "small"});
  }
};
struct Counted {
  std::int32_t id{};
  static void describe(Entity<Counted>& counted) { counted.primary_generated<&Counted::id>(); }
};
struct Other {
  std::int32_t id{};
  static void describe(Entity<Other>& other) { other.primary_generated<&Other::id>(); }
};
struct Flags {
  std::int32_t id{};
  bool a{}, b{}, c{};
  static void describe(Entity<Flags>& flags) {
    flags.primary_generated<&Flags::id>();
    flags.column<&Flags::a>();
    flags.column<&Flags::b>();
    flags.column<&Flags::c>();
  }
};
enum class Mood { glad, sad };
struct Person {
  std::int32_t id{};
  std::optional<Mood> mood;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::mood>({.enum_name = "mood"});
  }
};
struct Note {
  std::int32_t id{};
  std::string author;
  std::int32_t stars{};
  static void describe(Entity<Note>& note) {
    note.primary_generated<&Note::id>();
    note.column<&Note::author>();
    note.column<&Note::stars>();
  }
};
}  // namespace before

namespace after {
struct Note {
  std::int32_t id{};
  std::string author;
  std::int64_t stars{};
  static void describe(Entity<Note>& note) {
    note.primary_generated<&Note::id>();
    note.column<&Note::author>({.length = 40});
    note.column<&Note::stars>();
  }
};
struct Thing {
  std::int32_t id{};
  std::int64_t side{};
  std::int32_t area{};
  static void describe(Entity<Thing>& thing) {
    thing.primary_generated<&Thing::id>();
    thing.column<&Thing::side>();
    thing.column<&Thing::area>({.unique = true, .computed = "side * side", .stored = true});
    thing.index<&Thing::area>({.name = "by_area", .where = "area > 1"});
    thing.check("area < 1000", {.name = "small"});
  }
};
struct Counted {
  std::int32_t id{};
  static void describe(Entity<Counted>& counted) {
    counted.primary_generated<&Counted::id>({.generated = Generation::identity});
  }
};
struct Other {
  std::int32_t id{};
  static void describe(Entity<Other>& other) {
    other.primary_generated<&Other::id>({.generated = Generation::identity});
  }
};
struct Flags {
  std::int32_t id{};
  std::int16_t a{};
  std::int64_t b{};
  double c{};
  static void describe(Entity<Flags>& flags) {
    flags.primary_generated<&Flags::id>();
    flags.column<&Flags::a>();
    flags.column<&Flags::b>();
    flags.column<&Flags::c>();
  }
};
enum class Mood { glad, sad, calm };
struct Person {
  std::int32_t id{};
  Mood mood{};
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::mood>({.enum_name = "mood"});
  }
};
}  // namespace after

}  // namespace

TEST_CASE("PostgreSQL: what is over a generated column that is made again is made again with it") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Thing>());
  trial.query("INSERT INTO thing (side) VALUES (2), (3)");
  trial.query("CREATE VIEW areas AS SELECT area FROM thing");
  const model::Schema at_first = trial.schema();
  const change::SchemaChange generated = trial.arrive_at(entities<after::Thing>());
  CHECK(trial.query("SELECT area FROM areas ORDER BY 1") == "4\n9");
  CHECK_THROWS_AS(trial.query("INSERT INTO thing (side) VALUES (3)"), Error);
  CHECK_THROWS_AS(trial.query("INSERT INTO thing (side) VALUES (300)"), Error);
  CHECK(trial.query("SELECT count(*) FROM pg_indexes WHERE indexname = 'by_area'") == "1");
  const std::string note = "drops and recreates view \"areas\"";
  CHECK(std::count(generated.notes.begin(), generated.notes.end(), note) == 1);
  trial.revert_last();
  CHECK(trial.query("SELECT area FROM areas ORDER BY 1") == "4\n9");
  CHECK(model::canonical(trial.schema()).tables.front().uniques == at_first.tables.front().uniques);
}

TEST_CASE("PostgreSQL: a column that counts in another way goes on after the last number that it gave") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Counted>());
  trial.query("INSERT INTO counted SELECT FROM generate_series(1, 10)");
  trial.query("DELETE FROM counted WHERE id > 5");
  trial.arrive_at(entities<after::Counted>());
  CHECK(trial.query("INSERT INTO counted DEFAULT VALUES RETURNING id") == "11");
  trial.query("DELETE FROM counted WHERE id > 5");
  trial.revert_last();
  CHECK(trial.query("INSERT INTO counted DEFAULT VALUES RETURNING id") == "12");
  trial.query("INSERT INTO counted VALUES (50)");
  trial.arrive_at(entities<after::Counted>());
  CHECK(trial.query("INSERT INTO counted DEFAULT VALUES RETURNING id") == "51");
}

TEST_CASE("PostgreSQL: a column of an empty table begins to count as it is told") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Counted>());
  trial.arrive_at(entities<after::Counted>());
  CHECK(trial.query("INSERT INTO counted DEFAULT VALUES RETURNING id") == "1");
}

TEST_CASE("PostgreSQL: yes and no become numbers of every width, and come back") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Flags>());
  trial.query("INSERT INTO flags (a, b, c) VALUES (true, true, true), (false, false, false)");
  trial.arrive_at(entities<after::Flags>());
  CHECK(trial.query("SELECT a, b, c::integer FROM flags ORDER BY id") == "1|1|1\n0|0|0");
  trial.revert_last();
  CHECK(trial.query("SELECT a, b, c FROM flags ORDER BY id") == "1|1|1\n0|0|0");
}

TEST_CASE("PostgreSQL: a value that an enum gets can fill the rows that have none") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Person>());
  trial.query("INSERT INTO person (mood) VALUES ('glad'), (NULL)");
  diff::Answers answers;
  answers.backfills[{"person", "mood"}] = "'calm'";
  trial.arrive_at(entities<after::Person>(), answers);
  CHECK(trial.query("SELECT mood FROM person ORDER BY id") == "glad\ncalm");
}

TEST_CASE("PostgreSQL: a value that an enum gets is added in place, whatever else has the same words") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Person>());
  trial.query("CREATE VIEW calm AS SELECT id FROM person WHERE 'calm' = 'calm'");
  diff::Answers answers;
  answers.backfills[{"person", "mood"}] = "'sad'";
  const change::SchemaChange generated = trial.arrive_at(entities<after::Person>(), answers);
  CHECK(fixture::texts(generated.script.up).front() == R"(ALTER TYPE "mood" ADD VALUE 'calm')");
}

TEST_CASE("PostgreSQL: each of two columns goes on after its own last number") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Counted, before::Other>());
  trial.query("INSERT INTO counted SELECT FROM generate_series(1, 10)");
  trial.arrive_at(entities<after::Counted, after::Other>());
  CHECK(trial.query("INSERT INTO counted DEFAULT VALUES RETURNING id") == "11");
  CHECK(trial.query("INSERT INTO other DEFAULT VALUES RETURNING id") == "1");
}

TEST_CASE("PostgreSQL: a policy on a column whose type changes is recreated, in both directions") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Note>());
  trial.query("INSERT INTO note (author, stars) VALUES ('ann', 1), ('bob', 2)");
  trial.query("CREATE POLICY own ON note FOR SELECT USING (author = current_user AND stars > 0)");
  trial.query(
      "CREATE FUNCTION stars_of(text) RETURNS bigint LANGUAGE sql AS 'SELECT sum(stars)::bigint FROM note WHERE author "
      "= $1'");
  const std::string policies = "SELECT polname, polcmd, pg_get_expr(polqual, polrelid) FROM pg_policy";
  const std::string at_first = trial.query(policies);
  trial.arrive_at(entities<after::Note>());
  CHECK(trial.query("SELECT polname, polcmd FROM pg_policy") == "own|r");
  CHECK(trial.query("SELECT stars_of('bob')") == "2");
  trial.revert_last();
  CHECK(trial.query(policies) == at_first);
  CHECK(trial.query("SELECT id, author, stars FROM note ORDER BY id") == "1|ann|1\n2|bob|2");
}
