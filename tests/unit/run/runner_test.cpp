#include "run/runner.h"

#include <doctest/doctest.h>

#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

Script create(const std::string& name, const std::string& table) {
  return {name, statements({"CREATE TABLE " + table + " (id integer PRIMARY KEY)"}),
          statements({"DROP TABLE " + table})};
}

std::string names(const std::vector<run::MigrationResult>& applied) {
  std::string text;
  for (const run::MigrationResult& one : applied) text += (text.empty() ? "" : " ") + one.name;
  return text;
}

const std::string a = "A1000000000001", b = "B1000000000002", c = "C1000000000003";

}  // namespace

TEST_CASE("pending migrations run oldest first and are recorded with what is known of them") {
  Script second = create(b, "b");
  second.checksum = "abc";
  const Program program({second, create(a, "a")});
  const Database database;
  Session session(database.options(program));
  CHECK(run::pending_migrations(session) == std::vector<std::string>{a, b});
  const auto applied = run::run_migrations(session);
  CHECK(names(applied) == a + ' ' + b);
  CHECK(applied[0].statements == 1);
  CHECK(database.tables() == "a b migrations");
  CHECK(database.query("SELECT id, timestamp, name, checksum, applied_at LIKE '20__-__-__ __:__:__', "
                       "typeof(duration_ms) FROM migrations ORDER BY id") ==
        "1|1000000000001|A1000000000001|NULL|1|integer\n2|1000000000002|B1000000000002|abc|1|integer");
  CHECK(run::pending_migrations(session).empty());
}

TEST_CASE_OF_EACH_DATABASE("nothing pending costs one query and takes no lock") {
  const Program program({create(a, "a")});
  const Database database;
  Log log;
  DataSourceOptions options = database.options(program);
  log.attach(options);
  Session session(options);
  run::run_migrations(session);
  log.queries.clear();
  CHECK(run::run_migrations(session).empty());
  // The history, and the journal where there is one.
  CHECK(log.queries.size() == (session.dialect().has_transactional_ddl() ? 1 : 2));
}

TEST_CASE_OF_EACH_DATABASE("an empty list of migrations makes nothing, not even the history") {
  const Program program({});
  const Database database;
  Session session(database.options(program));
  CHECK(run::run_migrations(session).empty());
  CHECK(run::revert_migrations(session).empty());
  CHECK(database.tables() == "NULL");
}

TEST_CASE_OF_EACH_DATABASE("to runs up to and including a migration, named by class, file or timestamp") {
  const Program program({create(a, "a"), create(b, "b"), create(c, "c")});
  for (const std::string& name : {b, std::string("1000000000002"), std::string("1000000000002-b")}) {
    const Database database;
    Session session(database.options(program));
    run::RunOptions options;
    options.to = name;
    CHECK(names(run::run_migrations(session, options)) == a + ' ' + b);
    CHECK(run::run_migrations(session, options).empty());
  }
  const Database database;
  Session session(database.options(program));
  run::RunOptions options;
  options.to = "Nothing1000000000009";
  const Error error = error_of([&] { run::run_migrations(session, options); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error, "\"Nothing1000000000009\" is not in the program"));
  CHECK(database.tables() == "NULL");
}

TEST_CASE_OF_EACH_DATABASE("fake records without running and forgets without reverting") {
  const Program program({create(a, "a"), create(b, "b")});
  const Database database;
  Session session(database.options(program));
  run::RunOptions options;
  options.fake = true;
  CHECK(names(run::run_migrations(session, options)) == a + ' ' + b);
  CHECK(database.tables() == "migrations");
  CHECK(database.query("SELECT count(*) FROM migrations WHERE duration_ms IS NULL") == "2");
  run::RevertOptions revert;
  revert.fake = true;
  CHECK(names(run::revert_migrations(session, revert)) == b);
  CHECK(database.history() == a);
}

TEST_CASE_OF_EACH_DATABASE("what was recorded without being run is not reverted unless that is said") {
  const Program program({create(a, "a"), create(b, "b")});
  const Database database;
  database.query("CREATE TABLE a (id integer)");
  Session session(database.options(program));
  run::RunOptions options;
  options.fake = true;
  options.to = a;
  run::run_migrations(session, options);
  run::run_migrations(session);
  run::RevertOptions revert;
  revert.all = true;
  const Error error = error_of([&] { run::revert_migrations(session, revert); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, a));
  CHECK(error.remedy().find("--fake") != std::string::npos);
  CHECK(database.history() == a + ' ' + b);
  CHECK(names(run::revert_migrations(session)) == b);
  revert.allow_data_loss = true;
  CHECK(names(run::revert_migrations(session, revert)) == a);
  CHECK(database.tables() == "migrations");
}

