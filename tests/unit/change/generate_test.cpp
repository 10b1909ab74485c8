#include "change/generate.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using change::SchemaChange;
using session::Session;

namespace {

DataSourceOptions with(DataSourceOptions options, Entities entities) {
  options.entities = entities;
  return options;
}

std::vector<std::string> texts(const std::vector<sql::Statement>& script) {
  std::vector<std::string> result;
  for (const sql::Statement& statement : script) result.push_back(statement.sql);
  return result;
}

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

const char* const user_table = "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL)";

}  // namespace

TEST_CASE("a table is created and dropped, in TypeORM's words") {
  const Program program({});
  const Database database;
  Session session(with(database.options(program), entities<first::User>()), session::Access::read_only);
  const SchemaChange generated = change::generate(session);
  CHECK(texts(generated.script.up) == std::vector<std::string>{user_table});
  CHECK(texts(generated.script.down) == std::vector<std::string>{"DROP TABLE \"user\""});
  CHECK(change::verify(session, generated).empty());
  CHECK(!database.exists());
}

TEST_CASE("columns are added by the statements of the complete example") {
  const Program program({});
  const Database database;
  database.query(user_table);
  Session session(with(database.options(program), entities<second::User>()));
  const SchemaChange generated = change::generate(session);
  CHECK(texts(generated.script.up) ==
        std::vector<std::string>{
            "CREATE TABLE \"temporary_user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"email\" varchar NOT "
            "NULL, \"password\" varchar NOT NULL, CONSTRAINT \"UQ_e12875dfb3b1d92d7d7c5377e22\" UNIQUE (\"email\"))",
            "INSERT INTO \"temporary_user\"(\"id\") SELECT \"id\" FROM \"user\" NOT INDEXED", "DROP TABLE \"user\"",
            "ALTER TABLE \"temporary_user\" RENAME TO \"user\""});
  CHECK(texts(generated.script.down) ==
        std::vector<std::string>{"ALTER TABLE \"user\" RENAME TO \"temporary_user\"", user_table,
                                 "INSERT INTO \"user\"(\"id\") SELECT \"id\" FROM \"temporary_user\" NOT INDEXED",
                                 "DROP TABLE \"temporary_user\""});
  CHECK(generated.losses.empty());
  CHECK(generated.missing_backfills.empty());
  CHECK(has(generated.notes, "fails if \"user\" has rows: column \"email\" is NOT NULL without a default"));
  CHECK(change::verify(session, generated).empty());
}

TEST_CASE("it is noted that the way back leaves the values of a backfill") {
  const Program program({});
  const Database database;
  database.query("CREATE TABLE user (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, email varchar, password varchar)");
  database.query("INSERT INTO user VALUES (1, NULL, 'x')");
  Session session(with(database.options(program), entities<second::User>()));
  diff::Answers answers;
  answers.backfills[{"user", "email"}] = "'nobody'";
  const SchemaChange generated = change::generate(session, answers);
  CHECK(generated.down_notes ==
        std::vector<std::string>{"does not restore the NULLs in column \"email\" of \"user\", which `up` replaces"});
}

TEST_CASE("rows that are there need a value for a new column that takes no NULL") {
  const Program program({});
  const Database database;
  database.query(std::string(user_table) + "; INSERT INTO user VALUES (1)");
  Session session(with(database.options(program), entities<second::User>()));
  const SchemaChange open = change::generate(session);
  REQUIRE(open.missing_backfills.size() == 2);
  CHECK(open.missing_backfills[0].column == "email");
  diff::Answers answers;
  answers.backfills[{"user", "email"}] = "'nobody'";
  answers.backfills[{"user", "password"}] = "''";
  const SchemaChange decided = change::generate(session, answers);
  CHECK(decided.missing_backfills.empty());
  CHECK(change::verify(session, decided).empty());
  for (const std::string& statement : texts(decided.script.up))
    database.query("PRAGMA legacy_alter_table = ON; " + statement);
  CHECK(database.query("SELECT * FROM user") == "1|nobody|");
  CHECK(change::generate(session).empty());
}

TEST_CASE("a drop and an add that could be a rename are a question, and a rename if the entity says so") {
  const Program program({});
  const Database database;
  {
    Session session(with(database.options(program), entities<second::User>()));
    for (const std::string& statement : texts(change::generate(session).script.up)) database.query(statement);
  }
  Session asking(with(database.options(program), entities<third::User>()));
  const SchemaChange open = change::generate(asking);
  REQUIRE(open.rename_candidates.size() == 1);
  CHECK(open.rename_candidates[0].from.name == "password");
  CHECK(open.rename_candidates[0].to.name == "secret");
  CHECK(has(open.losses, "password"));
  diff::Answers answers;
  answers.column_renames.push_back({"user", "password", "secret"});
  const SchemaChange renamed = change::generate(asking, answers);
  CHECK(renamed.losses.empty());
  CHECK(texts(renamed.script.up) ==
        std::vector<std::string>{"ALTER TABLE \"user\" RENAME COLUMN \"password\" TO \"secret\""});
  CHECK(change::verify(asking, renamed).empty());

  Session knowing(with(database.options(program), entities<fourth::User>()));
  const SchemaChange said = change::generate(knowing);
  CHECK(said.rename_candidates.empty());
  CHECK(said.losses.empty());
  CHECK(change::verify(knowing, said).empty());
}

