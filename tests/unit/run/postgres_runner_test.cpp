#include <doctest/doctest.h>

#include "change/baseline.h"
#include "change/synchronize.h"
#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"
#include "whimbrel/entity.h"

// What of running migrations is PostgreSQL's own.

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;
using namespace std::chrono_literals;

namespace {

const std::string a = "A1000000000001", b = "B1000000000002";

enum class Mood { sad, ok };

struct Person {
  std::int32_t id{};
  Mood mood{};
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::mood>();
  }
};

/// The names of all relations, types and functions that people made, but for extensions' own.
std::string objects(const PostgresDatabase& database) {
  return database.query(R"sql(
    SELECT string_agg(o.name, ' ' ORDER BY o.name COLLATE "C")
    FROM (SELECT 'pg_class'::regclass AS catalogue, oid, relnamespace AS space, relname::text AS name
          FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
          UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace, typname FROM pg_type WHERE typtype = 'e'
          UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proname FROM pg_proc) AS o
    JOIN pg_namespace n ON n.oid = o.space
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.catalogue AND d.objid = o.oid AND d.deptype = 'e'))sql");
}

}  // namespace

TEST_CASE("PostgreSQL: while another run of migrations goes on, a run says so, and works when that is over") {
  const Program program({{a, statements({"CREATE TABLE a (id integer)"})}});
  const PostgresDatabase database;
  {
    const Program none({});
    Session other(database.options(none));
    REQUIRE(other.dialect().try_lock(other.connection()));
    for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
      CAPTURE(static_cast<int>(mode));
      DataSourceOptions options = database.options(program);
      options.busy_timeout = 100ms;
      Session session(options);
      run::RunOptions run_options;
      run_options.transaction = mode;
      const Error error = error_of([&] { run::run_migrations(session, run_options); });
      CHECK(error.kind() == ErrorKind::busy);
      CHECK(mentions(error, "Another process is running migrations"));
      CHECK(mentions(error, "busy_timeout"));
      CHECK(database.tables() == "NULL");
    }
  }
  Session session(database.options(program));
  CHECK(run::run_migrations(session).size() == 1);
}

TEST_CASE("PostgreSQL: whatever goes wrong, what the mode promises is left, and the next run works") {
  struct Expected {
    TransactionMode mode;
    const char* tables;
    const char* history;
  };
  for (const Expected& expected : {Expected{TransactionMode::all, "NULL", "no table"},
                                   Expected{TransactionMode::each, "a migrations", "A1000000000001"},
                                   Expected{TransactionMode::none, "a b migrations", "A1000000000001"}}) {
    CAPTURE(expected.tables);
    const PostgresDatabase database;
    const Script first{a, statements({"CREATE TABLE a (id integer)"})};
    const Program program({first, {b, statements({"CREATE TABLE b (id integer)", "INSERT INTO b VALUES ('x')"})}});
    Session session(database.options(program));
    run::RunOptions options;
    options.transaction = expected.mode;
    const Error error = error_of([&] { run::run_migrations(session, options); });
    CHECK(error.migration() == b);
    CHECK(mentions(error, "ran without a transaction") == (expected.mode == TransactionMode::none));
    CHECK(!session.connection().is_transaction_active());
    CHECK(database.tables() == expected.tables);
    CHECK(database.history() == expected.history);
    const Program repaired({first, {b, statements({"DROP TABLE IF EXISTS b"})}});
    CHECK(run::run_migrations(session, options).back().name == b);
    CHECK(database.history() == a + ' ' + b);
  }
}

