#include <doctest/doctest.h>

#include "unit/fixture/fixture.h"
#include "whimbrel/query_runner.h"
#include "whimbrel/schema.h"

// Rebuilds that people wrote, of which nobody knows for which table: they leave away only what they name.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

const char* const user = "CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar)";
const char* const row = "INSERT INTO user(id, mail, note) VALUES (1, 'a', 'b')";

std::vector<std::string> rebuild(const std::string& copy) {
  return {"CREATE TABLE " + copy + " (id integer PRIMARY KEY, mail varchar UNIQUE, note varchar)",
          "INSERT INTO " + copy + "(id, mail, note) SELECT id, mail, note FROM user", "DROP TABLE user",
          "ALTER TABLE " + copy + " RENAME TO user"};
}

Script written(std::vector<std::string> up, std::vector<std::string> down = {}) {
  return {"B1000000000002", statements(std::move(up)), statements(std::move(down))};
}

struct Try {
  Database database;
  explicit Try(const std::vector<std::string>& before = {}) {
    database.query(user);
    for (const std::string& sql : before) database.query(sql);
    database.query(row);
  }
  void run(const Script& script, TransactionMode mode = TransactionMode::all) const {
    const Program program({script});
    DataSourceOptions options = database.options(program);
    options.transaction = mode;
    DataSource(options).run_migrations();
  }
  void revert(const Script& script) const {
    const Program program({script});
    DataSource(database.options(program)).revert_last_migration();
  }
};

}  // namespace

TEST_CASE("a rebuild by hand is refused before the table goes if it leaves away what it does not name") {
  struct Case {
    std::string by_hand, words;
  };
  for (const Case& one :
       {Case{"ALTER TABLE user ADD COLUMN nick varchar", "column \"nick\""},
        Case{"CREATE INDEX by_note ON user(note)", "index \"by_note\""},
        Case{"CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END", "trigger \"t\""},
        Case{"DROP TABLE user; CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar, "
             "CONSTRAINT short CHECK (length(note) < 9))",
             "check \"short\""},
        Case{"DROP TABLE user; CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar "
             "UNIQUE)",
             "unique \"note\""}}) {
    for (const char* const copy : {"temporary_user", "user_copy"}) {
      for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
        INFO(one.by_hand << " " << copy);
        const Try test({one.by_hand});
        const Error error = error_of([&] { test.run(written(rebuild(copy)), mode); });
        CHECK(error.kind() == ErrorKind::unsafe);
        CHECK(mentions(error, "The table \"user\" would be rebuilt without"));
        CHECK(mentions(error, one.words));
        CHECK(test.database.query("SELECT mail, note FROM user") == "a|b");
      }
    }
  }
}

TEST_CASE("a rebuild that somebody writes into a generated migration is watched unless its table was looked at") {
  Script script = written(rebuild("user_copy"));
  for (const char* const tables : {"", "table other - aa created dropped\n+ column id 01\n",
                                   "table user aa bb altered rebuilt\n  column id 01\n"}) {
    INFO(tables);
    const Try test({"ALTER TABLE user ADD COLUMN nick varchar"});
    script.tables = tables;
    CHECK(mentions(error_of([&] { test.run(script); }), "would be rebuilt without what the migration does not name"));
    CHECK(test.database.columns("user") == "id mail note nick");
  }
}

TEST_CASE("a rebuild by hand may leave away what the migration says in either direction") {
  SUBCASE("a column that the way back brings") {
    const Try test({"ALTER TABLE user ADD COLUMN nick varchar"});
    test.run(written(rebuild("user_copy"), {"ALTER TABLE user ADD COLUMN nick varchar"}));
    CHECK(test.database.columns("user") == "id mail note");
  }
  SUBCASE("a column that is dropped first") {
    const Try test({"ALTER TABLE user ADD COLUMN nick varchar"});
    Script script = written({});
    script.up = [](QueryRunner& query_runner) {
      query_runner.drop_column("user", "nick");
      for (const std::string& sql : rebuild("user_copy")) query_runner.query(sql);
    };
    test.run(script);
    CHECK(test.database.columns("user") == "id mail note");
  }
  SUBCASE("a column whose values have another name now") {
    const Try test;
    test.run(
        written({"CREATE TABLE c (id integer PRIMARY KEY, mail varchar, text varchar)",
                 "INSERT INTO c SELECT id, mail, note FROM user", "DROP TABLE user", "ALTER TABLE c RENAME TO user"}));
    CHECK(test.database.query("SELECT text FROM user") == "b");
  }
  SUBCASE("an index and a trigger that are made again, in one text") {
    const std::string trigger = "CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END";
    const Try test({"CREATE INDEX by_note ON user(note)", trigger});
    std::string text;
    for (const std::string& sql : rebuild("user_copy")) text += sql + ";\n";
    test.run(written({text + "CREATE INDEX by_note ON user(note); " + trigger}));
    CHECK(test.database.query("SELECT count(*) FROM sqlite_schema WHERE name IN ('by_note', 't')") == "2");
  }
  SUBCASE("a constraint without a name that the way back makes") {
    const Try test({"DROP TABLE user",
                    "CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar, CHECK (note <> ''))"});
    test.run(written(rebuild("temporary_user"),
                     {"ALTER TABLE user RENAME TO temporary_user",
                      "CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar, CHECK (note <> ''))",
                      "INSERT INTO user SELECT * FROM temporary_user", "DROP TABLE temporary_user"}));
    CHECK(test.database.history() == "B1000000000002");
  }
}

TEST_CASE("a rebuild by hand is watched on the way down too") {
  const Script script =
      written(rebuild("temporary_user"),
              {"ALTER TABLE user RENAME TO temporary_user", user,
               "INSERT INTO user SELECT id, mail, note FROM temporary_user", "DROP TABLE temporary_user"});
  const Try test;
  test.run(script);
  test.database.query("ALTER TABLE user ADD COLUMN nick varchar");
  const Error error = error_of([&] { test.revert(script); });
  CHECK(mentions(error, "column \"nick\""));
  CHECK(test.database.columns("user") == "id mail note nick");
  test.database.query("ALTER TABLE user DROP COLUMN nick");
  test.revert(script);
}

TEST_CASE("an index that a migration makes again after it has read rows is looked for at the end") {
  const auto script = [](bool makes_index) {
    Script result = written({});
    result.up = [makes_index](QueryRunner& query_runner) {
      const std::string note = query_runner.query("SELECT note FROM user")[0][0].text();
      for (const std::string& sql : rebuild("user_copy")) query_runner.query(sql);
      if (makes_index) query_runner.query("CREATE INDEX by_note ON user(note)");
    };
    return result;
  };
  const Try test({"CREATE INDEX by_note ON user(note)"});
  CHECK(mentions(error_of([&] { test.run(script(false)); }), "index \"by_note\""));
  CHECK(test.database.query("SELECT count(*) FROM sqlite_schema WHERE name = 'by_note'") == "1");
  test.run(script(true));
}

TEST_CASE("schema operations read the table as it is, and lose nothing of it") {
  const Try test({"ALTER TABLE user ADD COLUMN nick varchar", "CREATE INDEX by_note ON user(note)",
                  "CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END"});
  Script script = written({});
  script.up = [](QueryRunner& query_runner) {
    query_runner.create_unique("user", {.columns = {"mail"}});
    query_runner.drop_column("user", "mail");
  };
  test.run(script);
  CHECK(test.database.columns("user") == "id note nick");
  CHECK(test.database.query("SELECT count(*) FROM sqlite_schema WHERE name IN ('by_note', 't')") == "2");
}