TEST_CASE("the history is no part of the schema, and what others made is left alone") {
  const Program program({});
  const Database database;
  database.query(
      std::string(user_table) +
      "; CREATE TABLE \"Migrations\" (id integer, timestamp bigint, name varchar); CREATE TABLE other (id integer)");
  Session session(with(database.options(program), entities<first::User>()));
  const SchemaChange generated = change::generate(session);
  CHECK(generated.empty());
  CHECK(generated.unmanaged == std::vector<std::string>{"table \"other\""});
}

TEST_CASE("what an applied migration of the program made is dropped when no entity describes it any more") {
  const auto throwing = [](QueryRunner& query_runner) {
    query_runner.query("CREATE TABLE \"left_over\" (id integer)");
    query_runner.query("INSERT INTO others VALUES (1)");
    if (query_runner.query("SELECT 1 FROM left_over").empty()) throw 42;
  };
  const Program program({{"A1000000000001", statements({user_table})},
                         {"B1000000000002", throwing},
                         {"C1000000000003", statements({"CREATE TABLE pending (id integer)"})}});
  const Database database;
  database.query("CREATE TABLE others (id integer); CREATE TABLE pending (id integer)");
  Session session(with(database.options(program), entities<first::User>()));
  run::RunOptions options;
  options.to = "A1000000000001";
  run::run_migrations(session, options);
  database.query("CREATE TABLE left_over (id integer)");
  CHECK(change::generate(session).empty());
  options.to = "B1000000000002";
  options.fake = true;
  run::run_migrations(session, options);
  const SchemaChange generated = change::generate(session);
  CHECK(texts(generated.script.up) == std::vector<std::string>{"DROP TABLE \"left_over\""});
  CHECK(generated.losses.size() == 1);
  CHECK(has(generated.unmanaged, "others"));
  CHECK(has(generated.unmanaged, "pending"));
  CHECK(change::verify(session, generated).empty());
}

TEST_CASE("what a rebuild only made again is not ours") {
  const auto rebuild = [](QueryRunner& query_runner) {
    query_runner.query("DROP TABLE \"user\"");
    query_runner.query(user_table);
    query_runner.query("CREATE INDEX hand_made ON \"user\"(id)");
  };
  const Program program({{"A1000000000001", statements({user_table}), statements({"DROP TABLE \"user\""})},
                         {"B1000000000002", rebuild, rebuild}});
  const Database database;
  Session session(with(database.options(program), entities<first::User>()));
  run::run_migrations(session);
  const SchemaChange generated = change::generate(session);
  CHECK(generated.empty());
  CHECK(has(generated.unmanaged, "hand_made"));
}

TEST_CASE("what a rebuild makes again though nobody but this database has it is told") {
  const Program program(
      {{"A1000000000001", statements({user_table, "CREATE TABLE log (id integer)",
                                      "CREATE TRIGGER ours AFTER DELETE ON \"user\" BEGIN INSERT INTO "
                                      "log VALUES (old.id); END"})}});
  const Database database;
  Session session(with(database.options(program), entities<second::User>()));
  run::run_migrations(session);
  database.query(
      "CREATE TRIGGER mine AFTER DELETE ON user BEGIN INSERT INTO log VALUES (old.id); END;"
      "CREATE INDEX mine_i ON user (id)");
  const SchemaChange generated = change::generate(session);
  const std::vector<std::string>& notes = generated.notes;
  CHECK(!has(generated.unmanaged, "mine"));
  CHECK(has(notes, "recreates index \"mine_i\" (id) on \"user\", even in databases where it did not exist"));
  CHECK(has(notes, "recreates trigger \"mine\" on \"user\", even in databases where it did not exist"));
  CHECK(!has(notes, "\"ours\""));
  CHECK(!has(notes, "this migration fails"));
}

TEST_CASE(
    "a trigger that a rebuild makes again makes the migration fail where what it uses is missing, and this is told") {
  const Program program({{"A1000000000001", statements({user_table})}});
  const Database database;
  Session session(with(database.options(program), entities<second::User>()));
  run::run_migrations(session);
  database.query(
      "CREATE TABLE audit (id integer);"
      "CREATE TRIGGER mine AFTER DELETE ON user BEGIN INSERT INTO audit VALUES (old.id); END");
  const std::vector<std::string> notes = change::generate(session).notes;
  CHECK(has(notes, "recreates trigger \"mine\""));
  CHECK(has(notes, "this migration fails: This would leave an unusable trigger \"mine\" (no such table: main.audit)."));
}

