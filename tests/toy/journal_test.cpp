#include <doctest/doctest.h>

#include <algorithm>

#include "run/runner.h"
#include "run/status.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/schema.h"
#include "whimbrel/toy.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

// A database that commits with each schema change continues a migration where an earlier run ended, or goes back.

namespace {

constexpr const char* a = "A1561981516514";
constexpr const char* b = "B1561981516515";

const Script make_a{
    a, statements({"CREATE TABLE a (id integer, name text)", "INSERT INTO a (id, name) VALUES (1, 'one')"}),
    statements({"DROP TABLE a"})};

std::vector<std::string> up_of_b() {
  return {"CREATE TABLE b (id integer)", "INSERT INTO b (id) VALUES (1)", "ALTER TABLE a ADD COLUMN x integer",
          "UPDATE a SET x = 7",          "INSERT INTO b (id) VALUES (2)", "ALTER TABLE a RENAME COLUMN name TO title"};
}

std::vector<std::string> down_of_b() {
  return {"ALTER TABLE a RENAME COLUMN title TO name", "ALTER TABLE a DROP COLUMN x", "DROP TABLE b"};
}

Script make_b() { return {b, statements(up_of_b()), statements(down_of_b())}; }

AnyDatabase fresh() {
  static int number = 0;
  return AnyDatabase("toy:journal " + std::to_string(++number));
}

/// Ends a run before the statement of this number, counted over everything that a session sends.
struct Kill {
  int countdown;

  void attach(DataSourceOptions& options) {
    options.logger_context = this;
    options.logger = [](LogLevel level, const char*, void* context) {
      if (level == LogLevel::query && --static_cast<Kill*>(context)->countdown == 0) {
        throw std::runtime_error("killed");
      }
    };
  }
  [[nodiscard]] bool is_done() const { return countdown > 0; }
};

enum class Way { up, down };

void go(const DataSourceOptions& options, Way way, TransactionMode mode = TransactionMode::each) {
  session::Session session(options);
  if (way == Way::up) {
    run::RunOptions wanted;
    wanted.transaction = mode;
    run::run_migrations(session, wanted);
  } else {
    run::RevertOptions wanted;
    wanted.transaction = mode;
    run::revert_migrations(session, wanted);
  }
}

std::string names(const AnyDatabase& database) {
  std::string text = database.query("SELECT name FROM migrations");
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string content(const AnyDatabase& database) {
  std::string text = database.tables() + " / " + names(database);
  text += " / " + database.query("SELECT * FROM a") + " / " + database.query("SELECT count(*) FROM migrations_journal");
  if (database.tables().find(" b ") != std::string::npos) text += " / " + database.query("SELECT * FROM b");
  return text;
}

/// The migration `a` is applied, `b` is not.
void prepare(const AnyDatabase& database) {
  const Program program({make_a});
  go(database.options(program), Way::up);
}

std::string content_with_b() {
  const AnyDatabase database = fresh();
  const Program program({make_a, make_b()});
  go(database.options(program), Way::up);
  return content(database);
}

std::string content_without_b() {
  const AnyDatabase database = fresh();
  prepare(database);
  return content(database);
}

}  // namespace

TEST_CASE("a run that ends at any statement is continued by the next, with every row once") {
  const std::string wanted = content_with_b();
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
    int partial = 0;
    for (int number = 1;; ++number) {
      CAPTURE(number);
      const AnyDatabase database = fresh();
      prepare(database);
      const Program program({make_a, make_b()});
      Kill kill{number};
      DataSourceOptions options = database.options(program);
      kill.attach(options);
      try {
        go(options, Way::up, mode);
      } catch (const std::exception&) {
      }
      if (kill.is_done()) break;
      session::Session session(database.options(program));
      for (const run::MigrationStatus& status : run::status(session)) partial += status.partial ? 1 : 0;
      go(database.options(program), Way::up, mode);
      CHECK(content(database) == wanted);
    }
    CHECK(partial > 5);
  }
}

TEST_CASE("a run that ends at any statement can be undone, with the rows as they were") {
  const std::string wanted = content_without_b();
  for (const TransactionMode mode : {TransactionMode::each, TransactionMode::none}) {
    for (int number = 1;; ++number) {
      CAPTURE(number);
      const AnyDatabase database = fresh();
      prepare(database);
      const Program program({make_a, make_b()});
      Kill kill{number};
      DataSourceOptions options = database.options(program);
      kill.attach(options);
      try {
        go(options, Way::up, mode);
      } catch (const std::exception&) {
      }
      if (kill.is_done()) break;
      session::Session session(database.options(program));
      const auto status = run::status(session);
      const bool is_begun = status.at(1).partial || status.at(1).applied;
      if (is_begun) go(database.options(program), Way::down, mode);
      if (!is_begun && database.tables().find("migrations_journal") == std::string::npos) continue;
      CHECK(content(database) == wanted);
    }
  }
}

