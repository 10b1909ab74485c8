#include <doctest/doctest.h>
#include <libpq-fe.h>

#include <future>
#include <thread>

#include "dialect/postgres/text/sqlstate.h"
#include "run/runner.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/postgres.h"

// Migrations on PostgreSQL when something goes wrong on the way: one clear error, the database as before, and the next
// run works.

using namespace whimbrel;
using namespace whimbrel::fixture;
using namespace std::chrono_literals;
using test::fresh_database;
using test::postgres_server;

namespace {

const std::string a = "A1000000000001", b = "B1000000000002";

DataSourceOptions options_for(const Program& program, const std::string& url) {
  DataSourceOptions options;
  options.url = url;
  options.migrations = program.list();
  return options;
}

std::unique_ptr<dialect::Connection> open(const std::string& url) { return postgres::driver().open({.url = url}); }

std::string text_of(dialect::Connection& connection, const std::string& sql) {
  const auto rows = connection.run(sql).values;
  return rows.empty() || rows[0][0].is_null() ? "NULL" : rows[0][0].text();
}

/// The tables of the schema public, joined by blanks.
std::string tables(const std::string& url) {
  return text_of(*open(url),
                 "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'");
}

std::string database_of(const std::string& url) {
  const auto begin = url.find("@/") + 2;
  return url.substr(begin, url.find('?') - begin);
}

/// Ends what the migrations' connection is doing when it sleeps.
std::thread cut_when_asleep(const std::string& database) {
  return std::thread([database] {
    const std::string sleeping = " FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '" + database + "'";
    while (postgres_server().run("SELECT pg_terminate_backend(pid)" + sleeping).values.empty()) {
      std::this_thread::sleep_for(5ms);
    }
  });
}

}  // namespace

TEST_CASE(
    "PostgreSQL: a connection cut in the middle of a migration leaves the database as before, and the next run works") {
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each}) {
    CAPTURE(static_cast<int>(mode));
    bool is_first = true;
    const Program program(
        {{a, statements({"CREATE TABLE a (id integer)"})}, {b, [&](QueryRunner& query_runner) {
                                                              query_runner.query("CREATE TABLE b (id integer)");
                                                              if (is_first) query_runner.query("SELECT pg_sleep(600)");
                                                            }}});
    const std::string url = fresh_database();
    DataSourceOptions options = options_for(program, url);
    options.transaction = mode;
    DataSource data_source(options);
    std::thread cut = cut_when_asleep(database_of(url));
    const Error error = error_of([&] { data_source.run_migrations(); });
    cut.join();
    is_first = false;
    CHECK(error.kind() == ErrorKind::connection);
    CHECK(error.migration() == b);
    CHECK(mentions(error, "ended the connection"));
    CHECK(tables(url) == (mode == TransactionMode::all ? "NULL" : "a migrations"));
    CHECK(data_source.run_migrations().back() == b);
    CHECK(tables(url) == "a b migrations");
  }
}

TEST_CASE("PostgreSQL: a migration that is interrupted leaves the database as before") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)", "SELECT pg_sleep(600)"})}});
  const std::string url = fresh_database();
  DataSource data_source(options_for(program, url));
  std::thread interrupt([&] {
    while (postgres_server().run("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'").values.empty()) {
      std::this_thread::sleep_for(5ms);
    }
    data_source.interrupt();
  });
  const Error error = error_of([&] { data_source.run_migrations(); });
  interrupt.join();
  CHECK(error.kind() == ErrorKind::interrupted);
  CHECK(tables(url) == "NULL");
}

TEST_CASE("PostgreSQL: a role without the right to create is told which it needs, and nothing is changed") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)"})}});
  const std::string url = fresh_database();
  postgres_server().run("CREATE ROLE reader LOGIN");
  open(url)->run("REVOKE CREATE ON SCHEMA public FROM public");
  {
    DataSource data_source(options_for(program, postgres_server().url_as("reader", database_of(url))));
    const Error error = error_of([&] { data_source.run_migrations(); });
    CHECK(dialect::postgres::sqlstate(error) == "42501");
    CHECK(mentions(error, "GRANT USAGE, CREATE ON schema public TO \"reader\";"));
    CHECK(tables(url) == "NULL");
    open(url)->run("GRANT CREATE ON SCHEMA public TO reader");
    CHECK(data_source.run_migrations() == std::vector<std::string>{a});
  }
  open(url)->run("DROP OWNED BY reader; DROP ROLE reader");
}

TEST_CASE(
    "PostgreSQL: a table that somebody locks and a run that somebody else does are errors, and the next run works") {
  const Program program({{a, statements({"ALTER TABLE other ADD y integer"})}});
  const std::string url = fresh_database();
  const auto holder = open(url);
  holder->run("CREATE TABLE other (x integer)");
  DataSourceOptions options = options_for(program, url);
  options.busy_timeout = 100ms;
  DataSource data_source(options);
  holder->run("BEGIN; LOCK TABLE other");
  CHECK(error_of([&] { data_source.run_migrations(); }).kind() == ErrorKind::busy);
  CHECK(tables(url) == "other");
  holder->run("ROLLBACK");

  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
    REQUIRE(postgres::driver().make_dialect(holder->server())->try_lock(*holder));
    options.transaction = mode;
    const Error error = error_of([&] { DataSource(options).run_migrations(); });
    CHECK(error.kind() == ErrorKind::busy);
    CHECK(mentions(error, "Another process is running migrations on the PostgreSQL database"));
    CHECK(mentions(error, ": process " + text_of(*holder, "SELECT pg_backend_pid()") + " (postgres, whimbrel, "));
    CHECK(tables(url) == "other");
    postgres::driver().make_dialect(holder->server())->unlock(*holder);
  }
  CHECK(data_source.run_migrations() == std::vector<std::string>{a});
}

