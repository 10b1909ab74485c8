#include <doctest/doctest.h>

#include "run/runner.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

Script create(const std::string& name, const std::string& table) {
  return {name, statements({"CREATE TABLE " + table + " (id integer PRIMARY KEY)"}),
          statements({"DROP TABLE " + table})};
}

const std::string a = "A1000000000001", b = "B1000000000002", c = "C1000000000003";

template <class Database>
struct Applied {
  Program program{{create(a, "a"), create(b, "b"), create(c, "c")}};
  Database database;
  Session session{database.options(program)};

  Applied() { run::run_migrations(session); }

  std::string revert(const run::RevertOptions& options) {
    std::string text;
    for (const run::MigrationResult& one : run::revert_migrations(session, options)) text += one.name[0];
    return text;
  }
};

}  // namespace

TEST_CASE_OF_EACH_DATABASE("a revert takes the last, some, all, or what came after a migration") {
  run::RevertOptions options;
  CHECK(Applied<Database>().revert(options) == "C");
  options.steps = 2;
  CHECK(Applied<Database>().revert(options) == "CB");
  options.steps = 9;
  CHECK(Applied<Database>().revert(options) == "CBA");
  options.steps = 0;
  CHECK(Applied<Database>().revert(options).empty());
  options.to = a;
  CHECK(Applied<Database>().revert(options) == "CB");
  options.to = "1000000000003";
  CHECK(Applied<Database>().revert(options).empty());
  options.to.clear();
  options.all = true;
  Applied<Database> applied;
  CHECK(applied.revert(options) == "CBA");
  CHECK(applied.database.tables() == "migrations");
  CHECK(applied.database.history().empty());
  CHECK(applied.revert(options).empty());
}

TEST_CASE_OF_EACH_DATABASE("the last is the one that was applied last, not the one with the greatest timestamp") {
  const Program late({create(a, "a"), create(b, "b")});
  const Database database;
  {
    const Program early({create(b, "b")});
    Session session(database.options(early));
    run::run_migrations(session);
  }
  Session session(database.options(late));
  run::run_migrations(session);
  CHECK(run::revert_migrations(session).front().name == a);
}

TEST_CASE_OF_EACH_DATABASE("reverting back to what is not applied is an error") {
  Applied<Database> applied;
  run::RevertOptions options;
  options.to = "Nothing1000000000009";
  const Error error = error_of([&] { applied.revert(options); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error, "is not applied"));
}

TEST_CASE_OF_EACH_DATABASE("what the program does not contain cannot be reverted, and nothing is changed") {
  Applied<Database> applied;
  applied.database.query("UPDATE migrations SET name = 'Gone1000000000002' WHERE id = 2");
  run::RevertOptions options;
  options.steps = 3;
  options.transaction = TransactionMode::each;
  const Error error = error_of([&] { applied.revert(options); });
  CHECK(error.kind() == ErrorKind::migration);
  CHECK(error.migration() == "Gone1000000000002");
  CHECK(mentions(error, "does not contain it"));
  CHECK(mentions(error, "--fake"));
  CHECK(applied.database.tables() == "a b c migrations");
  options.fake = true;
  CHECK(applied.revert(options) == "CGA");
  CHECK(applied.database.tables() == "a b c migrations");
  CHECK(applied.database.history().empty());
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("a revert that fails leaves everything as it was") {
  Script bad = create(b, "b");
  bad.down = statements({"DROP TABLE b", "DROP TABLE nothing"});
  const Program program({create(a, "a"), bad, create(c, "c")});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const Database database;
    Session session(database.options(program));
    run::run_migrations(session);
    run::RevertOptions options;
    options.transaction = mode;
    options.all = true;
    const Error error = error_of([&] { run::revert_migrations(session, options); });
    CHECK(error.migration() == b);
    CHECK(database.history() == (mode == TransactionMode::all ? a + ' ' + b + ' ' + c : a + ' ' + b));
    CHECK(database.tables() == (mode == TransactionMode::all    ? "a b c migrations"
                                : mode == TransactionMode::each ? "a b migrations"
                                                                : "a migrations"));
  }
}
