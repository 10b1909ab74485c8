#include <doctest/doctest.h>

#include "support/version.h"
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
        CHECK(mentions(error, "Rebuilding table \"user\" would lose"));
        CHECK(mentions(error, one.words));
        CHECK(test.database.query("SELECT mail, note FROM user") == "a|b");
      }
    }
  }
}

TEST_CASE("a word of SQL in the migration is not the name of a column, an index or a trigger") {
  const char* const copies[] = {
      "CREATE TABLE user_copy (id integer PRIMARY KEY, mail text UNIQUE, note text)",
      "INSERT INTO user_copy(id, mail, note) SELECT id, mail, note FROM user WHERE 'key' <> \"order\" ORDER BY id"};
  for (const auto& one :
       {std::pair("ALTER TABLE user ADD COLUMN key varchar", "column \"key\""),
        std::pair("ALTER TABLE user ADD COLUMN text varchar", "column \"text\""),
        std::pair("ALTER TABLE user ADD COLUMN \"primary\" varchar", "column \"primary\""),
        std::pair("CREATE INDEX mail ON user(note)", "index \"mail\""),
        std::pair("CREATE TRIGGER \"select\" AFTER INSERT ON user BEGIN SELECT 1; END", "trigger \"select\"")}) {
    const std::string by_hand = one.first;
    const std::string words = one.second;
    CAPTURE(by_hand);
    const Try test({by_hand});
    const Script script = written({copies[0], copies[1], "DROP TABLE user", "ALTER TABLE user_copy RENAME TO user"});
    const Error error = error_of([&] { test.run(script); });
    CHECK_MESSAGE(mentions(error, words), std::string(error.what()));
    CHECK(test.database.query("SELECT count(*) FROM user") == "1");
  }
}

TEST_CASE("a rebuild by hand without a copy is watched too, and nothing of it stays") {
  for (const char* const aside :
       {"CREATE TEMPORARY TABLE aside AS SELECT * FROM user", "CREATE TABLE aside AS SELECT * FROM user",
        "CREATE TEMP TABLE temporary_user AS SELECT * FROM user",
        "CREATE TABLE temporary_user AS SELECT * FROM user"}) {
    for (const auto& one :
         {std::pair("ALTER TABLE user ADD COLUMN nick varchar", "column \"nick\""),
          std::pair("CREATE INDEX by_note ON user(note)", "index \"by_note\""), std::pair("SELECT 1", "")}) {
      for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
        CAPTURE(std::string(aside));
        const std::string by_hand = one.first;
        const std::string words = one.second;
        CAPTURE(by_hand);
        const std::string other =
            std::string(aside).find("temporary_user") == std::string::npos ? "aside" : "temporary_user";
        const Try test({by_hand});
        const Script script =
            written({aside, "DROP TABLE user", "CREATE TABLE user (id integer PRIMARY KEY, mail text, note text)",
                     "INSERT INTO user SELECT id, mail, note FROM " + other, "DROP TABLE " + other});
        if (words.empty()) {
          test.run(script, mode);
          CHECK(test.database.query("SELECT * FROM user") == "1|a|b");
          continue;
        }
        const Error error = error_of([&] { test.run(script, mode); });
        CHECK_MESSAGE(mentions(error, words), std::string(error.what()));
        CHECK(test.database.query("SELECT mail, note FROM user") == "a|b");
        CHECK(test.database.tables().find(other) == std::string::npos);
      }
    }
  }
}

