#include <doctest/doctest.h>

#include <algorithm>

#include "change/generate.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"
#include "whimbrel/postgres.h"

// The proof of a migration on a copy of what it touches.

using namespace whimbrel;
using namespace whimbrel::fixture;
using change::SchemaChange;
using session::Session;

namespace {

struct Gauge {
  std::int32_t id{};
  std::int64_t reading{};
  static void describe(Entity<Gauge>& gauge) {
    gauge.primary_generated<&Gauge::id>();
    gauge.column<&Gauge::reading>();
  }
};

namespace with_code {
struct Gauge {
  std::int32_t id{};
  std::int32_t reading{};
  std::string code;
  static void describe(Entity<Gauge>& gauge) {
    gauge.primary_generated<&Gauge::id>();
    gauge.column<&Gauge::reading>();
    gauge.column<&Gauge::code>();
  }
};
}  // namespace with_code

const char* const gauge_table = "CREATE TABLE gauge (id SERIAL PRIMARY KEY, reading integer NOT NULL)";

DataSourceOptions options_for(const std::string& url, Entities described) {
  DataSourceOptions options;
  options.url = url;
  options.entities = described;
  return options;
}

std::string database_with(const std::string& statements) {
  std::string url = test::fresh_database();
  postgres::driver().open({.url = url})->run(gauge_table + (";" + statements));
  return url;
}

std::vector<sql::Statement>::iterator find(std::vector<sql::Statement>& statements, const std::string& text) {
  return std::find_if(statements.begin(), statements.end(),
                      [&](const sql::Statement& statement) { return statement.sql.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("PostgreSQL: a proof sees the view three steps away from a changed column") {
  const std::string url = database_with(
      "CREATE VIEW one AS SELECT reading FROM gauge;"
      "CREATE VIEW two AS SELECT reading + 1 AS reading FROM one;"
      "CREATE VIEW three AS SELECT max(reading) AS reading FROM two");
  Session session(options_for(url, entities<Gauge>()));
  const SchemaChange right = change::generate(session);
  CHECK(change::verify(session, right).empty());

  SchemaChange wrong = right;
  const auto drop = find(wrong.script.up, "DROP VIEW \"three\"");
  REQUIRE(drop != wrong.script.up.end());
  wrong.script.up.erase(drop);
  Error error = error_of([&] { static_cast<void>(change::verify(session, wrong)); });
  CHECK(error.kind() == ErrorKind::internal);
  CHECK(mentions(error, "a statement of the generated `up` failed"));
  CHECK(error.statement() == "DROP VIEW \"two\"");

  wrong = right;
  const auto made = find(wrong.script.up, "CREATE VIEW \"three\"");
  REQUIRE(made != wrong.script.up.end());
  wrong.script.up.erase(made);
  error = error_of([&] { static_cast<void>(change::verify(session, wrong)); });
  CHECK(mentions(error, "the schema still differs"));
  CHECK(mentions(error, "\"three\""));
}

TEST_CASE("PostgreSQL: among 2000 tables the change of one is proved with the locks that a server has by default") {
  const test::PostgresServer server({"--set", "max_locks_per_transaction=64", "--set", "max_connections=20"});
  server.run("CREATE ROLE modest LOGIN; CREATE DATABASE many OWNER modest");
  const std::string url = server.url_as("modest", "many");
  {
    const auto connection = postgres::driver().open({.url = server.url("many")});
    connection->run("GRANT CREATE ON SCHEMA public TO modest");
    connection->run("SET ROLE modest");
    connection->run(gauge_table);
    connection->run("CREATE VIEW readings AS SELECT reading FROM gauge");
    for (int i = 0; i < 2000; ++i) {
      const std::string referred = i < 2 ? "gauge" : "other" + std::to_string(i / 2);
      connection->run("CREATE TABLE other" + std::to_string(i + 1) +
                      " (id integer PRIMARY KEY, up integer REFERENCES " + referred + ')');
    }
  }
  Session session(options_for(url, entities<Gauge>()));
  const SchemaChange generated = change::generate(session);
  CHECK(generated.operations.size() == 1);
  CHECK(change::verify(session, generated).empty());
}

TEST_CASE("PostgreSQL: what a function reads that is only a text to the server does not disturb a proof") {
  const std::string url = database_with(
      "CREATE TABLE audit (at timestamptz);"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
      " 'BEGIN EXECUTE ''INSERT INTO '' || ''au'' || ''dit VALUES (now())''; RETURN NULL; END';"
      "CREATE TRIGGER noted AFTER UPDATE ON gauge FOR EACH STATEMENT EXECUTE FUNCTION note()");
  Session session(options_for(url, entities<with_code::Gauge>()));
  diff::Answers answers;
  answers.backfills[{"gauge", "code"}] = "'none'";
  SchemaChange generated = change::generate(session, answers);
  REQUIRE(find(generated.script.up, "UPDATE") != generated.script.up.end());
  CHECK(change::verify(session, generated).empty());
}

TEST_CASE(
    "PostgreSQL: what the server spells anew each time that it reads it does not keep a migration from its trial") {
  const std::string url = database_with(
      "ALTER TABLE gauge ADD state varchar(16) CHECK (state IN ('on', 'off'));"
      "CREATE INDEX states ON gauge (state) WHERE state IN ('on', 'off')");
  Session session(options_for(url, entities<Gauge>()));
  const SchemaChange right = change::generate(session);
  CHECK(change::verify(session, right).empty());

  SchemaChange wrong = right;
  wrong.script.up.clear();
  const Error error = error_of([&] { static_cast<void>(change::verify(session, wrong)); });
  CHECK(error.kind() == ErrorKind::internal);
  CHECK(mentions(error, "after the generated `up`, the schema still differs"));
}

TEST_CASE("PostgreSQL: a trial fires no trigger, whose function could reach out of the copy") {
  const std::string url = database_with(
      "CREATE SCHEMA audit; CREATE SEQUENCE audit.counter;"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
      " 'BEGIN PERFORM nextval(''audit.counter''); RETURN NEW; END';"
      "INSERT INTO gauge (reading) VALUES (1), (2);"
      "CREATE TRIGGER rows BEFORE INSERT OR UPDATE ON gauge FOR EACH ROW EXECUTE FUNCTION note();"
      "CREATE TRIGGER statements AFTER INSERT OR UPDATE ON gauge FOR EACH STATEMENT EXECUTE FUNCTION note();"
      "CREATE TRIGGER readings BEFORE UPDATE OF reading ON gauge FOR EACH ROW EXECUTE FUNCTION note();"
      "ALTER TABLE gauge ENABLE ALWAYS TRIGGER rows");
  const auto connection = postgres::driver().open({.url = url});
  const std::string modes = "SELECT string_agg(tgenabled::text, '' ORDER BY tgname) FROM pg_trigger";
  for (const bool has_rows : {true, false}) {
    if (!has_rows) connection->run("ALTER TABLE gauge DISABLE TRIGGER USER; DELETE FROM gauge");
    if (!has_rows)
      connection->run("ALTER TABLE gauge ENABLE TRIGGER USER; ALTER TABLE gauge ENABLE ALWAYS TRIGGER rows");
    Session session(options_for(url, entities<with_code::Gauge>()));
    diff::Answers answers;
    answers.backfills[{"gauge", "code"}] = "'none'";
    SchemaChange generated = change::generate(session, answers);
    // A column that changes its type has its triggers made anew.
    generated.script.up.push_back({"UPDATE gauge SET reading = reading", {}});
    CHECK(change::verify(session, generated).empty());
    Session wider(options_for(url, entities<Gauge>()));
    CHECK(change::verify(wider, change::generate(wider)).empty());
    CHECK(connection->run("SELECT is_called FROM audit.counter").values.at(0).at(0).integer() == 0);
    CHECK(connection->run(modes).values.at(0).at(0).text() == "OAO");
  }
}

TEST_CASE("PostgreSQL: rows that a policy hides from the role are told to be untried") {
  const std::string url = database_with(
      "DO 'BEGIN CREATE ROLE policed LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END';"
      "INSERT INTO gauge (reading) VALUES (1), (2);"
      "ALTER TABLE gauge OWNER TO policed; ALTER TABLE gauge ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
      "CREATE POLICY p ON gauge USING (id = 1);"
      "DO 'BEGIN EXECUTE format(''GRANT CREATE ON DATABASE %I TO policed'', current_database()); END';"
      "GRANT ALL ON SCHEMA public TO policed");
  const auto connection = postgres::driver().open({.url = url});
  const std::string database = connection->run("SELECT current_database()").values.at(0).at(0).text();
  Session session(options_for(test::postgres_server().url_as("policed", database), entities<Gauge>()));
  const change::Verification proof = change::verify(session, change::generate(session));
  CHECK(proof.rows.empty());
  REQUIRE(proof.left_out.size() == 1);
  CHECK(proof.left_out[0].find("rows of table \"gauge\"") != std::string::npos);
  CHECK(proof.left_out[0].find("row-level security") != std::string::npos);
}
