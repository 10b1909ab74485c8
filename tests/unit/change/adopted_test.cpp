#include <doctest/doctest.h>

#include <cstdint>
#include <optional>

#include "change/generate.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

using namespace whimbrel;

// Entities for tables that somebody else made, as only SQLite has them.

namespace {

struct Parcel {
  std::string code;
  std::string state;

  static void describe(Entity<Parcel>& parcel) {
    parcel.primary_column<&Parcel::code>();
    parcel.column<&Parcel::state>();
    parcel.check("state IN ('sent', 'lost')");
  }
};
using PlainParcel = Parcel;

namespace indexed {
struct Parcel : PlainParcel {
  static void describe(Entity<Parcel>& parcel) {
    parcel.primary_column<&Parcel::code>();
    parcel.column<&Parcel::state>();
    parcel.check("state IN ('sent', 'lost')");
    parcel.index<&Parcel::state>();
  }
};
}  // namespace indexed

namespace grown {
struct Parcel : PlainParcel {
  std::string note;
  static void describe(Entity<Parcel>& parcel) {
    parcel.primary_column<&Parcel::code>();
    parcel.column<&Parcel::state>();
    parcel.column<&Parcel::note>({.unique = true});
    parcel.check("state IN ('sent', 'lost')");
  }
};
}  // namespace grown

struct Sorted {
  std::int64_t id;
  std::optional<std::string> name;

  static void describe(Entity<Sorted>& sorted) {
    sorted.table({.name = "sorted"});
    sorted.primary_column<&Sorted::id>({.type = "INTEGER"});
    sorted.column<&Sorted::name>({.type = "text"});
  }
};

constexpr const char* parcels =
    "CREATE TABLE parcel (code varchar PRIMARY KEY, state varchar NOT NULL CHECK (\"state\" IN ('sent', 'lost')))";

template <class T>
std::vector<std::string> statements(const fixture::Database& database) {
  DataSourceOptions options{.url = database.url(), .entities = entities<T>()};
  session::Session session(options);
  const change::SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).empty());
  std::vector<std::string> result;
  for (const sql::Statement& statement : generated.script.up) result.push_back(statement.sql);
  return result;
}

}  // namespace

TEST_CASE("a key that may hold NULL, and a check that lists values, are as the entity says them") {
  fixture::Database database;
  database.query(parcels);
  CHECK(statements<Parcel>(database).empty());
}

TEST_CASE("what changes beside them leaves them as they are") {
  fixture::Database database;
  database.query(parcels);
  const std::vector<std::string> index = statements<indexed::Parcel>(database);
  REQUIRE(index.size() == 1);
  CHECK(index[0].starts_with("CREATE INDEX"));
  const std::vector<std::string> rebuild = statements<grown::Parcel>(database);
  REQUIRE(rebuild.size() == 4);
  CHECK(rebuild[0].find("\"code\" varchar PRIMARY KEY,") != std::string::npos);
  CHECK(rebuild[0].find("CHECK (\"state\" IN ('sent', 'lost'))") != std::string::npos);
}

TEST_CASE("an INTEGER PRIMARY KEY DESC, which is not the row number, is as the entity says it") {
  fixture::Database database;
  database.query("CREATE TABLE sorted (id INTEGER PRIMARY KEY DESC, name text)");
  CHECK(statements<Sorted>(database).empty());
  database.query("DROP TABLE sorted; CREATE TABLE sorted (id INTEGER PRIMARY KEY DESC)");
  const std::vector<std::string> added = statements<Sorted>(database);
  REQUIRE(added.size() == 1);
  CHECK(added[0].starts_with("ALTER TABLE \"sorted\" ADD"));
}
