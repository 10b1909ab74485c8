// What whimbrel costs on PostgreSQL, against what the server and its own client take for the same in the same run. The
// server is started for it, on a temporary directory.
//
//   bench_postgres [ROUNDS [TABLES...]]    the defaults are 7, and 100 1000 10000
//
// Times are medians over rounds in which the contestants take turns.

#include <libpq-fe.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bench/rounds.h"
#include "bench/server_items.h"
#include "bench/small_migrations.h"
#include "change/generate.h"
#include "change/schema_source.h"
#include "dialect/postgres/inspect/catalog.h"
#include "dialect/postgres/inspect/queries.h"
#include "tests/support/postgres_server.h"
#include "tests/temporary_directory.h"
#include "whimbrel/data_source.h"
#include "whimbrel/query_runner.h"
#include "whimbrel/schema.h"

namespace {

using whimbrel::test::PostgresServer;

std::unique_ptr<PGconn, void (*)(PGconn*)> connect(const std::string& url) {
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) std::abort();
  return connection;
}

void send(PGconn* connection, const std::string& query) {
  if (PQsendQueryParams(connection, query.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) std::abort();
}

/// One after the other: the results of one statement in a pipeline. Returns how many rows there were.
std::size_t take_rows(PGconn* connection) {
  std::size_t rows = 0;
  while (PGresult* const result = PQgetResult(connection)) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) std::abort();
    rows += static_cast<std::size_t>(PQntuples(result));
    PQclear(result);
  }
  return rows;
}

