#include <doctest/doctest.h>
#include <sqlite3.h>

#include "change/baseline.h"
#include "run/runner.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;

namespace {

namespace before {
struct Photo {
  std::int32_t id{};
  std::string path;
  std::optional<std::string> note;
  static void describe(Entity<Photo>& photo) {
    photo.primary_generated<&Photo::id>();
    photo.column<&Photo::path>();
    photo.column<&Photo::note>();
  }
};
}  // namespace before

namespace after {
/// Rebuilt, and renamed.
struct Picture {
  std::int32_t id{};
  std::string path;
  std::optional<std::int32_t> note;
  static void describe(Entity<Picture>& picture) {
    picture.table({.renamed_from = "photo"});
    picture.primary_generated<&Picture::id>();
    picture.column<&Picture::path>();
    picture.column<&Picture::note>();
  }
};
}  // namespace after

const char* const schema =
    "CREATE TABLE photo (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, path varchar NOT NULL COLLATE by_name, note "
    "varchar);"
    "CREATE INDEX photo_parent ON photo (parent_hash(path));"
    "CREATE TABLE other (a integer PRIMARY KEY NOT NULL, b AS (parent_hash(a)), CHECK (parent_hash(a) <> 3));"
    "CREATE VIEW parents AS SELECT parent_hash(path) AS hash FROM photo;"
    "CREATE TRIGGER hashed AFTER INSERT ON \"photo\" BEGIN UPDATE \"photo\" SET note = parent_hash(new.path) WHERE id "
    "= "
    "new.id; END;"
    "INSERT INTO photo(path) VALUES ('a/b')";

/// A database in memory whose connection has a function and a collation of the program's.
class OwnConnection {
 public:
  OwnConnection() {
    REQUIRE(sqlite3_open(":memory:", &handle_) == SQLITE_OK);
    const auto hash = [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, 1); };
    sqlite3_create_function(handle_, "parent_hash", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, hash, nullptr,
                            nullptr);
    const auto compare = [](void*, int, const void*, int, const void*) { return 0; };
    sqlite3_create_collation(handle_, "by_name", SQLITE_UTF8, nullptr, compare);
    REQUIRE(sqlite3_exec(handle_, schema, nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  ~OwnConnection() { sqlite3_close(handle_); }
  OwnConnection(const OwnConnection&) = delete;
  OwnConnection& operator=(const OwnConnection&) = delete;

  [[nodiscard]] DataSourceOptions options(const Entities& entities, const fixture::Program& program) const {
    DataSourceOptions options;
    options.connection = whimbrel::sqlite::connection(handle_);
    options.entities = entities;
    options.migrations = program.list();
    return options;
  }

 private:
  sqlite3* handle_ = nullptr;
};

const char* const stood_in =
    "the effects of function \"parent_hash\" (it is not built into SQLite, and the scratch database has only a "
    "stand-in)";

}  // namespace

TEST_CASE("a baseline of a database with a program's own function is tried with a stand-in") {
  const OwnConnection database;
  const fixture::Program program({});
  session::Session session(database.options({}, program));
  const change::SchemaChange baseline = change::generate_baseline(session);
  CHECK(change::verify_baseline(session, baseline) == std::vector<std::string>{stood_in});
}

TEST_CASE("a table is rebuilt and renamed where an index, a view and a trigger use a program's own function") {
  const OwnConnection database;
  const fixture::Program none({});
  change::SchemaChange generated;
  {
    session::Session session(database.options(entities<after::Picture>(), none));
    generated = change::generate(session);
    CHECK(change::verify(session, generated).left_out == std::vector<std::string>{stood_in});
  }
  const fixture::Program program({{"Step1000000000000", fixture::statements(fixture::texts(generated.script.up)),
                                   fixture::statements(fixture::texts(generated.script.down))}});
  session::Session session(database.options(entities<after::Picture>(), program));
  static_cast<void>(run::run_migrations(session));
  CHECK(change::generate(session).empty());
  CHECK(session.connection().run("SELECT hash FROM parents").values.size() == 1);
  static_cast<void>(run::revert_migrations(session));
  CHECK(session.connection()
            .run("SELECT path FROM photo INDEXED BY photo_parent WHERE parent_hash(path) = 1")
            .values.size() == 1);
}
