#include <fstream>
#include <iterator>

#include "change/generate.h"
#include "dialect/dialect.h"
#include "operation/describe.h"
#include "support/postgres_server.h"
#include "support/version.h"
#include "unit/change/typeorm_library.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/data_source.h"
#include "whimbrel/postgres.h"

// A database that TypeORM made (data/library.sql), and entities that say what TypeORM's did.

namespace {

using namespace whimbrel;
using fixture::Database;
using fixture::Program;
namespace library = test::library;

std::string changes(const DataSourceOptions& options) {
  session::Session session(options, session::Access::read_only);
  std::string text;
  for (const operation::Operation& operation : change::generate(session).operations) {
    text += operation::describe(operation) + '\n';
  }
  return text;
}

struct Adopted {
  Database database;

  Adopted() {
    std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/library.sql");
    database.query({std::istreambuf_iterator<char>(file), {}});
  }
};

TEST_CASE_FIXTURE(Adopted, "a database that TypeORM made fits entities that say the same") {
  const Program program{{}};
  DataSourceOptions options = database.options(program);
  options.entities = library::all();
  CHECK(changes(options) == std::string());
}

TEST_CASE_FIXTURE(Adopted, "entities make of an empty database what TypeORM's made of it, statement by statement") {
  const Program program{{}};
  const Database made;
  DataSourceOptions options = made.options(program);
  options.entities = library::all();
  options.synchronize = true;
  DataSource(options).initialize();
  // But for the blank that TypeORM puts behind an index without a condition, and for the order of columns.
  const char* const statements =
      "SELECT type, name, trim(sql) FROM sqlite_master WHERE type IN ('index', 'view') AND sql IS NOT NULL ORDER BY "
      "name";
  CHECK(made.query(statements) == database.query(statements));
  CHECK(made.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") ==
        database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', "
                       "'typeorm_metadata') ORDER BY name"));
}

/// The same on PostgreSQL.
struct AdoptedOnPostgres {
  std::string url = test::fresh_database();

  AdoptedOnPostgres() {
    library::server = library::Server::postgres;
    std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/library.postgres.sql");
    const std::string script({std::istreambuf_iterator<char>(file), {}});
    const auto connection = postgres::driver().open({.url = url});
    connection->run(script);
    connection->run("RESET search_path");
  }
  ~AdoptedOnPostgres() { library::server = library::Server::none; }
};

TEST_CASE_FIXTURE(AdoptedOnPostgres, "a PostgreSQL database that TypeORM made fits entities that say the same") {
  DataSourceOptions options;
  options.url = url;
  options.entities = library::all();
  CHECK(changes(options) == std::string());
}

TEST_CASE_FIXTURE(AdoptedOnPostgres, "entities make of an empty PostgreSQL database what TypeORM's made of it") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(13), "gen_random_uuid()");
  DataSourceOptions options;
  options.url = test::fresh_database();
  options.entities = library::all();
  options.synchronize = true;
  DataSource(options).initialize();
  const auto ask = [](const std::string& database, const std::string& query) {
    std::string text;
    for (const auto& row : postgres::driver().open({.url = database})->run(query).values) text += row[0].text() + '\n';
    return text;
  };
  const std::string ours = " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ";
  const std::string indexes =
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT IN ('migrations', "
      "'typeorm_metadata') ORDER BY 1";
  const std::string constraints =
      "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE "
      "connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT IN ('migrations', 'typeorm_metadata') "
      "ORDER BY 1";
  // TypeORM writes the number with quotes, and takes the session's time for UTC.
  const std::string columns =
      "SELECT c.relname || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || "
      "coalesce(replace(replace(replace(pg_get_expr(adbin, adrelid), '''0''::numeric', '0'), "
      "'(now() AT TIME ZONE ''utc''::text)', 'now()'), 'timezone(''utc''::text, now())', 'now()'), '') FROM pg_class c "
      "JOIN pg_attribute ON "
      "attrelid = c.oid LEFT JOIN "
      "pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE relkind = 'r' AND attnum > 0 AND relname NOT IN "
      "('migrations', 'typeorm_metadata') AND attname <> 'id' AND relnamespace = 'public'::regnamespace" +
      ours + "ORDER BY 1";
  for (const std::string& query : {indexes, constraints, columns}) CHECK(ask(options.url, query) == ask(url, query));
}

TEST_CASE_FIXTURE(Adopted, "migrations go on where TypeORM stopped, in its own table") {
  const Program program(
      {{"AddNote1800000000000", fixture::statements({R"(ALTER TABLE "tag" ADD COLUMN "note" varchar)"}),
        fixture::statements({R"(ALTER TABLE "tag" DROP COLUMN "note")"})}});
  DataSourceOptions options = database.options(program);
  DataSource source(options);
  source.initialize();
  CHECK(source.run_migrations() == std::vector<std::string>{"AddNote1800000000000"});
  CHECK(database.query("SELECT id, timestamp, name FROM migrations ORDER BY id") ==
        "1|1700000000000|CreateLibrary1700000000000\n2|1800000000000|AddNote1800000000000");
  // As TypeORM writes to it, which knows nothing of further columns.
  database.query("INSERT INTO migrations(timestamp, name) VALUES (1900000000000, 'Later1900000000000')");
  CHECK(source.pending_migrations().empty());
}

}  // namespace