/// What a program does that only reads the same rows: in one round trip, and makes nothing of them.
void read_catalogue(const std::string& url) {
  const auto connection = connect(url);
  const int version = PQserverVersion(connection.get()) / 10000 * 10000;
  // As makemigrations reads them: what depends on tables, too.
  std::vector<std::string> queries =
      whimbrel::dialect::postgres::catalog_queries(whimbrel::dialect::InspectScope{.objects = true}, version);
  queries.insert(queries.begin(),
                 {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", whimbrel::dialect::postgres::spelling_settings()});
  queries.emplace_back("ROLLBACK");
  if (PQenterPipelineMode(connection.get()) != 1) std::abort();
  for (const std::string& query : queries) send(connection.get(), query);
  PQpipelineSync(connection.get());
  std::size_t rows = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) rows += take_rows(connection.get());
  if (rows == 0) std::abort();
}

void nothing_changed(PostgresServer& server, whimbrel::Entities entities, const std::string& what, std::size_t rounds) {
  const std::string url = server.fresh_database();
  whimbrel::DataSourceOptions options{.url = url, .entities = entities};
  options.synchronize = true;
  whimbrel::DataSource(options).initialize();
  options.synchronize = false;
  // As a server has it that has been running for a while.
  PQclear(PQexec(connect(url).get(), "VACUUM ANALYZE"));

  std::vector<bench::Subject> subjects;
  subjects.emplace_back("the same queries through libpq:", [&] { read_catalogue(url); });
  subjects.emplace_back("makemigrations", [&] {
    whimbrel::session::Session session(options, whimbrel::session::Access::read_only);
    if (!whimbrel::change::generate(session).empty()) std::abort();
  });
  bench::run_in_turns(subjects, rounds);
  bench::print("makemigrations, nothing changed, " + what, subjects);
}

/// A column comes and goes; each time the parts of the schema that the table has to do with are read.
void one_operation(PostgresServer& server, whimbrel::Entities entities, const std::string& what, std::size_t rounds) {
  const std::string url = server.fresh_database();
  whimbrel::DataSource data_source({.url = url, .entities = entities, .synchronize = true});
  data_source.initialize();
  PQclear(PQexec(connect(url).get(), "VACUUM ANALYZE"));

  const auto connection = connect(url);
  whimbrel::QueryRunner& query_runner = data_source.query_runner();
  const whimbrel::ColumnDefinition column{.name = "added", .type = whimbrel::type<std::int32_t>(), .nullable = true};
  const auto run = [&](const std::string& statement) { PQclear(PQexec(connection.get(), statement.c_str())); };
  std::vector<bench::Subject> subjects;
  subjects.emplace_back(
      "the statement alone:", [&] { run("ALTER TABLE item00000 ADD added integer"); },
      [&] { run("ALTER TABLE item00000 DROP COLUMN IF EXISTS added"); });
  subjects.emplace_back(
      "add_column", [&] { query_runner.add_column("item00000", column); },
      [&] { run("ALTER TABLE item00000 DROP COLUMN IF EXISTS added"); });
  bench::run_in_turns(subjects, rounds);
  bench::print("query_runner.add_column, " + what, subjects);
}

/// Tables of which some have a policy that calls a function, as whole databases have them.
std::string database_of(int tables, int functions) {
  std::string sql;
  for (int i = 0; i < tables; ++i) {
    const std::string number = std::to_string(i);
    sql += "CREATE TABLE t" + number + " (id serial PRIMARY KEY, owner text NOT NULL DEFAULT CURRENT_USER, amount " +
           "integer CHECK (amount > 0));";
    if (i >= functions) continue;
    sql += "CREATE FUNCTION f" + number + "(text) RETURNS boolean LANGUAGE sql STABLE RETURN $1 = CURRENT_USER;";
    sql += "CREATE POLICY own ON t" + number + " USING (f" + number + "(owner) AND amount > 1);";
    sql += "ALTER TABLE t" + number + " ENABLE ROW LEVEL SECURITY;";
  }
  return sql;
}

/// `diff` of two databases of which one has another type of a column that a policy uses.
void whole_databases(PostgresServer& server, int tables, int functions, std::size_t rounds) {
  const std::string before = server.fresh_database();
  const std::string after = server.fresh_database();
  for (const std::string& url : {before, after}) {
    PQclear(PQexec(connect(url).get(), database_of(tables, functions).c_str()));
    PQclear(PQexec(connect(url).get(), "VACUUM ANALYZE"));
  }
  PQclear(PQexec(connect(after).get(),
                 "BEGIN; DROP POLICY own ON t0; ALTER TABLE t0 ALTER amount TYPE bigint; CREATE POLICY own ON t0 USING "
                 "(f0(owner) AND amount > 1); COMMIT"));
  std::vector<bench::Subject> subjects;
  subjects.emplace_back("the same queries of both through libpq:", [&] {
    read_catalogue(before);
    read_catalogue(after);
  });
  subjects.emplace_back("diff", [&] {
    const auto& drivers = whimbrel::detail::linked_drivers();
    const whimbrel::change::SchemaChange change = whimbrel::change::compare_whole(
        whimbrel::change::read_database(drivers, before), whimbrel::change::read_database(drivers, after), {});
    if (change.script.up.size() != 3) std::abort();
  });
  bench::run_in_turns(subjects, rounds);
  bench::print("diff, " + std::to_string(tables) + " tables, " + std::to_string(functions) + " functions and policies",
               subjects);
}

/// Makes a table and adds a column to it, by turns.
std::string statement(int number) {
  const std::string table = "\"item_" + std::to_string(number / 2) + '"';
  if (number % 2 == 1) return "ALTER TABLE " + table + " ADD COLUMN \"nick\" character varying";
  return "CREATE TABLE " + table +
         " (\"id\" SERIAL NOT NULL, \"name\" character varying NOT NULL, \"amount\" integer NOT NULL DEFAULT 0, "
         "PRIMARY KEY (\"id\"))";
}

/// What the runner sends, for psql; without the history only what the migrations send.
void write_script(const std::string& path, bool has_history) {
  std::ofstream file(path);
  if (has_history) {
    file << "CREATE TABLE \"migrations\" (\"id\" SERIAL NOT NULL, \"timestamp\" bigint NOT NULL, \"name\" character "
            "varying NOT NULL, \"checksum\" character varying, \"applied_at\" timestamp without time zone, "
            "\"duration_ms\" integer, PRIMARY KEY (\"id\"));\n";
  }
  for (int i = 0; i < bench::migration_count; ++i) {
    file << statement(i) << ";\n";
    if (!has_history) continue;
    file
        << "INSERT INTO \"migrations\"(\"timestamp\", \"name\", \"checksum\", \"applied_at\", \"duration_ms\") VALUES ("
        << 1700000000000 + i << ", 'Step" << 1700000000000 + i << "', NULL, '2026-01-01 00:00:00', 0);\n";
  }
}

void run_psql(const std::string& url, const std::string& script) {
  const std::string command = "psql -X -q -1 -v ON_ERROR_STOP=1 -d '" + url + "' -f '" + script + '\'';
  if (std::system(command.c_str()) != 0) std::abort();
}

void many_pending(PostgresServer& server, std::size_t rounds) {
  const whimbrel::test::TemporaryDirectory directory;
  const std::string script = (directory.path() / "with_history.sql").string();
  const std::string bare_script = (directory.path() / "without_history.sql").string();
  write_script(script, true);
  write_script(bare_script, false);
  const bench::SmallMigrations migrations(statement);
  std::string url;
  const auto prepare = [&] {
    if (!url.empty()) server.run("DROP DATABASE " + url.substr(url.find("test_"), url.find('?') - url.find("test_")));
    url = server.fresh_database();
  };
  std::vector<bench::Subject> subjects;
  subjects.emplace_back(
      "psql -1 -f, the same statements:", [&] { run_psql(url, script); }, prepare);
  subjects.emplace_back(
      "psql -1 -f, without those of the history:", [&] { run_psql(url, bare_script); }, prepare);
  subjects.emplace_back(
      "run_migrations",
      [&] {
        whimbrel::DataSource data_source({.url = url, .migrations = migrations.list()});
        data_source.initialize();
        if (data_source.run_migrations().size() != bench::migration_count) std::abort();
      },
      prepare);
  bench::run_in_turns(subjects, rounds);
  bench::print("run_migrations, " + std::to_string(bench::migration_count) + " pending, one statement each", subjects);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 7;
  std::vector<int> sizes;
  for (int i = 2; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {100, 1000, 10000};

  PostgresServer server({"--set", "max_locks_per_transaction=4096"});
  for (const int tables : sizes) {
    const bench::ManyEntities items = bench::make_items(tables);
    nothing_changed(server, items.entities(), std::to_string(tables) + " tables of 10 columns", rounds);
    one_operation(server, items.entities(), std::to_string(tables) + " tables of 10 columns", rounds);
  }
  for (const int tables : sizes) {
    const bench::ManyEntities checked(whimbrel::entities<bench::Checked>(), "Checked", tables);
    nothing_changed(server, checked.entities(), std::to_string(tables) + " tables with a check", rounds);
  }
  for (const int tables : sizes) whole_databases(server, tables, tables / 5, rounds);
  many_pending(server, rounds);
}