TEST_CASE("PostgreSQL: a run that waits for its turn keeps no index from being made concurrently") {
  const auto up = statements({"CREATE INDEX CONCURRENTLY i ON t (x)"});
  const Program program({{a, up, statements({}), MigrationTransaction::never}});
  const std::string url = fresh_database();
  const auto holder = open(url);
  holder->run("CREATE TABLE t (x integer); BEGIN; INSERT INTO t VALUES (1)");
  DataSourceOptions options = options_for(program, url);
  options.transaction = TransactionMode::each;
  const auto run = [&options](std::chrono::milliseconds busy_timeout) {
    DataSourceOptions own = options;
    own.busy_timeout = busy_timeout;
    return DataSource(own).run_migrations();
  };
  // The index waits for the transaction as long as it takes: it keeps nobody from writing meanwhile.
  std::future<std::vector<std::string>> first = std::async(std::launch::async, run, 20ms);
  while (text_of(*open(url), "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('i')") != "1") {
    std::this_thread::sleep_for(5ms);
  }
  std::future<std::vector<std::string>> second = std::async(std::launch::async, run, 20s);
  std::this_thread::sleep_for(100ms);
  holder->run("COMMIT");
  CHECK(first.get() == std::vector<std::string>{a});
  CHECK(second.get().empty());
  CHECK(text_of(*open(url), "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == "1");
}

TEST_CASE("PostgreSQL: a statement's time limit is an error that names the migration, and nothing is changed") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)", "SELECT pg_sleep(600)"})}});
  const std::string url = fresh_database();
  DataSource data_source(options_for(program, url + "&options=-c%20statement_timeout%3D50ms"));
  const Error error = error_of([&] { data_source.run_migrations(); });
  CHECK(error.kind() == ErrorKind::statement);
  CHECK(error.migration() == a);
  CHECK(mentions(error, "statement_timeout"));
  CHECK(tables(url) == "NULL");
}

TEST_CASE("PostgreSQL: a migration that catches the error of a statement is not taken for done") {
  const Program program({{a, [](QueryRunner& query_runner) {
                            query_runner.query("CREATE TABLE a (id integer)");
                            try {
                              query_runner.query("SELECT nothing");
                            } catch (const Error&) {
                            }
                          }}});
  const std::string url = fresh_database();
  DataSource data_source(options_for(program, url));
  const Error error = error_of([&] { data_source.run_migrations(); });
  CHECK(mentions(error, "column \"nothing\" does not exist"));
  CHECK(mentions(error, "savepoint"));
  CHECK(tables(url) == "NULL");
}

TEST_CASE("PostgreSQL: a migration cannot end the transaction that it runs in by ABORT") {
  const std::string url = fresh_database();
  const Program program({{a, statements({"CREATE TABLE t (id integer)", "ABORT"})}});
  DataSource data_source(options_for(program, url));
  const Error error = error_of([&] { data_source.run_migrations(); });
  CHECK(error.kind() == ErrorKind::migration);
  CHECK(error.statement() == "ABORT");
  CHECK(mentions(error, "transaction"));
  CHECK(text_of(*open(url), "SELECT count(*) FROM pg_class WHERE relname = 't'") == "0");
}

TEST_CASE("PostgreSQL: what the server notices is logged, and rows are read while others are written") {
  const Program program({{a, [](QueryRunner& query_runner) {
                            query_runner.query("DO $$ BEGIN RAISE NOTICE 'half done'; END $$");
                            query_runner.query("CREATE TABLE a (id integer)");
                            query_runner.for_each_row("SELECT * FROM generate_series(1, 3) AS n", [&](Row row) {
                              query_runner.query("INSERT INTO a VALUES ($1)", {row["n"]});
                            });
                          }}});
  const std::string url = fresh_database();
  DataSourceOptions options = options_for(program, url);
  Log log;
  log.attach(options);
  DataSource(options).run_migrations();
  CHECK(log.notices == std::vector<std::string>{"NOTICE: half done"});
  CHECK(text_of(*open(url), "SELECT sum(id) FROM a") == "6");
}

TEST_CASE("PostgreSQL: migrations run on a connection that the program has open, which stays open") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)"})}});
  PGconn* const handle = PQconnectdb(fresh_database().c_str());
  DataSourceOptions options;
  options.migrations = program.list();
  options.connection = whimbrel::postgres::connection(handle);
  CHECK(DataSource(options).run_migrations() == std::vector<std::string>{a});
  CHECK(DataSource(options).pending_migrations().empty());
  PGresult* const result = PQexec(handle, "BEGIN; SELECT count(*) FROM a");
  CHECK(PQresultStatus(result) == PGRES_TUPLES_OK);
  PQclear(result);
  CHECK(error_of([&] { DataSource(options).run_migrations(); }).kind() == ErrorKind::usage);
  PQfinish(handle);
}