TEST_CASE("a table that is made again has its rows again, or they were deleted before") {
  const std::string make = "CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar)";
  const std::vector<std::string> empty{"DROP TABLE user", make};
  std::vector<std::string> said{"DELETE FROM user"};
  said.insert(said.end(), empty.begin(), empty.end());
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
    const Try test;
    const Error error = error_of([&] { test.run(written(empty), mode); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(mentions(error, "was dropped with 1 rows, and the table that replaces it has 0"));
    CHECK(mentions(error, "Delete unwanted rows before the table is dropped"));
    CHECK(test.database.query("SELECT count(*) FROM user") == "1");
    test.run(written(said), mode);
    CHECK(test.database.query("SELECT count(*) FROM user") == "0");
  }
  const Try test;
  test.run(written({"CREATE TEMP TABLE aside AS SELECT * FROM user", empty[0], make,
                    "INSERT INTO user SELECT * FROM aside", "DELETE FROM user"}));
  CHECK(test.database.query("SELECT count(*) FROM user") == "0");
}

TEST_CASE("a copy of any name has all rows") {
  const std::string select = " SELECT id, mail, note FROM user";
  const auto script = [&](const std::string& first, const std::string& where) {
    return written({first, "CREATE TABLE c (id integer PRIMARY KEY, mail varchar, note varchar)",
                    "INSERT INTO c" + select + where, "DROP TABLE user", "ALTER TABLE c RENAME TO user"});
  };
  const auto late = [&](const std::string& where) {
    Script result = written({});
    result.up = [&, where](QueryRunner& query_runner) {
      const std::string copy = query_runner.query("SELECT 'c'")[0][0].text();
      query_runner.query("CREATE TABLE " + copy + " (id integer PRIMARY KEY, mail varchar, note varchar)");
      query_runner.query("INSERT INTO " + copy + select + where);
      query_runner.query("DROP TABLE user");
      query_runner.query("ALTER TABLE " + copy + " RENAME TO user");
    };
    return result;
  };
  const std::string where = " WHERE id > 1";
  for (const TransactionMode mode : {TransactionMode::all, TransactionMode::none}) {
    const Try test;
    test.database.query("INSERT INTO user VALUES (2, 'c', 'd')");
    CHECK(
        mentions(error_of([&] { test.run(script("SELECT 1", where), mode); }), "has 2 rows, and its copy \"c\" has 1"));
    test.database.query("DROP TABLE IF EXISTS c");
    CHECK(mentions(error_of([&] { test.run(late(where), mode); }), "dropped with 2 rows"));
    CHECK(test.database.query("SELECT count(*) FROM user") == "2");
    test.database.query("DROP TABLE IF EXISTS c");
    test.run(script("DELETE FROM user WHERE id = 1", where), mode);
    CHECK(test.database.query("SELECT mail FROM user") == "c");
    test.revert(script("SELECT 1", ""));
    test.run(written({"CREATE TABLE c (id integer PRIMARY KEY, mail varchar, note varchar)", "INSERT INTO c" + select,
                      "INSERT INTO c VALUES (3, 'e', 'f')", "DELETE FROM user", "DROP TABLE user",
                      "ALTER TABLE c RENAME TO user"}),
             mode);
    CHECK(test.database.query("SELECT group_concat(mail, '') FROM user") == "ce");
  }
}

TEST_CASE("the last key of AUTOINCREMENT outlives every rebuild by hand") {
  const std::string columns = " (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, mail varchar, note varchar)";
  const std::vector<std::string> before{"DROP TABLE user", "CREATE TABLE user" + columns,
                                        "INSERT INTO user VALUES (9, '', ''); DELETE FROM user"};
  for (const std::vector<std::string>& rebuild :
       {std::vector<std::string>{"CREATE TABLE c" + columns, "INSERT INTO c SELECT * FROM user", "DROP TABLE user",
                                 "ALTER TABLE c RENAME TO user"},
        {"ALTER TABLE user RENAME TO old", "CREATE TABLE user" + columns, "INSERT INTO user SELECT * FROM old",
         "DROP TABLE old"},
        {"CREATE TEMP TABLE aside AS SELECT * FROM user", "DROP TABLE user", "CREATE TABLE user" + columns,
         "INSERT INTO user SELECT * FROM aside"},
        {"CREATE TABLE temporary_user AS SELECT * FROM user", "DROP TABLE user", "CREATE TABLE user" + columns,
         "INSERT INTO user SELECT * FROM temporary_user", "DROP TABLE temporary_user"}}) {
    const Try test(before);
    test.run(written(rebuild));
    CHECK(test.database.query("SELECT seq FROM sqlite_sequence WHERE name = 'user'") == "9");
  }
}

TEST_CASE("what a rebuild by hand would take from a column or the table without a word is refused") {
  struct Case {
    std::string made, words, kept;
  };
  const std::string key = "id integer PRIMARY KEY, ";
  for (const Case& one :
       {Case{key + "mail text, note text COLLATE NOCASE)", "collation of column \"note\"",
             key + "mail text, note text COLLATE BINARY)"},
        Case{key + "mail text, note text DEFAULT 'x')", "default of column \"note\"",
             key + "mail text, note text DEFAULT 'another')"},
        Case{key + "mail text, note text) STRICT", "option \"STRICT\"", key + "mail text, note text) STRICT"},
        Case{"id integer PRIMARY KEY AUTOINCREMENT, mail text, note text)", "AUTOINCREMENT of column \"id\"",
             "id integer PRIMARY KEY AUTOINCREMENT, mail text, note text)"}}) {
    CAPTURE(one.words);
    if (one.made.ends_with("STRICT") && !test::has_sqlite(37)) continue;
    const auto script = [](const std::string& copy, const std::vector<std::string>& down) {
      return written({"CREATE TABLE c (" + copy, "INSERT INTO c SELECT id, mail, note FROM user", "DROP TABLE user",
                      "ALTER TABLE c RENAME TO user"},
                     down);
    };
    const Try test({"DROP TABLE user", "CREATE TABLE user (" + one.made});
    const std::string plain = key + "mail text, note text)";
    const Error error = error_of([&] { test.run(script(plain, {})); });
    CHECK_MESSAGE(mentions(error, one.words), std::string(error.what()));
    test.run(script(one.kept, {}));
    const Try back({"DROP TABLE user", "CREATE TABLE user (" + one.made});
    back.run(script(plain, {"CREATE TABLE other (" + one.made, "DROP TABLE user", "ALTER TABLE other RENAME TO user"}));
  }
}

TEST_CASE("a copy that one migration makes and the next one renames is watched in one run") {
  const Try test({"ALTER TABLE user ADD COLUMN nick varchar"});
  const Script first = written({"CREATE TABLE c (id integer PRIMARY KEY, mail varchar, note varchar)",
                                "INSERT INTO c SELECT id, mail, note FROM user"});
  const Script second = {"C1000000000003", [](QueryRunner& query_runner) {
                           const std::string copy = query_runner.query("SELECT 'c'")[0][0].text();
                           query_runner.query("DROP TABLE user");
                           query_runner.query("ALTER TABLE " + copy + " RENAME TO user");
                         }};
  const Program program({first, second});
  DataSource source(test.database.options(program));
  CHECK(mentions(error_of([&] { source.run_migrations(); }), "column \"nick\""));
  CHECK(test.database.columns("user") == "id mail note nick");
}

TEST_CASE("a table that is put aside under a name that only the database knows is watched") {
  const Try test({"ALTER TABLE user ADD COLUMN nick varchar"});
  Script script = written({});
  script.up = [](QueryRunner& query_runner) {
    const std::string old = query_runner.query("SELECT 'old'")[0][0].text();
    query_runner.query("ALTER TABLE user RENAME TO " + old);
    query_runner.query(user);
    query_runner.query("INSERT INTO user SELECT id, mail, note FROM " + old);
    query_runner.query("DROP TABLE " + old);
  };
  CHECK(mentions(error_of([&] { test.run(script); }), "column \"nick\""));
  CHECK(test.database.columns("user") == "id mail note nick");
}

TEST_CASE("tables that a migration makes for itself are nobody's") {
  const Try test;
  test.run(written({"CREATE TABLE work AS SELECT * FROM user", "DROP TABLE work", "CREATE TABLE work (x)",
                    "CREATE TABLE IF NOT EXISTS user (x)", "DROP TABLE work"}));
  CHECK(test.database.query("SELECT count(*) FROM user") == "1");
  const Script replaced = {"C1000000000003", statements({"CREATE TABLE IF NOT EXISTS user (x)", "DROP TABLE user",
                                                         "CREATE TABLE user (x)"})};
  CHECK(mentions(error_of([&] { test.run(replaced); }), "column \"mail\""));
}

TEST_CASE("a table that only goes is no rebuild, nor is a virtual one") {
  const Try test({"CREATE VIRTUAL TABLE words USING fts5(x)", "INSERT INTO words VALUES ('a')"});
  test.run(written({"DROP TABLE words", "CREATE VIRTUAL TABLE words USING fts5(y)", "DROP TABLE user"}));
  CHECK(test.database.query("SELECT count(*) FROM words") == "0");
  CHECK(test.database.query("SELECT name FROM pragma_table_info('words')") == "y");
}

TEST_CASE("a rebuild that somebody writes into a generated migration is watched unless its table was looked at") {
  Script script = written(rebuild("user_copy"));
  for (const char* const tables : {"", "table other - aa created dropped\n+ column id 01\n",
                                   "table user aa bb altered rebuilt\n  column id 01\n"}) {
    INFO(tables);
    const Try test({"ALTER TABLE user ADD COLUMN nick varchar"});
    script.tables = tables;
    CHECK(mentions(error_of([&] { test.run(script); }), "would lose parts that the migration does not know"));
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
  SUBCASE("a column that an operation drops, though only the database knows its name") {
    const Try test(
        {"DROP TABLE user", "CREATE TABLE user (id integer PRIMARY KEY, mail varchar, note varchar UNIQUE)"});
    Script script = written({});
    script.up = [](QueryRunner& query_runner) {
      query_runner.drop_column("user", query_runner.query("SELECT 'note'")[0][0].text());
    };
    test.run(script);
    CHECK(test.database.columns("user") == "id mail");
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
    CHECK(test.database.query("SELECT count(*) FROM sqlite_master WHERE name IN ('by_note', 't')") == "2");
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
  if (!test::has_sqlite(35)) return;  // The column cannot be taken away again.
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
  CHECK(test.database.query("SELECT count(*) FROM sqlite_master WHERE name = 'by_note'") == "1");
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
  CHECK(test.database.query("SELECT count(*) FROM sqlite_master WHERE name IN ('by_note', 't')") == "2");
}
