#include "session/session.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "change/compare.h"
#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"
#include "whimbrel/entity.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Access;
using session::Session;

namespace {

/// Says that it is of an old version, and runs nothing.
class OldServer final : public dialect::Connection {
 public:
  Rows::Data run_all(std::string_view, const std::vector<Value>*, dialect::StatementObserver*) override { return {}; }
  bool is_transaction_active() const override { return false; }
  void interrupt() noexcept override {}
  dialect::ServerFacts server() const override { return {.version = 33400}; }
  std::string description() const override { return "old server"; }
  std::unique_ptr<dialect::Connection> open_scratch() const override { return nullptr; }
};

}  // namespace

TEST_CASE("what only reads finds an absent database empty and does not make it") {
  const Program program({{"A1000000000001", statements({})}});
  const Database database;
  Session session(database.options(program), Access::read_only);
  CHECK(run::pending_migrations(session).size() == 1);
  CHECK(session.connection().description().find("app.db") != std::string::npos);
  CHECK(!database.exists());
}

TEST_CASE("what only reads cannot write") {
  const Program program({{"A1000000000001", statements({})}});
  const Database database;
  database.query("CREATE TABLE a (id integer)");
  Session session(database.options(program), Access::read_only);
  CHECK_THROWS_AS(run::run_migrations(session), Error);
  CHECK(database.tables() == "a");
}

TEST_CASE("a database in a directory that is not there is an error, also for what only reads") {
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.url += ".none/app.db";
  Session session(options, Access::read_only);
  CHECK(error_of([&] { static_cast<void>(session.connection()); }).kind() == ErrorKind::connection);
}

TEST_CASE("what the declared version of the database lacks is not used") {
  const Program program({});
  const Database database;
  database.query("CREATE TABLE user (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, nick varchar)");
  DataSourceOptions options = database.options(program);
  options.entities = entities<first::User>();
  const auto statements = [&](const std::string& version) {
    options.server_version = version;
    Session session(options, Access::read_only);
    diff::Ownership everything;
    everything.everything = true;
    const model::Schema current = session.dialect().inspect(session.connection(), {});
    auto difference =
        diff::diff(current, session.desired(), *session.dialect().comparison(session.connection()), {}, everything);
    return change::make_script(session.dialect(), session.connection(), current, std::move(difference))
        .script.up.size();
  };
  CHECK(statements("3.34") > 1);
  if (sqlite3_libversion_number() >= 3035000) CHECK(statements("3.35") == 1);
}

TEST_CASE("a declared version is a version") {
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.server_version = "fifteen";
  const Error error = error_of([&] { Session session(options); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error, "server_version is \"fifteen\", which is not a version"));
}

TEST_CASE("entities are described for the server that is connected to") {
  struct Strict {
    std::int32_t id{};
    static void describe(Entity<Strict>& e) {
      e.table({.strict = true});
      e.primary_generated<&Strict::id>();
    }
  };
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<Strict>();
  Session session(options, Access::read_only);
  CHECK(session.desired().tables.size() == 1);
  const model::Schema& before = session.desired();
  session.connect_to(std::make_unique<OldServer>());
  CHECK(session.dialect().version() == 33400);
  const Error error = error_of([&] { static_cast<void>(session.desired()); });
  CHECK(mentions(error, "SQLite 3.34 has no option `strict` of a table, which SQLite 3.37 introduced"));
  CHECK(before.tables.size() == 1);
}

TEST_CASE("a history needs a name") {
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.migrations_table.clear();
  CHECK(mentions(error_of([&] { Session session(options); }), "migrations_table is empty"));
}

TEST_CASE("an entity that takes the table of the history is a mistake") {
  struct Step {
    std::int32_t id{};
    static void describe(Entity<Step>& step) {
      step.table({.name = "Migrations"});
      step.primary_generated<&Step::id>();
    }
  };
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<Step>();
  Session taken(options);
  const Error error = error_of([&] { static_cast<void>(taken.described()); });
  CHECK(error.kind() == ErrorKind::entity);
  CHECK(mentions(error, "entity \"Step\": the table \"Migrations\" is the migration history table"));
  options.migrations_table = "steps";
  Session session(options);
  CHECK(session.described().schema.tables.size() == 1);
}

TEST_CASE("the query of a view is one statement") {
  struct Two {
    static void describe(View<Two>& view) { view.query("SELECT 1 AS a; DROP TABLE user"); }
  };
  struct One {
    static void describe(View<One>& view) { view.query("SELECT ';' AS a;\n"); }
  };
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<Two>();
  Session two(options);
  CHECK(mentions(error_of([&] { static_cast<void>(two.described()); }),
                 "entity \"Two\": the query of the view contains several statements"));
  options.entities = entities<One>();
  Session one(options);
  CHECK(one.described().schema.views.size() == 1);
}

TEST_CASE("a warning is logged once") {
  const Program program({});
  const Database database;
  Log log;
  DataSourceOptions options = database.options(program);
  log.attach(options);
  Session session(options);
  session.warn("a");
  session.warn("b");
  session.warn("a");
  CHECK(log.warnings == std::vector<std::string>{"a", "b"});
}