TEST_CASE("a revert that ends at any statement is continued, or applied again") {
  for (const bool goes_forward : {false, true}) {
    // Going back has lost the values of the column.
    for (int number = 1;; ++number) {
      CAPTURE(number);
      CAPTURE(goes_forward);
      const AnyDatabase database = fresh();
      const Program program({make_a, make_b()});
      go(database.options(program), Way::up);
      Kill kill{number};
      DataSourceOptions options = database.options(program);
      kill.attach(options);
      try {
        go(options, Way::down);
      } catch (const std::exception&) {
      }
      if (kill.is_done()) break;
      session::Session session(database.options(program));
      if (run::status(session).at(1).partial) CHECK(run::pending_migrations(session) == std::vector<std::string>{b});
      if (goes_forward) {
        try {
          go(database.options(program), Way::up);
        } catch (const Error& error) {
          // Between two changes of the schema, the rows that `up` inserted are there and those of the column are not.
          CHECK(mentions(error, "it is not clear which of its changes to rows `up` has to undo"));
          go(database.options(program), Way::down);
          CHECK(content(database) == content_without_b());
          continue;
        }
        CHECK(names(database) == std::string(a) + ' ' + b);
        CHECK(database.columns("a") == "id title x");
        CHECK(database.tables() == "a b migrations migrations_journal");
      } else if (names(database) != a) {
        go(database.options(program), Way::down);
        CHECK(content(database) == content_without_b());
      }
    }
  }
}

TEST_CASE("a revert that fails on rows is applied again, also if both directions have their own order") {
  const Script make_empty{a, statements({"CREATE TABLE a (id integer, name text)"}), statements({"DROP TABLE a"})};
  const Script make_old{"O1561981516515",
                        statements({"CREATE TABLE old (id integer)", "ALTER TABLE a ADD COLUMN x text"}),
                        statements({"ALTER TABLE a DROP COLUMN x", "DROP TABLE old"})};
  const Script make_new{"N1561981516516",
                        statements({"DROP TABLE old", "CREATE TABLE new (id integer)", "ALTER TABLE a DROP COLUMN x",
                                    "CREATE TABLE last (id integer)"}),
                        statements({"DROP TABLE last", "CREATE TABLE old (id integer)", "DROP TABLE new",
                                    "ALTER TABLE a ADD COLUMN x text NOT NULL"})};
  const auto columns = [](const AnyDatabase& database) { return database.columns("a") + " / " + database.tables(); };
  for (int number = 1;; ++number) {
    CAPTURE(number);
    const AnyDatabase database = fresh();
    const Program program({make_empty, make_old, make_new});
    go(database.options(program), Way::up);
    database.query("INSERT INTO a (id) VALUES (1)");
    const std::string applied = columns(database);
    CHECK_THROWS(go(database.options(program), Way::down));
    CHECK(columns(database) == "id name / a migrations migrations_journal old");
    Kill kill{number};
    DataSourceOptions options = database.options(program);
    kill.attach(options);
    try {
      go(options, Way::up);
    } catch (const std::exception&) {
    }
    const bool is_partial = database.query("SELECT count(*) FROM migrations_journal") != "0";
    if (number % 2 == 0 && is_partial) {
      // Without rows, `down` can be completed, unless the run ended on its own way between the two.
      database.query("DELETE FROM a");
      try {
        go(database.options(program), Way::down);
        CHECK(columns(database) == "id name x / a migrations migrations_journal old");
      } catch (const Error& error) {
        CHECK(mentions(error, "no statement of `down` leads to the present schema"));
      }
    }
    go(database.options(program), Way::up);
    CHECK(columns(database) == applied);
    CHECK(database.query("SELECT count(*) FROM migrations_journal") == "0");
    if (kill.is_done()) break;
  }
}

TEST_CASE("a failed migration continues with the corrected statement, and says so") {
  const AnyDatabase database = fresh();
  prepare(database);
  std::vector<std::string> up = up_of_b();
  up[4] = "nonsense";
  {
    const Program program({make_a, {b, statements(up), statements(down_of_b())}});
    const Error error = error_of([&] { go(database.options(program), Way::up); });
    CHECK(mentions(error,
                   "its first 3 statements remain, later ones were undone. `migrations` continues after them, and "
                   "`revertmigration` undoes them if it can."));
    session::Session session(database.options(program));
    CHECK(run::status(session).at(1).partial == 3);
  }
  const Program program({make_a, make_b()});
  go(database.options(program), Way::up);
  CHECK(content(database) == content_with_b());
}

TEST_CASE("a statement that was changed after it was run is an error that changes nothing") {
  const AnyDatabase database = fresh();
  prepare(database);
  std::vector<std::string> up = up_of_b();
  up[4] = "nonsense";
  {
    const Program program({make_a, {b, statements(up), statements(down_of_b())}});
    static_cast<void>(error_of([&] { go(database.options(program), Way::up); }));
  }
  const std::string before = content(database);
  up = up_of_b();
  up[1] = "INSERT INTO b (id) VALUES (99)";
  const Program program({make_a, {b, statements(up), statements(down_of_b())}});
  const Error error = error_of([&] { go(database.options(program), Way::up); });
  CHECK(error.migration() == b);
  CHECK(mentions(error, "it was changed: statement 2 differs from the one that was run"));
  CHECK(mentions(error, "--fake"));
  CHECK(content(database) == before);
}

