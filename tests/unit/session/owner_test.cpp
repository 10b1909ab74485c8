#include <doctest/doctest.h>

#include "change/baseline.h"
#include "change/synchronize.h"
#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

struct Note {
  std::int32_t id{};
  static void describe(Entity<Note>& note) { note.primary_generated<&Note::id>(); }
};

struct Tag {
  std::int32_t id{};
  static void describe(Entity<Tag>& tag) { tag.primary_generated<&Tag::id>(); }
};

const Program& program() {
  static const Program instance({{"Make1000000000001", statements({"CREATE TABLE mine (a)"})}});
  return instance;
}

Error refusal(DataSourceOptions options) {
  return error_of([&] { DataSource(std::move(options)).initialize(); });
}

DataSourceOptions running(const Database& database, std::int32_t application_id = 0) {
  DataSourceOptions options = database.options(program());
  options.migrations_run = true;
  options.application_id = application_id;
  return options;
}

}  // namespace

TEST_CASE("another program's file that was opened by mistake is refused before anything is made in it") {
  const Database database;
  database.query("CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY); PRAGMA application_id = 1");
  Error error = refusal(running(database));
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "application_id 1"));
  CHECK(error.remedy().find("DataSourceOptions::application_id = 1") != std::string::npos);
  CHECK(refusal(running(database, 2)).kind() == ErrorKind::unsafe);

  DataSourceOptions options;
  options.url = database.url();
  options.entities = entities<Note>();
  options.synchronize = true;
  CHECK(refusal(options).kind() == ErrorKind::unsafe);
  CHECK(database.tables() == "somebody_elses");

  // The program says that the file is its own.
  DataSource(running(database, 1)).initialize();
  CHECK(database.tables() == "migrations mine somebody_elses");
  // It has a history now, also when that is empty.
  DataSource(running(database)).initialize();
  {
    session::Session session(database.options(program()));
    run::revert_migrations(session);
  }
  database.query("DROP TABLE mine");
  DataSource(running(database)).initialize();
  CHECK(database.tables() == "migrations mine somebody_elses");
}

TEST_CASE("a file with another tool's history is refused, and taken over by what says so") {
  const Database database;
  database.query("CREATE TABLE alembic_version (version_num); CREATE TABLE user (id)");
  const Error error = refusal(running(database));
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "\"alembic_version\" of Alembic"));
  CHECK(error.remedy().find("baseline") != std::string::npos);
  CHECK(database.tables() == "alembic_version user");

  SUBCASE("a baseline") {
    session::Session session(database.options(Program({})));
    change::record_applied(session, [] { return history::Record{0, 1000000000000, "Baseline1000000000000"}; });
  }
  SUBCASE("migrations that are only recorded") {
    const Program before({{"Before1000000000000", statements({"CREATE TABLE user (id)"})}});
    session::Session session(database.options(before));
    run::RunOptions options;
    options.fake = true;
    run::run_migrations(session, options);
  }
  DataSource(running(database)).initialize();
  CHECK(database.tables() == "alembic_version migrations mine user");
}

TEST_CASE("a database of the program's own is no stranger's: a new one gets its number, one with tables needs none") {
  const Database made;
  DataSource(running(made, 77)).initialize();
  CHECK(made.query("PRAGMA application_id") == "77");

  const Database numbered;
  numbered.query("PRAGMA application_id = 5");
  DataSource(running(numbered, 77)).initialize();
  CHECK(numbered.query("PRAGMA application_id") == "5");

  const Database old;
  old.query("CREATE TABLE user (id)");
  DataSource(running(old, 77)).initialize();
  CHECK(old.tables() == "migrations mine user");

  // It has a table of an entity, whatever its number.
  const Database synchronized;
  synchronized.query("CREATE TABLE note (id INTEGER PRIMARY KEY); PRAGMA application_id = 5");
  DataSourceOptions options;
  options.url = synchronized.url();
  options.entities = entities<Note, Tag>();
  options.synchronize = true;
  DataSource(options).initialize();
  CHECK(synchronized.tables() == "note tag");
}
