#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "run/runner.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

const std::string a = "A1000000000001", b = "B1000000000002", c = "C1000000000003";

std::string setting(Session& session, const std::string& pragma) {
  return session.connection().run("PRAGMA " + pragma).values.at(0).at(0).text();
}

/// The rows of the table a, joined by blanks.
std::string rows_of_a(const AnyDatabase& database) {
  std::string rows = database.query("SELECT id FROM a ORDER BY id");
  std::replace(rows.begin(), rows.end(), '\n', ' ');
  return rows;
}

/// Two statements that work, then what goes wrong.
Script failing(std::function<void(QueryRunner&)> third) {
  return {b, [third = std::move(third)](QueryRunner& query_runner) {
            query_runner.query("CREATE TABLE b (id integer)");
            query_runner.query("INSERT INTO a VALUES (2)");
            third(query_runner);
          }};
}

struct Failure {
  const char* description;
  std::function<void(QueryRunner&)> third;
  ErrorKind kind;
  const char* message;
};

const Failure failures[] = {
    {"a statement", statements({"INSERT INTO nothing VALUES (1)"}), ErrorKind::statement, "nothing"},
    {"an exception", [](QueryRunner&) { throw std::runtime_error("out of ink"); }, ErrorKind::migration, "out of ink"},
    {"something else", [](QueryRunner&) { throw 42; }, ErrorKind::migration, "not a std::exception"},
};

Script first() { return {a, statements({"CREATE TABLE a (id integer)", "INSERT INTO a VALUES (1)"})}; }
Script last() { return {c, statements({"CREATE TABLE c (id integer)"})}; }

}  // namespace

