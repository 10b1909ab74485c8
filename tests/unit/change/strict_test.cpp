#include <doctest/doctest.h>

#include "change/generate.h"
#include "support/version.h"
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

template <bool is_without_rowid>
struct Word {
  std::string text;
  std::int32_t count{};
  static void describe(Entity<Word>& word) {
    word.table({.name = "word", .without_rowid = is_without_rowid});
    word.template primary_column<&Word::text>();
    word.template column<&Word::count>();
  }
};

/// Makes the database what the entities say.
void apply(const Database& database, Entities described) {
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = described;
  session::Session session(options);
  const change::SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).empty());
  for (const sql::Statement& statement : generated.script.up) {
    database.query("PRAGMA legacy_alter_table = ON; " + statement.sql);
  }
  CHECK(change::generate(session).empty());
}

}  // namespace

TEST_CASE("SQLite: a table of usual types becomes STRICT, and is so no more") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "STRICT");
  const Database database;
  apply(database, entities<Measure<false>>());
  database.query("INSERT INTO measure VALUES (1, 0.5, 1, 'a', 1, 9007199254740993)");
  apply(database, entities<Measure<true>>());
  CHECK(database.query("SELECT count(*) FROM pragma_table_list WHERE name = 'measure' AND strict") == "1");
  CHECK(database.query("SELECT * FROM measure") == "1|0.5|1|a|1|9007199254740993");
  apply(database, entities<Measure<false>>());
  CHECK(database.query("SELECT count(*) FROM pragma_table_list WHERE name = 'measure' AND strict") == "0");
  CHECK(database.query("SELECT * FROM measure") == "1|0.5|1|a|1|9007199254740993");
}

TEST_CASE("SQLite: a table loses its rowid, and has it again") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "pragma_table_list");
  const Database database;
  apply(database, entities<Word<false>>());
  database.query("INSERT INTO word VALUES ('a', 1), ('b', 2)");
  apply(database, entities<Word<true>>());
  CHECK(database.query("SELECT wr FROM pragma_table_list WHERE name = 'word'") == "1");
  apply(database, entities<Word<false>>());
  CHECK(database.query("SELECT wr FROM pragma_table_list WHERE name = 'word'") == "0");
  CHECK(database.query("SELECT * FROM word") == "a|1\nb|2");
}

TEST_CASE("SQLite: a table of types that other tools write becomes STRICT") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "STRICT");
  const Database database;
  database.query(
      "CREATE TABLE measure (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, size double precision NOT NULL, weight "
      "float4 NOT NULL, name character varying NOT NULL, done bool NOT NULL, count int8 NOT NULL)");
  database.query("INSERT INTO measure VALUES (1, 0.5, 1, 'a', 1, 9007199254740993)");
  apply(database, entities<Measure<true>>());
  CHECK(database.query("SELECT * FROM measure") == "1|0.5|1|a|1|9007199254740993");
}
