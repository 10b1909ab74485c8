#include "whimbrel/data_source.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "stranger.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

const char* const user_table = "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL)";
const std::string a = "A1000000000001", b = "B1000000000002";

}  // namespace

TEST_CASE("a data source runs, lists and reverts migrations, and opens nothing before") {
  const Program program({{a, statements({user_table}), statements({"DROP TABLE user"})}, {b, statements({})}});
  const Database database;
  DataSource data_source(database.options(program));
  CHECK(!database.exists());
  data_source.initialize();
  CHECK(data_source.pending_migrations() == std::vector<std::string>{a, b});
  CHECK(data_source.run_migrations() == std::vector<std::string>{a, b});
  CHECK(data_source.run_migrations().empty());
  CHECK(data_source.revert_last_migration() == b);
  CHECK(data_source.revert_last_migration() == a);
  CHECK(data_source.revert_last_migration().empty());
}

TEST_CASE("initialize drops the schema, then runs migrations, then synchronizes") {
  const Program program({{a, statements({user_table})}});
  const Database database;
  database.query(std::string(user_table) + "; INSERT INTO user VALUES (1); CREATE TABLE other (id integer)");
  DataSourceOptions options = database.options(program);
  options.entities = entities<second::User>();
  options.drop_schema = true;
  options.migrations_run = true;
  options.synchronize = true;
  DataSource data_source(options);
  data_source.initialize();
  CHECK(database.tables() == "migrations other user");
  CHECK(database.query("SELECT count(*) FROM user") == "0");
  CHECK(database.query("SELECT group_concat(name, ' ') FROM pragma_table_info('user')") == "id email password");
}

TEST_CASE("synchronize follows the options of the data source") {
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<second::User>();
  DataSource(options).synchronize();
  options.entities = entities<first::User>();
  CHECK(error_of([&] { DataSource(options).synchronize(); }).kind() == ErrorKind::unsafe);
  options.synchronize_mode = SynchronizeMode::allow_data_loss;
  DataSource(options).synchronize();
  CHECK(database.query("SELECT group_concat(name, ' ') FROM pragma_table_info('user')") == "id");
  DataSource(options).drop_schema();
  CHECK(database.tables() == "NULL");
}

TEST_CASE("the query runner of a data source has rows, parameters and transactions") {
  const Program program({});
  const Database database;
  DataSource data_source(database.options(program));
  QueryRunner& runner = data_source.query_runner();
  runner.query("CREATE TABLE t (id integer)");
  runner.start_transaction();
  CHECK(runner.is_transaction_active());
  runner.query("INSERT INTO t VALUES (?)", {1});
  CHECK(mentions(error_of([&] { data_source.run_migrations(); }), "A transaction is active"));
  runner.start_transaction();
  runner.query("INSERT INTO t VALUES (?)", {2});
  runner.rollback_transaction();
  runner.commit_transaction();
  CHECK(runner.query("SELECT id FROM t WHERE id > ?", {0}).size() == 1);
  CHECK_THROWS_AS(runner.commit_transaction(), Error);
}

TEST_CASE("an interrupt stops the next call, and one only") {
  const Program program({});
  const Database database;
  DataSource data_source(database.options(program));
  data_source.interrupt();
  CHECK(error_of([&] { data_source.query_runner().query("SELECT 1"); }).kind() == ErrorKind::interrupted);
  CHECK(data_source.query_runner().query("SELECT 1").size() == 1);
}

TEST_CASE("a connection that the program has open is used, keeps its settings and stays open") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  const Program program({{a, statements({user_table})}});
  DataSourceOptions options;
  options.migrations = program.list();
  options.connection = whimbrel::sqlite::connection(handle);
  {
    DataSource data_source(options);
    CHECK(data_source.run_migrations() == std::vector<std::string>{a});
    DataSource moved = std::move(data_source);
    CHECK(moved.pending_migrations().empty());
  }
  CHECK(sqlite3_exec(handle, "INSERT INTO user VALUES (1)", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr);
  CHECK_THROWS_AS(DataSource(options).run_migrations(), Error);
  sqlite3_close(handle);
}

TEST_CASE("a connection that the program failed to open is an error, whatever the URL") {
  DataSourceOptions options;
  options.url = "sqlite::memory:";
  options.connection = sqlite::connection(nullptr);
  const Error error = error_of([&] { DataSource(options).run_migrations(); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error, "null pointer"));
}

TEST_CASE("a source sees the drivers of the program that it is linked into, whatever its own library links") {
  CHECK(DataSourceOptions().drivers.size == 3);
  CHECK(drivers_seen_by_a_stranger() == 3);
}

TEST_CASE("drivers can be listed by hand, for a program that CMake has generated no list for") {
  const Driver* const list[] = {&sqlite::driver()};
  DataSourceOptions options;
  options.url = "sqlite::memory:";
  options.drivers = {};
  CHECK(mentions(error_of([&] { DataSource data_source(options); }), "no database driver"));
  options.drivers = {list, 1};
  CHECK(DataSource(options).query_runner().query("SELECT 1").size() == 1);
}

TEST_CASE("an entity prefix goes before every table but the history's") {
  const Program program({{a, statements({})}});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<first::User>();
  options.entity_prefix = "shop_";
  options.migrations_run = true;
  options.synchronize = true;
  DataSource(options).initialize();
  CHECK(database.tables() == "migrations shop_user");
}

TEST_CASE("every statement is logged") {
  const Program program({{a, statements({user_table, "INSERT INTO user VALUES (7)"})}});
  const Database database;
  Log log;
  DataSourceOptions options = database.options(program);
  log.attach(options);
  DataSource data_source(options);
  data_source.run_migrations();
  data_source.query_runner().query("SELECT * FROM user WHERE id = ?", {7});
  const auto logged = [&](const std::string& line) {
    return std::find(log.queries.begin(), log.queries.end(), line) != log.queries.end();
  };
  CHECK(logged(user_table));
  CHECK(logged("BEGIN IMMEDIATE"));
  CHECK(logged("COMMIT"));
  CHECK(logged("SELECT * FROM user WHERE id = ? -- parameters: [7]"));
  int rows = 0;
  data_source.query_runner().for_each_row("SELECT id FROM user", {}, [&](Row) { ++rows; });
  CHECK(rows == 1);
  CHECK(logged("SELECT id FROM user -- parameters: []"));
  REQUIRE(log.steps.size() == 2);
  CHECK(log.steps[0] == "Running A1000000000001.");
  CHECK(log.steps[1].rfind("A1000000000001 is applied (2 statements, ", 0) == 0);
}