TEST_CASE("a statement that was running is decided by the catalog") {
  for (const bool was_completed : {false, true}) {
    const AnyDatabase database = fresh();
    prepare(database);
    const Program program({make_a, make_b()});
    {
      std::vector<std::string> up = up_of_b();
      up[3] = "nonsense";
      const Program failing({make_a, {b, statements(up), statements(down_of_b())}});
      static_cast<void>(error_of([&] { go(database.options(failing), Way::up); }));
    }
    database.query("UPDATE migrations_journal SET is_done = 0 WHERE ordinal = 3");
    if (!was_completed) database.query("ALTER TABLE a DROP COLUMN x");
    go(database.options(program), Way::up);
    CHECK(content(database) == content_with_b());
  }
}

TEST_CASE("a migration that depends on rows gets the rows of the earlier run") {
  const AnyDatabase database = fresh();
  prepare(database);
  database.query("INSERT INTO a (id, name) VALUES (2, 'two')");
  bool fails = true;
  const Program program({make_a, {b, [&](QueryRunner& query_runner) {
                                    query_runner.query("CREATE TABLE b (id integer)");
                                    for (const Row row : query_runner.query("SELECT id FROM a")) {
                                      query_runner.query("INSERT INTO b (id) VALUES (?)", {row[0].integer()});
                                    }
                                    query_runner.for_each_row("SELECT id FROM a", [&](Row row) {
                                      query_runner.query("INSERT INTO b (id) VALUES (?)", {row[0].integer() + 10});
                                    });
                                    query_runner.query("ALTER TABLE b ADD COLUMN x integer");
                                    if (fails) query_runner.query("nonsense");
                                  }}});
  static_cast<void>(error_of([&] { go(database.options(program), Way::up); }));
  database.query("INSERT INTO a (id, name) VALUES (3, 'three')");
  fails = false;
  go(database.options(program), Way::up);
  CHECK(database.query("SELECT id FROM b") == "1\n2\n11\n12");
}

TEST_CASE("a schema operation is continued or left out as a whole") {
  for (int number = 1;; ++number) {
    CAPTURE(number);
    const AnyDatabase database = fresh();
    prepare(database);
    const Program program({make_a,
                           {b,
                            [](QueryRunner& query_runner) {
                              query_runner.rename_column("a", "name", "title");
                              query_runner.drop_column("a", "title");
                              query_runner.rename_table("a", "c");
                            },
                            statements({})}});
    Kill kill{number};
    DataSourceOptions options = database.options(program);
    kill.attach(options);
    try {
      go(options, Way::up);
    } catch (const std::exception&) {
    }
    if (kill.is_done()) break;
    go(database.options(program), Way::up);
    CHECK(database.columns("c") == "id");
    CHECK(names(database) == std::string(a) + ' ' + b);
  }
}

TEST_CASE("a migration that asks for the schema is not continued beyond what it was told") {
  const AnyDatabase database = fresh();
  prepare(database);
  bool fails = true;
  const Program program({make_a, {b, [&](QueryRunner& query_runner) {
                                    if (!query_runner.has_table("b")) query_runner.query("CREATE TABLE b (id integer)");
                                    if (fails) query_runner.query("nonsense");
                                  }}});
  static_cast<void>(error_of([&] { go(database.options(program), Way::up); }));
  fails = false;
  const Error error = error_of([&] { go(database.options(program), Way::up); });
  CHECK(mentions(error, "it reads the schema, which has changed since"));
  session::Session session(database.options(program));
  run::RunOptions fake;
  fake.fake = true;
  CHECK(run::run_migrations(session, fake).size() == 1);
  CHECK(!run::status(session).at(1).partial);
  CHECK(run::pending_migrations(session).empty());
}

TEST_CASE("while a migration is partial, its file must be there, and another one waits") {
  const AnyDatabase database = fresh();
  prepare(database);
  const Script c{"C1561981516516", statements({"CREATE TABLE c (id integer)"}), statements({"DROP TABLE c"})};
  std::vector<std::string> up = up_of_b();
  up[4] = "nonsense";
  {
    const Program program({make_a, {b, statements(up), statements(down_of_b())}, c});
    static_cast<void>(error_of([&] { go(database.options(program), Way::up); }));
  }
  {
    const Program program({make_a, c});
    const Error error = error_of([&] { go(database.options(program), Way::up); });
    CHECK(mentions(error, "is partially applied: an earlier run ended after statement 3 of its `up`"));
    CHECK(mentions(error, "Restore its file"));
  }
  const Program program({make_a, make_b(), c});
  go(database.options(program), Way::up);
  CHECK(names(database) == std::string(a) + ' ' + b + " C1561981516516");
}