TEST_CASE("PostgreSQL: drop_schema leaves other schemas, other programs' things and extensions' alone") {
  const Program program({{a, statements({"CREATE TYPE size AS ENUM ('s')", "CREATE TABLE made (s size)",
                                         "CREATE VIEW seen AS SELECT s FROM made"})}});
  const PostgresDatabase database;
  database.query("CREATE EXTENSION pg_trgm");
  database.query("CREATE SCHEMA other");
  database.query("CREATE TABLE other.user (id integer)");
  database.query("CREATE TABLE theirs (id integer)");
  database.query("CREATE TYPE their_enum AS ENUM ('a')");
  database.query("CREATE FUNCTION their_function() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
  database.query("CREATE SEQUENCE their_sequence");
  const std::string before = objects(database);
  DataSourceOptions options = database.options(program);
  options.entities = entities<second::Post, second::User, Person>();
  Session session(options);
  change::synchronize(session, {});
  run::run_migrations(session);
  database.query("INSERT INTO \"user\"(email, password) VALUES ('a', 'b')");
  database.query("INSERT INTO post(author_id) VALUES (1)");
  const std::string full = objects(database);
  CHECK(full != before);
  change::DropOptions dry;
  dry.dry_run = true;
  CHECK(change::drop_schema(session, dry).statements.size() >= 6);
  CHECK(objects(database) == full);
  change::drop_schema(session);
  CHECK(objects(database) == before);
  CHECK(database.query("SELECT similarity('a', 'a')") == "1");
}

TEST_CASE("PostgreSQL: drop_schema that somebody else's table is in the way of changes nothing") {
  const Program program({});
  const PostgresDatabase database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<second::Post, second::User>();
  Session session(options);
  change::synchronize(session, {});
  database.query("CREATE TABLE theirs (user_id integer REFERENCES \"user\")");
  const Error error = error_of([&] { change::drop_schema(session); });
  CHECK(mentions(error, "theirs"));
  CHECK(database.tables() == "post theirs user");
}

TEST_CASE("PostgreSQL: a baseline is proved, and makes in an empty database what the database had") {
  const PostgresDatabase database;
  database.query("CREATE TYPE mood AS ENUM ('sad', 'ok')");
  database.query("CREATE TABLE person (id serial PRIMARY KEY, mood mood DEFAULT 'ok', at timestamptz DEFAULT now())");
  database.query("CREATE TABLE pet (id bigint GENERATED ALWAYS AS IDENTITY, owner integer REFERENCES person)");
  database.query("CREATE VIEW happy AS SELECT id FROM person WHERE mood = 'ok'");
  const Program none({});
  Session session(database.options(none));
  const change::SchemaChange baseline = change::generate_baseline(session);
  CHECK(change::verify_baseline(session, baseline).empty());

  const PostgresDatabase copy;
  std::vector<std::string> up;
  std::vector<std::string> down;
  for (const sql::Statement& statement : baseline.script.up) up.push_back(statement.sql);
  for (const sql::Statement& statement : baseline.script.down) down.push_back(statement.sql);
  const Program program({{a, statements(up), statements(down)}});
  Session other(copy.options(program));
  run::run_migrations(other);
  CHECK(copy.history() == a);
  copy.query("DROP TABLE migrations");
  CHECK(test::dumped_statements(copy.url()) == test::dumped_statements(database.url()));
}

TEST_CASE("PostgreSQL: a migration's own BEGIN and COMMIT are noticed before anything of its text is run") {
  const PostgresDatabase database;
  for (const char* text : {"BEGIN; CREATE TABLE c (x integer); COMMIT", "CREATE TABLE c (x integer); COMMIT;",
                           "CREATE TABLE c (x integer); START /* a */ TRANSACTION", "CREATE TABLE c (x integer); END",
                           "CREATE TABLE c (x integer); ROLLBACK WORK", "CREATE TABLE c (x integer); ABORT",
                           "CREATE TABLE c (x integer); PREPARE TRANSACTION 'left'"}) {
    CAPTURE(text);
    const Program program({{a, statements({text})}});
    Session session(database.options(program));
    const Error error = error_of([&] { run::run_migrations(session); });
    CHECK(error.kind() == ErrorKind::migration);
    CHECK(mentions(error, "begins or ends a transaction"));
    CHECK(objects(database) == "NULL");
  }
  const Program allowed(
      {{a, statements({"SAVEPOINT s; CREATE TABLE c (x integer); ROLLBACK /* not all */ TO s; CREATE TABLE d ();"
                       "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"})},
       {b, statements({"BEGIN; CREATE TABLE e (x integer); COMMIT"}), [](QueryRunner&) {},
        MigrationTransaction::never}});
  Session session(database.options(allowed));
  run::RunOptions options;
  options.transaction = TransactionMode::each;
  CHECK(run::run_migrations(session, options).size() == 2);
  CHECK(database.tables() == "d e migrations");
}

TEST_CASE("PostgreSQL: a migration that leaves its own transaction open is told so") {
  const PostgresDatabase database;
  const Program program(
      {{a, statements({"BEGIN; CREATE TABLE c (x integer)"}), [](QueryRunner&) {}, MigrationTransaction::never}});
  Session session(database.options(program));
  run::RunOptions options;
  options.transaction = TransactionMode::each;
  const Error error = error_of([&] { run::run_migrations(session, options); });
  CHECK(mentions(error, "did not end"));
  CHECK(objects(database) == "NULL");
}
