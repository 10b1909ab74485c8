#include <doctest/doctest.h>

#include "change/generate.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

// SQLite: a table becomes STRICT, whatever its types are called.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

template <bool is_strict>
struct Measure {
  std::int32_t id{};
  double size{};
  float weight{};
  std::string name;
  bool done{};
  std::int64_t count{};
  static void describe(Entity<Measure>& measure) {
    measure.table({.name = "measure", .strict = is_strict});
    measure.template primary_generated<&Measure::id>();
    measure.template column<&Measure::size>();
    measure.template column<&Measure::weight>();
    measure.template column<&Measure::name>();
    measure.template column<&Measure::done>();
    measure.template column<&Measure::count>();
  }
};

/// Makes the database what the entities say.
void apply(const Database& database, Entities described) {
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = described;
  run::Session session(options);
  const run::SchemaChange generated = run::generate(session);
  CHECK(run::verify(session, generated).empty());
  for (const sql::Statement& statement : generated.script.up) {
    database.query("PRAGMA legacy_alter_table = ON; " + statement.sql);
  }
  CHECK(run::generate(session).empty());
}

}  // namespace

TEST_CASE("SQLite: a table of usual types becomes STRICT, and is so no more") {
  const Database database;
  apply(database, entities<Measure<false>>());
  database.query("INSERT INTO measure VALUES (1, 0.5, 1, 'a', 1, 9007199254740993)");
  apply(database, entities<Measure<true>>());
  CHECK(database.query("SELECT count(*) FROM pragma_table_list WHERE name = 'measure' AND strict") == "1");
  CHECK(database.query("SELECT * FROM measure") == "1|0.5|1|a|1|9007199254740993");
}

TEST_CASE("SQLite: a table of types that other tools write becomes STRICT") {
  const Database database;
  database.query(
      "CREATE TABLE measure (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, size double precision NOT NULL, weight "
      "float4 NOT NULL, name character varying NOT NULL, done bool NOT NULL, count int8 NOT NULL)");
  database.query("INSERT INTO measure VALUES (1, 0.5, 1, 'a', 1, 9007199254740993)");
  apply(database, entities<Measure<true>>());
  CHECK(database.query("SELECT * FROM measure") == "1|0.5|1|a|1|9007199254740993");
}
