#include <doctest/doctest.h>

#include "change/synchronize.h"
#include "run/runner.h"
#include "run/status.h"
#include "session/run_lock.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"
#include "whimbrel/schema.h"
#include "whimbrel/toy.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

// The toy database commits with each change of the schema, as MariaDB and MySQL do: what follows from that.

namespace {

constexpr const char* a = "A1561981516514";
constexpr const char* b = "B1561981516515";

/// A new one for each test.
AnyDatabase fresh() {
  static int number = 0;
  return AnyDatabase("toy:" + std::to_string(++number));
}

Error run_error(const DataSourceOptions& options, TransactionMode mode) {
  run::RunOptions run_options;
  run_options.transaction = mode;
  session::Session session(options);
  return error_of([&] { run::run_migrations(session, run_options); });
}

const Script make_a{a, statements({"CREATE TABLE a (id integer)"}), statements({"DROP TABLE a"})};

}  // namespace

TEST_CASE("migrations run, are listed, and are reverted") {
  const Program program({make_a,
                         {b, statements({"INSERT INTO a (id) VALUES (1)", "INSERT INTO a (id) VALUES (2)"}),
                          statements({"DELETE FROM a WHERE id = 2"})}});
  const AnyDatabase database = fresh();
  session::Session session(database.options(program));
  REQUIRE(run::run_migrations(session).size() == 2);
  CHECK(database.query("SELECT * FROM a") == "1\n2");
  CHECK(database.query("SELECT name FROM migrations") == std::string(a) + '\n' + b);
  CHECK(run::run_migrations(session).empty());
  const auto status = run::status(session);
  REQUIRE(status.size() == 2);
  CHECK(status[1].applied);

  REQUIRE(run::revert_migrations(session).size() == 1);
  CHECK(database.query("SELECT * FROM a") == "1");
  CHECK(!run::status(session)[1].applied);
}

TEST_CASE(
    "under the mode `all` each migration is applied by itself, and a failing one keeps its changes of the schema") {
  const AnyDatabase database = fresh();
  {
    const Program program({make_a,
                           {b, statements({"INSERT INTO a (id) VALUES (1)", "CREATE TABLE b (id integer)",
                                           "INSERT INTO a (id) VALUES (2)", "nonsense"})}});
    const Error error = run_error(database.options(program), TransactionMode::all);
    CHECK(error.migration() == b);
    CHECK(mentions(error,
                   "The toy database cannot undo schema changes, and commits with each: its first 2 "
                   "statements remain, later ones were undone."));
    CHECK(mentions(error, "The migrations before it in this run are complete."));
  }
  CHECK(database.tables() == "a b migrations migrations_journal");
  CHECK(database.query("SELECT * FROM a") == "1");
  CHECK(database.query("SELECT name FROM migrations") == a);
}

TEST_CASE("a failing migration that changed no schema is undone, and nothing is said to stay") {
  const AnyDatabase database = fresh();
  const Program program({make_a, {b, statements({"INSERT INTO a (id) VALUES (1)", "nonsense"})}});
  const Error error = run_error(database.options(program), TransactionMode::each);
  CHECK(!mentions(error, "stay"));
  CHECK(mentions(error, "The migrations before it in this run are complete."));
  CHECK(database.query("SELECT count(*) FROM a") == "0");
}

TEST_CASE("a change of the schema that fails commits what came before it") {
  const AnyDatabase database = fresh();
  const Program program({{a, statements({"CREATE TABLE a (id integer)", "INSERT INTO a (id) VALUES (1)",
                                         "INSERT INTO a (id) VALUES (2)", "DROP TABLE none"})}});
  const Error error = run_error(database.options(program), TransactionMode::each);
  CHECK(mentions(error, "its first 3 statements remain"));
  CHECK(!mentions(error, "before it in this run"));
  CHECK(database.query("SELECT count(*) FROM a") == "2");
}

TEST_CASE("rows that come after a change of the schema are undone with what fails after them") {
  const AnyDatabase database = fresh();
  const Program program(
      {{a, statements({"CREATE TABLE a (id integer)", "INSERT INTO a (id) VALUES (1)", "nonsense"})}});
  CHECK(mentions(run_error(database.options(program), TransactionMode::each), "its first statement remains"));
  CHECK(database.query("SELECT count(*) FROM a") == "0");
}

TEST_CASE("without a transaction all stays, and a half done operation is not said to be undone") {
  const AnyDatabase database = fresh();
  const Program program(
      {{a, statements({"CREATE TABLE a (id integer)", "INSERT INTO a (id) VALUES (1)", "nonsense"})}});
  const Error error = run_error(database.options(program), TransactionMode::none);
  CHECK(mentions(error, "an unfinished operation may be partially applied"));
  CHECK(database.query("SELECT count(*) FROM a") == "1");
}

TEST_CASE("a change of the schema inside the migration's own transaction is refused, since it commits it") {
  for (const MigrationTransaction wish : {MigrationTransaction::by_mode, MigrationTransaction::never}) {
    const AnyDatabase database = fresh();
    const Program program({{a,
                            [](QueryRunner& query_runner) {
                              query_runner.start_transaction();
                              query_runner.query("CREATE TABLE a (id integer)");
                              query_runner.commit_transaction();
                            },
                            statements({}), wish}});
    const Error error = run_error(database.options(program), TransactionMode::each);
    CHECK(error.kind() == ErrorKind::migration);
    CHECK(mentions(error,
                   "The toy database commits with each schema change, so make it before "
                   "start_transaction() or after commit_transaction()."));
    session::Session session(database.options(program));
    CHECK(run::pending_migrations(session).size() == 1);
  }
}

TEST_CASE("a migration's own transaction around rows works after a change of the schema") {
  const AnyDatabase database = fresh();
  const Program program({{a, [](QueryRunner& query_runner) {
                            query_runner.query("CREATE TABLE a (id integer)");
                            query_runner.start_transaction();
                            query_runner.query("INSERT INTO a (id) VALUES (1)");
                            query_runner.rollback_transaction();
                            query_runner.start_transaction();
                            query_runner.query("INSERT INTO a (id) VALUES (2)");
                            query_runner.commit_transaction();
                          }}});
  session::Session session(database.options(program));
  CHECK(run::run_migrations(session).size() == 1);
  CHECK(database.query("SELECT * FROM a") == "2");
}

TEST_CASE("a migration that asks for no transaction may run under the mode `all`, which joins nothing here") {
  const AnyDatabase database = fresh();
  Script script = make_a;
  script.transaction = MigrationTransaction::never;
  const Program program({script});
  session::Session session(database.options(program));
  CHECK(run::run_migrations(session).size() == 1);
}

TEST_CASE("while another run has the lock, a run waits and then says who has it") {
  const AnyDatabase database = fresh();
  const Program program({make_a});
  DataSourceOptions options = database.options(program);
  options.busy_timeout = std::chrono::milliseconds(20);
  session::Session other(options);
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const session::RunLock lock(other, session::RunLock::Around::run);
    const Error error = run_error(options, mode);
    CHECK(error.kind() == ErrorKind::busy);
    CHECK(mentions(error, "Another process is running migrations on the toy database"));
    CHECK(mentions(error, ": connection "));
    CHECK(database.tables() == "NULL");
  }
  session::Session session(options);
  CHECK(run::run_migrations(session).size() == 1);
}

TEST_CASE("the lock outlasts a failing run by nothing") {
  const AnyDatabase database = fresh();
  const Program program({{a, statements({"nonsense"})}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
    static_cast<void>(run_error(database.options(program), mode));
    CHECK(database.query("SHOW LOCK") == "0");
  }
}