TEST_CASE("a dry run takes the same path and changes nothing") {
  std::size_t seen = 9;
  Script data{b, [&](QueryRunner& query_runner) {
                query_runner.start_transaction();
                query_runner.query("INSERT INTO a VALUES (?)", {1});
                query_runner.commit_transaction();
                seen = query_runner.query("SELECT id FROM a").size();
              }};
  const Program program({create(a, "a"), data});
  const Database database;
  Log log;
  DataSourceOptions data_source = database.options(program);
  log.attach(data_source);
  Session session(data_source);
  run::RunOptions options;
  options.dry_run = true;
  std::string told;
  options.on_done = [&](const run::MigrationResult& applied) { told += applied.name + ' '; };
  const auto applied = run::run_migrations(session, options);
  REQUIRE(names(applied) == a + ' ' + b);
  CHECK(applied[0].script == std::vector<std::string>{"CREATE TABLE a (id integer PRIMARY KEY)"});
  CHECK(applied[1].script ==
        std::vector<std::string>{"INSERT INTO a VALUES (?) -- parameters: [1]", "SELECT id FROM a"});
  CHECK(told == a + ' ' + b + ' ');
  CHECK(seen == 0);
  CHECK(log.queries.size() == 3);  // What is applied, and, as nothing is, whose the database is.
  CHECK(database.tables() == "NULL");

  run::run_migrations(session);
  CHECK(seen == 1);
  run::RevertOptions revert;
  revert.dry_run = true;
  revert.all = true;
  CHECK(run::revert_migrations(session, revert).back().script == std::vector<std::string>{"DROP TABLE a"});
  CHECK(database.tables() == "a migrations");
}

TEST_CASE_OF_EACH_DATABASE("a pending migration that is older than an applied one runs with a warning") {
  const Program late({create(a, "a"), create(b, "b")});
  const Program early({create(b, "b")});
  const Database database;
  Session first(database.options(early));
  run::run_migrations(first);
  Log log;
  DataSourceOptions options = database.options(late);
  log.attach(options);
  Session second(options);
  CHECK(names(run::run_migrations(second)) == a);
  REQUIRE(log.warnings.size() == 1);
  CHECK(log.warnings[0] ==
        "The migration A1000000000001 runs out of order: it is older than B1000000000002, which is already applied.");
}

TEST_CASE("rows of other programs are kept, with one warning") {
  const Program program({create(a, "a")});
  const Database database;
  database.query(
      "CREATE TABLE migrations (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, timestamp bigint NOT NULL, "
      "name varchar NOT NULL); INSERT INTO migrations(timestamp, name) VALUES (1, 'Other0000000000001')");
  Log log;
  DataSourceOptions options = database.options(program);
  log.attach(options);
  Session session(options);
  CHECK(names(run::run_migrations(session)) == a);
  run::run_migrations(session);
  CHECK(log.warnings ==
        std::vector<std::string>{"The history has migrations that the program does not contain: Other0000000000001."});
  CHECK(database.history() == "Other0000000000001 " + a);
}

TEST_CASE("a history that TypeORM made is taken over") {
  const Program program({create(a, "a"), create(b, "b")});
  const Database database;
  database.query(
      "CREATE TABLE \"migrations\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"timestamp\" bigint "
      "NOT NULL, \"name\" varchar NOT NULL); CREATE TABLE a (id integer PRIMARY KEY); "
      "INSERT INTO migrations(timestamp, name) VALUES (1000000000001, 'A1000000000001')");
  Session session(database.options(program));
  CHECK(run::pending_migrations(session) == std::vector<std::string>{b});
  CHECK(database.query("SELECT count(*) FROM pragma_table_info('migrations')") == "3");
  run::run_migrations(session);
  CHECK(database.query("SELECT id, name, applied_at IS NULL FROM migrations") == "1|" + a + "|1\n2|" + b + "|0");
  run::RevertOptions all;
  all.all = true;
  CHECK(names(run::revert_migrations(session, all)) == b + ' ' + a);
  CHECK(database.tables() == "migrations");
}

TEST_CASE("the new history is TypeORM's table with further nullable columns") {
  const Program program({create(a, "a")});
  const Database database;
  Session session(database.options(program));
  run::run_migrations(session);
  CHECK(
      database.query("SELECT sql FROM sqlite_master WHERE name = 'migrations'") ==
      "CREATE TABLE \"migrations\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"timestamp\" bigint NOT NULL, "
      "\"name\" varchar NOT NULL, \"checksum\" varchar, \"applied_at\" datetime, \"duration_ms\" integer)");
}

TEST_CASE_OF_EACH_DATABASE("a history of another shape is refused, and another table can be named") {
  const Program program({create(a, "a")});
  const Database database;
  database.query("CREATE TABLE migrations (id integer PRIMARY KEY, migration text, batch integer)");
  DataSourceOptions options = database.options(program);
  Session session(options);
  const Error error = error_of([&] { run::run_migrations(session); });
  CHECK(mentions(error, "has no column \"timestamp\""));
  CHECK(mentions(error, "migrations_table"));
  options.migrations_table = "our \"history\"";
  Session other(options);
  run::run_migrations(other);
  CHECK(database.query("SELECT name FROM \"our \"\"history\"\"\"") == a);
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("each migration is told of as soon as it is there to stay") {
  const Program program({create(a, "a"), create(b, "b"), {c, statements({"SELECT * FROM nothing"})}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const Database database;
    Session session(database.options(program));
    run::RunOptions options;
    options.transaction = mode;
    std::string told;
    options.on_done = [&](const run::MigrationResult& applied) { told += applied.name + ' '; };
    CHECK_THROWS_AS(run::run_migrations(session, options), Error);
    CHECK(told == (mode == TransactionMode::all ? "" : a + ' ' + b + ' '));
  }
}
