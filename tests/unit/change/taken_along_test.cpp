#include <doctest/doctest.h>

#include <algorithm>

#include "change/generate.h"
#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

// With a column goes what uses it and nothing else, and whatever nobody named is told.

using namespace whimbrel;
using namespace whimbrel::fixture;
using change::SchemaChange;
using session::Session;

namespace {

struct Post {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::name>({.type = "text"});
  }
};

/// `is_sqlite`: made as an entity of SQLite's would be, so that nothing else is different.
std::string table(const std::string& url) {
  const bool is_sqlite = url.starts_with("sqlite");
  return std::string("CREATE TABLE post (id ") +
         (is_sqlite ? "integer PRIMARY KEY AUTOINCREMENT NOT NULL" : "serial PRIMARY KEY") +
         ", name text NOT NULL, length integer, CONSTRAINT long_name CHECK (length(name) > 3), "
         "CONSTRAINT positive CHECK (length > 0)); "
         "CREATE INDEX by_size ON post (length(name)); CREATE INDEX by_length ON post (length, name); "
         "CREATE INDEX long_ones ON post (name) WHERE length > 100; INSERT INTO post (name, length) VALUES ('four', 4)";
}

/// The names of the checks and indexes that are there, sorted.
std::string parts(const AnyDatabase& database) {
  Session session(database.options(Program({})));
  const model::Schema schema = session.dialect().inspect(session.connection(), {});
  std::vector<std::string> names;
  for (const model::Check& check : schema.find_table("post")->checks) names.push_back(check.name.text);
  for (const model::Index& index : schema.find_table("post")->indexes) names.push_back(index.name.text);
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE_OF_TRANSACTIONAL_DATABASES("a migration that drops a column keeps what only calls a function of its name") {
  const Database database;
  database.query(table(database.url()));
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<Post>();
  Session session(options);
  const SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).empty());
  for (const sql::Statement& statement : generated.script.up) database.query(statement.sql);
  CHECK(parts(database) == "by_size long_name");
  CHECK(database.query("SELECT name FROM post") == "four");
  for (const char* name : {"positive", "by_length", "long_ones"}) {
    CAPTURE(name);
    CHECK(has(generated.notes, std::string("\"") + name + "\""));
  }
  CHECK(has(generated.notes, ", which uses column \"length\" and is not described by any entity"));
  CHECK_FALSE(has(generated.notes, "long_name"));
  for (const sql::Statement& statement : generated.script.down) database.query(statement.sql);
  CHECK(parts(database) == "by_length by_size long_name long_ones positive");
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("drop_column() also drops the dependents of the column, and names them") {
  const Database database;
  database.query(table(database.url()));
  const Program program({{"A1000000000001", [](QueryRunner& runner) { runner.drop_column("post", "length"); }}});
  DataSourceOptions options = database.options(program);
  Log log;
  log.attach(options);
  Session session(options);
  REQUIRE(run::run_migrations(session).size() == 1);
  CHECK(parts(database) == "by_size long_name");
  CHECK(log.warnings.size() == 3);
  CHECK(has(log.warnings,
            "drop_column() also drops check \"positive\" (length > 0) from \"post\", which uses column \"length\"."));
  CHECK(has(log.warnings, "\"by_length\""));
  CHECK(has(log.warnings, "\"long_ones\""));
}

TEST_CASE("a unique constraint that only includes a column goes with it on PostgreSQL, and comes back") {
  const PostgresDatabase database;
  database.query(
      "CREATE TABLE post (id serial PRIMARY KEY, name text NOT NULL, length integer, "
      "CONSTRAINT once UNIQUE (name) INCLUDE (length))");
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<Post>();
  Session session(options);
  const SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).empty());
  CHECK(has(generated.notes, "\"once\""));
  const auto included = [&] {
    return database.query("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'once'");
  };
  const std::string at_first = included();
  for (const sql::Statement& statement : generated.script.up) database.query(statement.sql);
  CHECK(included().empty());
  for (const sql::Statement& statement : generated.script.down) database.query(statement.sql);
  CHECK(included() == at_first);
}