TEST_CASE("whatever goes wrong, what the mode promises is left, and the next run works") {
  struct Expected {
    TransactionMode mode;
    const char* tables;
    const char* history;
    const char* rows;
  };
  const Expected expectations[] = {
      {TransactionMode::all, "NULL", "no table", ""},
      {TransactionMode::each, "a migrations", "A1000000000001", "1"},
      {TransactionMode::none, "a b migrations", "A1000000000001", "1 2"},
  };
  for (const Failure& failure : failures) {
    for (const Expected& expected : expectations) {
      INFO(failure.description, " in ", expected.tables);
      const Database database;
      const Program program({first(), failing(failure.third), last()});
      Session session(database.options(program));
      const std::string before = setting(session, "foreign_keys") + setting(session, "legacy_alter_table");
      run::RunOptions options;
      options.transaction = expected.mode;
      const Error error = error_of([&] { run::run_migrations(session, options); });
      CHECK(error.kind() == failure.kind);
      CHECK(error.migration() == b);
      CHECK(mentions(error, failure.message));
      CHECK(mentions(error, "ran without a transaction") == (expected.mode == TransactionMode::none));
      CHECK(setting(session, "foreign_keys") + setting(session, "legacy_alter_table") == before);
      CHECK(setting(session, "locking_mode") == "normal");
      CHECK(!session.connection().is_transaction_active());
      CHECK(database.tables() == expected.tables);
      CHECK(database.history() == expected.history);
      if (*expected.rows != '\0') CHECK(rows_of_a(database) == expected.rows);

      const Program repaired({first(), {b, statements({"DROP TABLE IF EXISTS b"})}, last()});
      CHECK(run::run_migrations(session).back().name == c);
      CHECK(database.history() == a + ' ' + b + ' ' + c);
    }
  }
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("migrations that override the mode `all` are named before anything is changed") {
  Script never = failing([](QueryRunner&) {});
  never.transaction = MigrationTransaction::never;
  Script always = last();
  always.transaction = MigrationTransaction::always;
  const Program program({first(), never, always});
  const Database database;
  Session session(database.options(program));
  const Error error = error_of([&] { run::run_migrations(session); });
  CHECK(mentions(error,
                 "Migrations \"B1000000000002\", \"C1000000000003\" choose their own transaction mode, which is not "
                 "possible when all migrations share one transaction (mode \"all\")."));
  CHECK(mentions(error, "--transaction each"));
  CHECK(database.tables() == "NULL");
  run::RunOptions fake;
  fake.fake = true;
  CHECK(run::run_migrations(session, fake).size() == 3);
}

TEST_CASE_OF_EACH_DATABASE("never opts out of the mode `each`, always opts into the mode `none`") {
  Script never = failing([](QueryRunner& query_runner) {
    CHECK(!query_runner.is_transaction_active());
    throw std::runtime_error("late");
  });
  never.transaction = MigrationTransaction::never;
  Script always = failing([](QueryRunner& query_runner) {
    CHECK(query_runner.is_transaction_active());
    throw std::runtime_error("late");
  });
  always.transaction = MigrationTransaction::always;
  for (const bool is_never : {true, false}) {
    const Program program({first(), is_never ? never : always});
    const Database database;
    Session session(database.options(program));
    run::RunOptions options;
    options.transaction = is_never ? TransactionMode::each : TransactionMode::none;
    CHECK_THROWS_AS(run::run_migrations(session, options), Error);
    const bool stays = is_never || !session.dialect().has_transactional_ddl();
    CHECK(database.tables() == (stays ? "a b migrations" : "a migrations"));
    CHECK(database.history() == a);
  }
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("a transaction inside a transaction is a savepoint") {
  const Program program({first(), {b, [](QueryRunner& query_runner) {
                                     query_runner.start_transaction();
                                     query_runner.query("INSERT INTO a VALUES (2)");
                                     query_runner.start_transaction();
                                     query_runner.query("INSERT INTO a VALUES (3)");
                                     query_runner.rollback_transaction();
                                     query_runner.commit_transaction();
                                     query_runner.start_transaction();
                                     query_runner.query("INSERT INTO a VALUES (4)");
                                     query_runner.rollback_transaction();
                                     query_runner.query("SAVEPOINT mine");
                                     query_runner.query("ROLLBACK TRANSACTION TO SAVEPOINT mine");
                                     query_runner.query("INSERT INTO a VALUES (5)");
                                   }}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each}) {
    const Database database;
    Session session(database.options(program));
    run::RunOptions options;
    options.transaction = mode;
    run::run_migrations(session, options);
    CHECK(rows_of_a(database) == "1 2 5");
  }
}

TEST_CASE_OF_EACH_DATABASE("without a transaction around it, a migration's own is a real one") {
  Script own{b, [](QueryRunner& query_runner) {
               query_runner.start_transaction();
               query_runner.query("INSERT INTO a VALUES (2)");
               query_runner.commit_transaction();
               CHECK(!query_runner.is_transaction_active());
               query_runner.query("BEGIN");
               query_runner.start_transaction();
               query_runner.query("INSERT INTO a VALUES (3)");
               query_runner.rollback_transaction();
               CHECK(query_runner.is_transaction_active());
               query_runner.query("COMMIT");
               query_runner.start_transaction();
               query_runner.query("INSERT INTO a VALUES (4)");
               throw std::runtime_error("late");
             }};
  const Program program({first(), own});
  const Database database;
  Session session(database.options(program));
  run::RunOptions options;
  options.transaction = TransactionMode::none;
  CHECK_THROWS_AS(run::run_migrations(session, options), Error);
  CHECK(!session.connection().is_transaction_active());
  CHECK(rows_of_a(database) == "1 2");
}

TEST_CASE("a migration cannot end the transaction that it runs in") {
  for (const std::string sql : {"COMMIT", "rollback", "SELECT 1; COMMIT", "END", "ROLLBACK TRANSACTION"}) {
    INFO(sql);
    const Program program({first(), {b, statements({"INSERT INTO a VALUES (2)", sql})}});
    const Database database;
    Session session(database.options(program));
    const Error error = error_of([&] { run::run_migrations(session); });
    CHECK(error.kind() == ErrorKind::migration);
    CHECK(error.migration() == b);
    CHECK(!error.statement().empty());
    CHECK(mentions(error, "transaction"));
    if (sql != "END") CHECK(database.tables() == "NULL");
  }
}

TEST_CASE_OF_EACH_DATABASE("a transaction that a migration leaves open, or never opened, is an error") {
  const std::function<void(QueryRunner&)> wrongs[] = {
      [](QueryRunner& query_runner) { query_runner.start_transaction(); },
      [](QueryRunner& query_runner) { query_runner.commit_transaction(); },
      [](QueryRunner& query_runner) { query_runner.rollback_transaction(); },
  };
  for (const auto& wrong : wrongs) {
    for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
      const Program program({{a, wrong}});
      const Database database;
      Session session(database.options(program));
      run::RunOptions options;
      options.transaction = mode;
      CHECK(error_of([&] { run::run_migrations(session, options); }).kind() == ErrorKind::migration);
      CHECK(database.history().find('A') == std::string::npos);
    }
  }
  const Program program({{a, statements({"BEGIN"})}});
  const Database database;
  Session session(database.options(program));
  run::RunOptions options;
  options.transaction = TransactionMode::none;
  CHECK(mentions(error_of([&] { run::run_migrations(session, options); }), "did not end it"));
  CHECK(!session.connection().is_transaction_active());
}

TEST_CASE_OF_EACH_DATABASE("no command starts while the program has a transaction open") {
  const Program program({first()});
  const Database database;
  Session session(database.options(program));
  session.connection().run("BEGIN");
  const Error error = error_of([&] { run::run_migrations(session); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error, "A transaction is active"));
  session.connection().run("COMMIT");
  CHECK(run::run_migrations(session).size() == 1);
}

TEST_CASE_OF_EACH_DATABASE("a migration that cannot be made is an error that names it") {
  const MigrationEntry entries[] = {
      {"A1000000000001", +[](MigrationUse*, void*) {}, nullptr},
      {"B1000000000002", +[](MigrationUse*, void*) { throw std::runtime_error("no"); }, nullptr}};
  for (const MigrationEntry& entry : entries) {
    const Program none({});
    const Database database;
    DataSourceOptions options = database.options(none);
    options.migrations = {&entry, 1, nullptr};
    Session session(options);
    const Error error = error_of([&] { run::run_migrations(session); });
    CHECK(error.kind() == ErrorKind::migration);
    CHECK(error.migration() == entry.name);
    CHECK(database.tables() == "NULL");
  }
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("an interrupt stops between two statements, also one that a migration catches") {
  Session* running = nullptr;
  std::size_t after = 0;
  const Program program({first(), {b, [&](QueryRunner& query_runner) {
                                     query_runner.query("CREATE TABLE b (id integer)");
                                     running->interrupt();
                                     try {
                                       query_runner.query("CREATE TABLE never (id integer)");
                                       ++after;
                                     } catch (const Error&) {
                                     }
                                   }}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const Database database;
    Session session(database.options(program));
    running = &session;
    run::RunOptions options;
    options.transaction = mode;
    const Error error = error_of([&] { run::run_migrations(session, options); });
    CHECK(error.kind() == ErrorKind::interrupted);
    CHECK(after == 0);
    CHECK(database.history() == (mode == TransactionMode::all ? "no table" : a));
    CHECK(!session.connection().is_transaction_active());
  }
}

TEST_CASE_OF_EACH_DATABASE("an interrupt before a command stops the command, and only that") {
  const Program program({first()});
  const Database database;
  Session session(database.options(program));
  session.interrupt();
  CHECK(error_of([&] { run::run_migrations(session); }).kind() == ErrorKind::interrupted);
  CHECK(run::run_migrations(session).size() == 1);
}
