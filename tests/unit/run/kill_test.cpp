#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "run/runner.h"
#include "support/environment.h"
#include "support/random.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/schema.h"

// Runs without a transaction that are cut off, as by a power failure, and the runs after them.

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

using std::chrono::microseconds;

const std::string name = "A1000000000001";

const char* const start =
    "CREATE TABLE author (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar NOT NULL, town varchar);"
    "CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, author_id integer NOT NULL, title varchar "
    "NOT NULL, price integer NOT NULL DEFAULT (1), CONSTRAINT to_author FOREIGN KEY (author_id) REFERENCES author (id) "
    "ON DELETE CASCADE);"
    "CREATE TABLE noted (title varchar);"
    "CREATE INDEX by_title ON post (title);"
    "CREATE UNIQUE INDEX by_name ON author (name) WHERE name <> '';"
    "CREATE TRIGGER note AFTER UPDATE ON post BEGIN INSERT INTO noted(title) VALUES (NEW.title); END;"
    "CREATE TRIGGER greet AFTER DELETE ON author BEGIN INSERT INTO noted(title) VALUES (OLD.name); END;"
    "CREATE VIEW signed AS SELECT a.name, p.title FROM author a JOIN post p ON p.author_id = a.id;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
    "INSERT INTO author(id, name) SELECT i, 'author ' || i FROM n;"
    "INSERT INTO post(author_id, title) SELECT id, 'post of ' || name FROM author;"
    "DELETE FROM author WHERE id > 290; DELETE FROM post WHERE author_id > 290;";

void ten_operations(QueryRunner& query_runner) {
  query_runner.add_column("post", {.name = "colour", .type = "varchar(20)", .default_value = "grey"});
  query_runner.change_column("author", "name", {.name = "name", .type = type<std::string>(), .length = 80});
  query_runner.create_unique("author", {.name = "one_name", .columns = {"name"}});
  query_runner.add_column("post", {.name = "slug", .type = type<std::string>(), .backfill = "lower(title)"});
  query_runner.create_check("post", {.name = "cheap", .expression = "price < 100"});
  query_runner.create_index("post", {.name = "by_slug", .columns = {"slug"}, .unique = true});
  query_runner.rename_column("author", "town", "city");
  query_runner.drop_foreign_key("post", "to_author");
  query_runner.create_foreign_key(
      "post",
      {.name = "by_author", .columns = {"author_id"}, .referenced_table = "author", .referenced_columns = {"id"}});
  query_runner.drop_column("post", "price");
}

/// With statements of its own between the operations.
void mixed(QueryRunner& query_runner) {
  query_runner.add_column("author", {.name = "posts", .type = type<std::int32_t>(), .default_value = 0});
  query_runner.query("UPDATE author SET posts = (SELECT count(*) FROM post WHERE author_id = author.id)");
  query_runner.query("INSERT INTO noted SELECT name FROM author WHERE posts = 1");
  query_runner.change_column("author", "posts", {.name = "posts", .type = "bigint"});
  query_runner.query("DELETE FROM noted WHERE title = 'author 7'");
  query_runner.create_table({.name = "tag", .columns = {{.name = "id", .type = "integer", .generated = true}}});
}

/// As a generated migration does it: statement by statement.
void rebuilds(QueryRunner& query_runner) {
  query_runner.query(
      "CREATE TABLE \"temporary_author\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "
      "\"name\" varchar(80) NOT NULL, \"town\" varchar)");
  query_runner.query(
      "INSERT INTO \"temporary_author\"(\"id\", \"name\", \"town\") SELECT \"id\", \"name\", \"town\" "
      "FROM \"author\"");
  query_runner.query("DROP TABLE \"author\"");
  query_runner.query("ALTER TABLE \"temporary_author\" RENAME TO \"author\"");
  query_runner.query("CREATE UNIQUE INDEX by_name ON author (name) WHERE name <> ''");
  query_runner.query(
      "CREATE TRIGGER greet AFTER DELETE ON author BEGIN INSERT INTO noted(title) VALUES (OLD.name); END");
  query_runner.query("ALTER TABLE \"noted\" RENAME TO \"temporary_noted\"");
  query_runner.query("CREATE TABLE \"noted\" (\"title\" varchar, \"at\" datetime)");
  query_runner.query("INSERT INTO \"noted\"(\"title\") SELECT \"title\" FROM \"temporary_noted\"");
  query_runner.query("DROP TABLE \"temporary_noted\"");
  query_runner.query("CREATE INDEX \"noted_at\" ON \"noted\" (\"at\")");
}

