#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "run/runner.h"
#include "session/run_lock.h"
#include "session/transaction.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

const std::string a = "A1000000000001", b = "B1000000000002";

/// Runs `function` in a process of its own, which ends with what it returns, or with 99 after it wrote its error.
template <class Function>
pid_t start_process(Function function) {
  const pid_t process = fork();
  REQUIRE(process >= 0);
  if (process > 0) return process;
  int code = 99;
  try {
    code = function();
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
  }
  _exit(code);
}

int wait_for(pid_t process) {
  int status = 0;
  REQUIRE(waitpid(process, &status, 0) == process);
  return status;
}

int exit_code(pid_t process) {
  const int status = wait_for(process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("processes that run the same pending migrations at once apply each once") {
  const auto slow = [](const std::string& table) {
    return [table](QueryRunner& query_runner) {
      query_runner.query("CREATE TABLE " + table + " (id integer)");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      query_runner.query("INSERT INTO " + table + " VALUES (1)");
    };
  };
  using enum MigrationTransaction;
  const std::vector<std::pair<TransactionMode, MigrationTransaction>> cases{{TransactionMode::all, by_mode},
                                                                            {TransactionMode::each, by_mode},
                                                                            {TransactionMode::each, never},
                                                                            {TransactionMode::none, by_mode}};
  for (const auto& one : cases) {
    const TransactionMode mode = one.first;
    const MigrationTransaction wish = one.second;
    INFO("mode ", static_cast<int>(mode), ", transaction ", static_cast<int>(wish));
    const Program program(
        {{.name = a, .up = slow("a"), .transaction = wish}, {.name = b, .up = slow("b"), .transaction = wish}});
    const Database database;
    std::vector<pid_t> processes;
    for (int i = 0; i < 4; ++i) {
      processes.push_back(start_process([&] {
        Session session(database.options(program));
        run::RunOptions options;
        options.transaction = mode;
        run::run_migrations(session, options);
        return 0;
      }));
    }
    for (const pid_t process : processes) CHECK(exit_code(process) == 0);
    CHECK(database.history() == a + ' ' + b);
    CHECK(database.query("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)") == "1|1");
  }
}

TEST_CASE("SQLite: processes that wait for the lock at the same time do not wait for each other") {
  const Program none({});
  const Database database;
  database.query("CREATE TABLE t (id integer)");
  // A process must not inherit a connection.
  std::vector<pid_t> processes{start_process([&] {
    Session session(database.options(none));
    session.connection().run("BEGIN IMMEDIATE");
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    session.connection().run("COMMIT");
    return 0;
  })};
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  for (int i = 0; i < 3; ++i) {
    processes.push_back(start_process([&] {
      DataSourceOptions options = database.options(none);
      options.busy_timeout = std::chrono::seconds(10);
      Session session(std::move(options));
      const session::RunLock lock(session, session::RunLock::Around::run);
      return 0;
    }));
  }
  for (const pid_t process : processes) CHECK(exit_code(process) == 0);
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("a process killed in the middle of a run leaves the schema before or after") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)"})}, {b, [](QueryRunner& query_runner) {
                                                                              query_runner.query("DROP TABLE a");
                                                                              query_runner.query(
                                                                                  "CREATE TABLE b (id integer)");
                                                                              kill(getpid(), SIGKILL);
                                                                            }}});
  const Program whole(
      {{a, statements({"CREATE TABLE a (id integer)"})}, {b, statements({"CREATE TABLE b (id integer)"})}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each}) {
    const Database database;
    const DataSourceOptions options = database.options(program);
    const pid_t process = start_process([&] {
      Session session(options);
      run::RunOptions run_options;
      run_options.transaction = mode;
      run::run_migrations(session, run_options);
      return 0;
    });
    CHECK(WIFSIGNALED(wait_for(process)));
    CHECK(database.tables() == (mode == TransactionMode::all ? "NULL" : "a migrations"));
    CHECK(database.history() == (mode == TransactionMode::all ? "no table" : a));
    Session session(database.options(whole));
    run::run_migrations(session);
    CHECK(database.history() == a + ' ' + b);
  }
}

TEST_CASE_OF_EACH_DATABASE(
    "a lock that another holds for longer than the timeout is an error, and nothing is changed") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)"})}});
  const Database database;
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const Program none({});
    Session other(database.options(none));
    other.connection().run("CREATE TABLE IF NOT EXISTS other (id integer)");
    const session::RunLock lock(other, session::RunLock::Around::transaction);
    const session::Transaction transaction(other);
    DataSourceOptions options = database.options(program);
    options.busy_timeout = std::chrono::milliseconds(50);
    Session session(options);
    run::RunOptions run_options;
    run_options.transaction = mode;
    CHECK(error_of([&] { run::run_migrations(session, run_options); }).kind() == ErrorKind::busy);
    CHECK(database.tables() == "other");
  }
}

TEST_CASE_OF_EACH_DATABASE("a run that fails leaves no lock behind, though its connection stays open") {
  const Program wrong({{a, statements({"nonsense"})}});
  const Database database;
  Session failed(database.options(wrong));
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    run::RunOptions run_options;
    run_options.transaction = mode;
    CHECK(error_of([&] { run::run_migrations(failed, run_options); }).kind() == ErrorKind::statement);
    DataSourceOptions options = database.options(wrong);
    options.busy_timeout = std::chrono::milliseconds(0);
    Session other(options);
    CHECK_NOTHROW(session::RunLock(other, session::RunLock::Around::run));
  }
}

TEST_CASE_OF_EACH_DATABASE("the lock is kept from one transaction to the next, until it is released") {
  const Program none({});
  const Database database;
  DataSourceOptions options = database.options(none);
  options.busy_timeout = std::chrono::milliseconds(0);
  Session first(options);
  Session second(options);
  first.connection().run("CREATE TABLE a (id integer)");
  {
    const session::RunLock lock(first, session::RunLock::Around::run);
    for (int i = 0; i < 2; ++i) {
      {
        session::Transaction transaction(first);
        first.connection().run("INSERT INTO a VALUES (1)");
        transaction.commit();
      }
      CHECK(error_of([&] { session::RunLock(second, session::RunLock::Around::run); }).kind() == ErrorKind::busy);
    }
  }
  CHECK_NOTHROW(session::RunLock(second, session::RunLock::Around::run));
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("a migration keeps other runs out even where it commits in between") {
  const Database database;
  DataSourceOptions options;
  options.url = database.url();
  options.busy_timeout = std::chrono::milliseconds(0);
  bool is_kept_out = false;
  const auto look = [&](QueryRunner& query_runner) {
    query_runner.query("VACUUM");
    Session other(options);
    is_kept_out = error_of([&] { session::RunLock(other, session::RunLock::Around::run); }).kind() == ErrorKind::busy;
  };
  const Program program({{.name = a, .up = look, .transaction = MigrationTransaction::never}});
  Session session(database.options(program));
  run::RunOptions run_options;
  run_options.transaction = TransactionMode::each;
  run::run_migrations(session, run_options);
  CHECK(is_kept_out);
}
