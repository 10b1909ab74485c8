#include <doctest/doctest.h>

#include <thread>

#include "change/generate.h"
#include "change/synchronize.h"
#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

const std::string a = "A1000000000001";

struct Before {
  std::int32_t id{};
  std::string email;
  std::string password;
  static void describe(Entity<Before>& user) {
    user.table({.name = "user"});
    user.primary_generated<&Before::id>();
    user.column<&Before::email>({.unique = true});
    user.column<&Before::password>();
  }
};

struct After {
  std::int32_t id{};
  std::string email;
  static void describe(Entity<After>& user) {
    user.table({.name = "user"});
    user.primary_generated<&After::id>();
    user.column<&After::email>();
  }
};

std::function<void(QueryRunner&)> as_migration(const std::vector<sql::Statement>& script) {
  std::vector<std::string> sql;
  for (const sql::Statement& statement : script) sql.push_back(statement.sql);
  return statements(sql);
}

/// Everything that belongs to the rebuilt table, and the rows that a rebuild could delete.
const char* const everything =
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND name <> 'migrations' ORDER "
    "BY "
    "name";
const char* const rows =
    "SELECT p.id, u.id, u.email, (SELECT seq FROM sqlite_sequence WHERE name = 'user'), "
    "(SELECT count(*) FROM seen) FROM post p JOIN user u ON u.id = p.author_id";

}  // namespace

TEST_CASE("a rebuild that is run and reverted keeps rows, child rows, views, triggers and indexes in every mode") {
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    INFO("mode ", static_cast<int>(mode));
    const Database database;
    {
      const Program none({});
      DataSourceOptions options = database.options(none);
      options.entities = entities<Before>();
      Session session(options);
      change::synchronize(session, {});
    }
    database.query(
        "CREATE TABLE post (id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES user(id) ON DELETE CASCADE);"
        "CREATE VIEW seen AS SELECT id, email FROM user;"
        "CREATE TRIGGER watch AFTER UPDATE ON user BEGIN DELETE FROM post WHERE author_id = -1; END;"
        "CREATE INDEX some ON user(email) WHERE id > 3;"
        "INSERT INTO user VALUES (7, 'a', 'b'), (9, 'c', 'd'); DELETE FROM user WHERE id = 9; "
        "INSERT INTO post VALUES (1, 7)");
    const std::string schema_before = database.query(everything);
    const std::string rows_before = database.query(rows);

    change::SchemaChange generated;
    {
      const Program none({});
      DataSourceOptions options = database.options(none);
      options.entities = entities<After>();
      Session session(options);
      generated = change::generate(session);
      CHECK(change::verify(session, generated).empty());
    }
    // What an entity lost may come back without a value.
    std::vector<sql::Statement> down = generated.script.down;
    for (sql::Statement& statement : down) {
      const std::string values = "INSERT INTO \"user\"(\"id\", \"email\") SELECT \"id\", \"email\"";
      if (statement.sql.rfind(values, 0) != 0) continue;
      statement.sql = "INSERT INTO \"user\"(\"id\", \"email\", \"password\") SELECT \"id\", \"email\", ''" +
                      statement.sql.substr(values.size());
    }
    const Program program({{a, as_migration(generated.script.up), as_migration(down)}});
    DataSourceOptions options = database.options(program);
    options.transaction = mode;
    Session session(options);
    run::run_migrations(session);
    CHECK(database.query("SELECT group_concat(name, ' ') FROM pragma_table_info('user')") == "id email");
    CHECK(database.query(rows) == rows_before);
    run::revert_migrations(session);
    CHECK(database.query(rows) == rows_before);
    CHECK(database.query(everything) == schema_before);
    CHECK(database.query("PRAGMA foreign_key_check").empty());
  }
}

TEST_CASE("a migration that would delete child rows through a foreign key is stopped, and nothing is changed") {
  const Program program({{a, statements({"CREATE TABLE copy (id integer PRIMARY KEY)", "DROP TABLE parent",
                                         "ALTER TABLE copy RENAME TO parent"})}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each}) {
    const Database database;
    database.query(
        "CREATE TABLE parent (id integer PRIMARY KEY); INSERT INTO parent VALUES (1); "
        "CREATE TABLE child (id integer REFERENCES parent ON DELETE CASCADE); INSERT INTO child VALUES (1)");
    DataSourceOptions options = database.options(program);
    options.transaction = mode;
    Session session(options);
    const Error error = error_of([&] { run::run_migrations(session); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(database.query("SELECT (SELECT count(*) FROM parent), (SELECT count(*) FROM child)") == "1|1");
    CHECK(database.tables() == "child parent");
    CHECK(session.connection().run("PRAGMA foreign_keys").values[0][0].integer() == 1);
  }
}

TEST_CASE("a migration that leaves rows referring to nothing is stopped at its end, and nothing is changed") {
  const Program program({{a, statements({"DROP TABLE parent", "CREATE TABLE parent (id integer PRIMARY KEY)"})}});
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const Database database;
    database.query(
        "CREATE TABLE parent (id integer PRIMARY KEY); INSERT INTO parent VALUES (1); "
        "CREATE TABLE child (id integer REFERENCES parent); INSERT INTO child VALUES (1)");
    DataSourceOptions options = database.options(program);
    options.transaction = mode;
    Session session(options);
    CHECK(error_of([&] { run::run_migrations(session); }).kind() == ErrorKind::unsafe);
    CHECK(database.query("SELECT count(*) FROM parent JOIN child USING (id)") == "1");
    CHECK(database.tables() == "child parent");
  }
}

TEST_CASE("an interrupt from another thread stops a statement that runs, and everything is rolled back") {
  const Program program({{a, statements({"CREATE TABLE t (id integer)",
                                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                         "SELECT count(*) FROM n"})}});
  const Database database;
  Session session(database.options(program));
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    session.interrupt();
  });
  const Error error = error_of([&] { run::run_migrations(session); });
  other.join();
  CHECK(error.kind() == ErrorKind::interrupted);
  CHECK(error.migration() == a);
  CHECK(database.tables() == "NULL");
}

TEST_CASE("dropping the schema stops where a table of others would refer to nothing") {
  const Program program({});
  const Database database;
  DataSourceOptions options = database.options(program);
  options.entities = entities<first::User>();
  Session session(options);
  change::synchronize(session, {});
  database.query(
      "INSERT INTO user VALUES (1); CREATE TABLE theirs (id integer REFERENCES user(id)); "
      "INSERT INTO theirs VALUES (1)");
  CHECK(error_of([&] { change::drop_schema(session); }).kind() == ErrorKind::unsafe);
  CHECK(database.tables() == "theirs user");
  database.query("DROP TABLE theirs");
  change::drop_schema(session);
  CHECK(database.tables() == "NULL");
}