/// The schema and every row.
std::string content(const AnyDatabase& database) {
  std::string text = database.query(
      "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY type, name");
  for (const char* table : {"author", "post", "noted", "sqlite_sequence", "signed"}) {
    text += '\n' + database.query("SELECT * FROM " + std::string(table) + " ORDER BY 1");
  }
  return text + database.query("PRAGMA integrity_check") + database.query("PRAGMA foreign_key_check") +
         database.history();
}

using Up = std::function<void(QueryRunner&)>;

/// Runs the migration in a process of its own, which `stop` may end.
template <class Stop>
int run_in_process(const AnyDatabase& database, const Program& program, bool never, Stop stop) {
  DataSourceOptions options = database.options(program);
  options.transaction = never ? TransactionMode::each : TransactionMode::none;
  const pid_t process = fork();
  REQUIRE(process >= 0);
  if (process == 0) {
    int code = 1;
    try {
      stop.in_process(options);
      Session session(options);
      run::run_migrations(session);
      code = 0;
    } catch (const std::exception& error) {
      std::cerr << error.what() << '\n';
    }
    _exit(code);
  }
  stop.beside(process);
  int status = 0;
  REQUIRE(waitpid(process, &status, 0) == process);
  return status;
}

struct Never {
  void in_process(DataSourceOptions&) const {}
  void beside(pid_t) const {}
};

struct AfterTime {
  microseconds time;
  void in_process(DataSourceOptions&) const {}
  void beside(pid_t process) const {
    std::this_thread::sleep_for(time);
    kill(process, SIGKILL);
  }
};

/// Before the statement of this number is run.
struct BeforeStatement {
  int number;
  void in_process(DataSourceOptions& options) const {
    static int left = 0;
    left = number;
    options.logger = [](LogLevel level, const char*, void*) {
      if (level == LogLevel::query && left-- == 0) kill(getpid(), SIGKILL);
    };
  }
  void beside(pid_t) const {}
};

/// What a run that nothing stops makes of the database.
std::string expected(const Program& program, bool never) {
  const Database database;
  database.query(start);
  REQUIRE(run_in_process(database, program, never, Never{}) == 0);
  return content(database);
}

}  // namespace

// WHIMBREL_KILLS and WHIMBREL_SEED ask for more, or for others.
TEST_CASE("ten operations without a transaction that are killed at any time are whole after the next run") {
  const std::uint64_t kills = test::number_from_environment("WHIMBREL_KILLS", 40);
  test::Random random(test::number_from_environment("WHIMBREL_SEED", 1));
  const Program program({{name, ten_operations}});
  const std::string whole = expected(program, false);
  microseconds longest(0);
  for (int i = 0; i < 3; ++i) {
    const Database database;
    database.query(start);
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(run_in_process(database, program, false, Never{}) == 0);
    longest = std::max(longest, std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin));
  }
  std::uint64_t hits = 0;
  for (std::uint64_t i = 0; i < kills; ++i) {
    const Database database;
    database.query(start);
    const microseconds time(random.below(static_cast<std::uint64_t>(longest.count()) + 1));
    CAPTURE(time.count());
    if (WIFSIGNALED(run_in_process(database, program, false, AfterTime{time}))) ++hits;
    REQUIRE(run_in_process(database, program, false, Never{}) == 0);
    REQUIRE(content(database) == whole);
  }
  CHECK(hits > 0);
  std::cout << "sqlite: " << hits << " of " << kills << " runs without a transaction were killed in time\n";
}

TEST_CASE("a run without a transaction that is killed before any of its statements is whole after the next run") {
  for (const Up& up : {Up(ten_operations), Up(mixed), Up(rebuilds)}) {
    for (const bool never : {false, true}) {
      Script script{name, up};
      if (never) script.transaction = MigrationTransaction::never;
      const Program program({script});
      const std::string whole = expected(program, never);
      // Not every statement: the ways differ in which of them are hit.
      int number = never ? 3 : 0;
      for (bool killed = true; killed; number += 7) {
        CAPTURE(number);
        const Database database;
        database.query(start);
        killed = WIFSIGNALED(run_in_process(database, program, never, BeforeStatement{number}));
        if (killed) REQUIRE(run_in_process(database, program, never, Never{}) == 0);
        REQUIRE(content(database) == whole);
      }
      CHECK(number > 10);
    }
  }
}