TEST_CASE("a trigger that a migration made is nobody else's when its table is renamed and rebuilt") {
  struct Member {
    std::int32_t id{};
    static void describe(Entity<Member>& member) {
      member.table({.renamed_from = "user"});
      member.primary_generated<&Member::id>();
      member.check("id > 0");
    }
  };
  const Program program(
      {{"A1000000000001", statements({user_table, "CREATE TABLE log (id integer)",
                                      "CREATE TRIGGER ours AFTER DELETE ON \"user\" BEGIN INSERT INTO "
                                      "log VALUES (old.id); END"})}});
  const Database database;
  Session session(with(database.options(program), entities<Member>()));
  run::run_migrations(session);
  const SchemaChange generated = change::generate(session);
  CHECK(has(texts(generated.script.up), "CREATE TRIGGER ours"));
  CHECK(!has(generated.notes, "\"ours\""));
}

TEST_CASE("a script that does not arrive where it should is an error that shows the difference") {
  const Program program({});
  const Database database;
  Session session(with(database.options(program), entities<second::User>()));
  const SchemaChange right = change::generate(session);

  SchemaChange wrong = right;
  wrong.script.up[0].sql = user_table;
  Error error = error_of([&] { static_cast<void>(change::verify(session, wrong)); });
  CHECK(error.kind() == ErrorKind::internal);
  CHECK(mentions(error, "after the generated `up`, the schema still differs"));
  CHECK(mentions(error, "add column \"email\" to \"user\""));
  CHECK(mentions(error, "Nothing was written"));

  wrong = right;
  wrong.script.down.clear();
  error = error_of([&] { static_cast<void>(change::verify(session, wrong)); });
  CHECK(mentions(error, "after the generated `down`, the schema still differs"));
  CHECK(mentions(error, "drop table \"user\""));

  wrong = right;
  wrong.script.up[0].sql = "CREATE nonsense";
  error = error_of([&] { static_cast<void>(change::verify(session, wrong)); });
  CHECK(mentions(error, "a statement of the generated `up` failed"));
  CHECK(error.statement() == "CREATE nonsense");
  CHECK(database.query("SELECT name FROM sqlite_master").empty());
}

TEST_CASE("a script after which the entities still differ is an error, even if it does what was meant") {
  const Program program({});
  const Database database;
  Session meant(with(database.options(program), entities<first::User>()));
  const SchemaChange generated = change::generate(meant);
  Session session(with(database.options(program), entities<second::User>()));
  const Error error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(mentions(error, "after the generated `up`, the next migration would still:"));
  CHECK(mentions(error, "add column \"email\" to \"user\""));
  CHECK(mentions(error, "Nothing was written"));
}

TEST_CASE("a view that uses a dropped column is named, with what to do") {
  const Program program({});
  const Database database;
  {
    Session session(with(database.options(program), entities<second::User>()));
    for (const std::string& statement : texts(change::generate(session).script.up)) database.query(statement);
  }
  database.query("CREATE VIEW passwords AS SELECT password FROM user");
  Session session(with(database.options(program), entities<first::User>()));
  const SchemaChange generated = change::generate(session);
  const Error error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "\"passwords\""));
  CHECK(mentions(error, "newmigration"));
}

TEST_CASE("what cannot be copied to a scratch database is named, and what was not tried is not called verified") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  const auto one = [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, 1); };
  sqlite3_create_function(handle, "of_the_program", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, one, nullptr,
                          nullptr);
  {
    const Program program({});
    DataSourceOptions options = with({}, entities<first::User>());
    options.connection = whimbrel::sqlite::connection(handle);
    Session session(options);
    session.connection().run("CREATE TABLE other (id integer); CREATE INDEX strange ON other(of_the_program(id))");
    const SchemaChange generated = change::generate(session);
    const change::Verification proof = change::verify(session, generated);
    CHECK(proof.not_tried.empty());
    REQUIRE(proof.left_out.size() == 1);
    CHECK(has(proof.left_out, "\"of_the_program\""));

    for (const std::string& statement : texts(generated.script.up)) session.connection().run(statement);
    session.connection().run("CREATE INDEX stranger ON user(of_the_program(id))");
    DataSourceOptions later = with(options, entities<second::User>());
    Session next(later);
    const change::Verification nothing = change::verify(next, change::generate(next));
    CHECK(nothing.left_out.size() == 1);
    CHECK(nothing.not_tried.empty());
  }
  sqlite3_close(handle);
}

TEST_CASE("a mistake in an entity is found before the database is opened") {
  struct Nameless {
    std::string text;
    static void describe(Entity<Nameless>& nameless) { nameless.column<&Nameless::text>(); }
  };
  const Program program({});
  const Database database;
  CHECK(error_of([&] { DataSource(with(database.options(program), entities<Nameless>())); }).kind() ==
        ErrorKind::entity);
  CHECK(!database.exists());
}