TEST_CASE("without a transaction what was done before an error stays, and a rebuild in the midst of it does not") {
  const Database database;
  database.query(start);
  const std::string before = content(database);
  const Program program({{name, [](QueryRunner& query_runner) {
                            query_runner.query("CREATE TABLE stays (id integer)");
                            query_runner.query("INSERT INTO stays VALUES (1)");
                            query_runner.query(
                                "CREATE TABLE temporary_author (id integer PRIMARY KEY AUTOINCREMENT, name text, "
                                "town text)");
                            query_runner.query("INSERT INTO temporary_author SELECT id, name, town FROM author");
                            query_runner.query("DROP TABLE author");
                            query_runner.query("ALTER TABLE temporary_author RENAME TO author");
                            query_runner.query("CREATE UNIQUE INDEX by_name ON author (name) WHERE name <> ''");
                            query_runner.query(
                                "CREATE TRIGGER greet AFTER DELETE ON author BEGIN "
                                "INSERT INTO noted(title) VALUES (OLD.name); END");
                            query_runner.query("CREATE INDEX by_county ON author (county)");
                          }}});
  DataSourceOptions options = database.options(program);
  options.transaction = TransactionMode::none;
  Session session(options);
  const Error error = error_of([&] { run::run_migrations(session); });
  CHECK_MESSAGE(mentions(error, "no such column: county"), std::string(error.what()));
  CHECK(mentions(error, "The migration ran without a transaction"));
  CHECK(database.query("SELECT * FROM stays") == "1");
  database.query("DROP TABLE stays");
  CHECK(content(database) == before);
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("an operation that fails is undone in every mode, also if the migration goes on") {
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    const Database database;
    database.query("CREATE TABLE noted (title varchar(20) NOT NULL)");
    database.query("INSERT INTO noted VALUES ('a'), ('a')");
    const Program program({{name, [](QueryRunner& query_runner) {
                              const ColumnDefinition changed{.name = "label", .type = "varchar(20)", .unique = true};
                              CHECK_THROWS_AS(query_runner.change_column("noted", "title", changed), Error);
                              query_runner.add_column("noted", {.name = "day", .type = "date", .nullable = true});
                            }}});
    DataSourceOptions options = database.options(program);
    options.transaction = mode;
    Session session(options);
    run::run_migrations(session);
    CHECK(database.tables() == "migrations noted");
    CHECK(database.columns("noted") == "title day");
    CHECK(database.query("SELECT count(*) FROM noted WHERE title = 'a'") == "2");
  }
}

TEST_CASE("a migration without a transaction has none open, and may begin its own and what runs in none") {
  const Program program({{name, [](QueryRunner& query_runner) {
                            query_runner.query("INSERT INTO noted VALUES ('a')");
                            CHECK(!query_runner.is_transaction_active());
                            query_runner.query("VACUUM");
                            query_runner.query("PRAGMA user_version = 7");
                            query_runner.query("INSERT INTO noted VALUES ('b')");
                            query_runner.start_transaction();
                            CHECK(query_runner.is_transaction_active());
                            query_runner.query("INSERT INTO noted VALUES ('c')");
                            query_runner.rollback_transaction();
                            query_runner.query("SAVEPOINT mine");
                            query_runner.query("INSERT INTO noted VALUES ('d')");
                            query_runner.query("RELEASE mine");
                            query_runner.query("ATTACH ':memory:' AS other; DETACH other");
                          }}});
  const Database database;
  database.query(start);
  database.query("DELETE FROM noted");
  DataSourceOptions options = database.options(program);
  options.transaction = TransactionMode::none;
  Session session(options);
  run::run_migrations(session);
  CHECK(database.query("SELECT title FROM noted") == "a\nb\nd");
  CHECK(database.query("PRAGMA user_version") == "7");
  CHECK(database.history() == name);
}

TEST_CASE("where a run without a transaction leaves foreign keys broken, nothing of it stays") {
  const Database database;
  database.query(start);
  const std::string before = content(database);
  const Program program({{name, statements({"CREATE TABLE other (id integer)", "DELETE FROM author WHERE id < 9"})}});
  DataSourceOptions options = database.options(program);
  options.transaction = TransactionMode::none;
  Session session(options);
  const Error error = error_of([&] { run::run_migrations(session); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(!mentions(error, "remain"));
  CHECK(content(database) == before);
}

TEST_CASE("parts of a batched update without a transaction are committed one by one") {
  const Database database;
  database.query(start);
  const Program program(
      {{name, [](QueryRunner& query_runner) {
          query_runner.update_in_batches(
              {.table = "author", .key = "id", .set = "town = 'x'", .size = 100, .progress = [](std::size_t rows) {
                 if (rows == 200) kill(getpid(), SIGKILL);
               }});
        }}});
  CHECK(WIFSIGNALED(run_in_process(database, program, false, Never{})));
  CHECK(database.query("SELECT count(*) FROM author WHERE town = 'x'") == "200");
}
