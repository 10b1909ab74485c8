#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/cli/sqlite_shell.h"
#include "unit/dialect/connection.h"

// What `diff` prints of SQLite databases, run by SQLite's own shell on a database with rows.

using namespace whimbrel;
using namespace whimbrel::cli;
using test::script_between;
using test::Shell;

namespace {

/// The script as it is when it is pasted: the shell goes on after an error.
std::string pasted(const std::string& script) {
  const std::size_t end = script.find(".bail on\n");
  REQUIRE(end != script.npos);
  return script.substr(end + 9);
}

/// The script does what it should, to what both databases have besides.
void check_arrives(const Shell& database, const Shell& wanted) {
  const std::string script = script_between(database, wanted);
  CAPTURE(script);
  bool succeeded = false;
  const std::string said = database.run(script, &succeeded);
  CAPTURE(said);
  CHECK(said.empty());
  CHECK(succeeded);
  CHECK(script_between(database, wanted).empty());
}

/// The script changes nothing, and says why.
void check_refused(const std::string& from, const std::string& to, const std::string& reason) {
  CAPTURE(to);
  const Shell database("a.db", from);
  const std::string script = script_between(database, Shell("b.db", to));
  CAPTURE(script);
  const std::string before = database.dump();
  bool succeeded = true;
  const std::string said = database.run(script, &succeeded);
  CAPTURE(said);
  CHECK_FALSE(succeeded);
  CHECK(said.find(reason) != said.npos);
  CHECK(database.dump() == before);
  database.run(pasted(script));
  CHECK(database.dump() == before);
}

constexpr const char* table_t =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);"
    "INSERT INTO t VALUES (1,'x','1'), (2,'x','2'), (3,NULL,'3');";

}  // namespace

TEST_CASE("a printed script copies every row, whatever the new table does with rows that break its constraints") {
  for (const char* action : {"IGNORE", "REPLACE", "ROLLBACK", "FAIL", "ABORT"}) {
    const std::string clause = std::string(" ON CONFLICT ") + action;
    check_refused(table_t, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a)" + clause + ");",
                  "UNIQUE constraint failed");
    check_refused(table_t, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL" + clause + ", b TEXT);",
                  "NOT NULL constraint failed");
    check_refused("CREATE TABLE t (k TEXT UNIQUE ON CONFLICT IGNORE, v INT); INSERT INTO t VALUES ('a',1), ('A',2);",
                  "CREATE TABLE t (k TEXT COLLATE NOCASE UNIQUE" + clause + ", v INT);", "UNIQUE constraint failed");
  }
}

TEST_CASE("a printed script changes nothing where its copy of a table lacks rows") {
  const std::string tables = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1,'x'), (2,'y');";
  const Shell database("a.db", tables);
  std::string script = script_between(database, Shell("b.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);"));
  const std::string copy = "SELECT \"id\", \"a\" FROM \"t\" NOT INDEXED";
  const std::size_t place = script.find(copy);
  REQUIRE(place != script.npos);
  script.insert(place + copy.size(), " WHERE id = 1");
  const std::string before = database.dump();
  bool succeeded = true;
  const std::string said = database.run(script, &succeeded);
  CHECK_FALSE(succeeded);
  CHECK(said.find("Check failed: all rows of \"t\" are in \"temporary_t\"") != said.npos);
  CHECK(said.find("Nothing was changed") != said.npos);
  CHECK(database.dump() == before);
  database.run(pasted(script));
  CHECK(database.dump() == before);
}

TEST_CASE("a printed script changes nothing where it would break a foreign key") {
  const std::string from =
      "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT, x TEXT);"
      "INSERT INTO p VALUES (1,'a'); INSERT INTO c VALUES (1,1,'ok'), (2,99,'orphan');";
  check_refused(from,
                "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);"
                "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p(id), x TEXT);",
                "Check failed: there are no new foreign key violations");
}

TEST_CASE("a printed script goes on where foreign keys were broken before, under whatever name") {
  const std::string rows = "INSERT INTO p VALUES (1,'a'); INSERT INTO c VALUES (1,1,'ok'), (2,99,'orphan');";
  const std::string child = "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p(id), x TEXT";
  const std::string parent = "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);";
  const Shell database("a.db", "PRAGMA foreign_keys = OFF;" + parent + child + ");" + rows);
  const Shell wanted("b.db", parent + child + " NOT NULL);");
  bool succeeded = false;
  CHECK(database.run(script_between(database, wanted), &succeeded).empty());
  CHECK(succeeded);
  CHECK(script_between(database, wanted).empty());
  CHECK(database.run("SELECT count(*) FROM c") == "2\n");
}

TEST_CASE("a printed script gives no key again, up and down") {
  const Shell database("a.db",
                       "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);"
                       "INSERT INTO t(a) VALUES ('x'), ('y'), ('z'); DELETE FROM t WHERE id > 1;");
  const Shell wanted("b.db", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL);");
  const std::string up = script_between(database, wanted);
  const std::string down = script_between(database, wanted, true);
  CHECK(database.run(up).empty());
  CHECK(database.run("SELECT name, seq FROM sqlite_sequence") == "t|3\n");
  CHECK(database.run(down).empty());
  CHECK(database.run("SELECT name, seq FROM sqlite_sequence; SELECT * FROM t") == "t|3\n1|x\n");
}

TEST_CASE("rows keep their rowids when the table gets a key, and when that goes") {
  const Shell database("a.db",
                       "CREATE TABLE song (url TEXT NOT NULL, title TEXT);"
                       "INSERT INTO song VALUES ('a','A'), ('b','B'), ('c','C'); DELETE FROM song WHERE url = 'a';");
  const Shell wanted("b.db", "CREATE TABLE song (id INTEGER PRIMARY KEY, url TEXT NOT NULL, title TEXT);");
  const std::string up = script_between(database, wanted);
  const std::string down = script_between(database, wanted, true);
  CHECK(database.run(up).empty());
  CHECK(database.run("SELECT id, url, title FROM song") == "2|b|B\n3|c|C\n");
  CHECK(database.run(down).empty());
  CHECK(database.run("SELECT rowid, * FROM song") == "2|b|B\n3|c|C\n");
}

TEST_CASE("an INT key becomes the rowid's only where the other side has an INTEGER one") {
  const Shell database("a.db", "CREATE TABLE t (id INT PRIMARY KEY NOT NULL, a TEXT); INSERT INTO t VALUES (10,'x');");
  const Shell wanted("b.db", "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, a TEXT);");
  const std::string up = script_between(database, wanted);
  const std::string down = script_between(database, wanted, true);
  const std::string before = database.dump();
  CHECK(database.run(up).empty());
  CHECK(script_between(database, wanted).empty());
  CHECK(database.run("SELECT rowid, * FROM t") == "10|10|x\n");
  CHECK(database.run(down).empty());
  CHECK(database.dump() == before);
}

TEST_CASE("a comment that a stored statement leaves open takes nothing of a printed script along") {
  const Shell database("a.db", "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2);");
  const Shell wanted("b.db", "CREATE TABLE t (a, b CHECK (b > 0));");
  const std::vector<std::string> indexes = {"CREATE INDEX i1 ON t (a) /* half",
                                            "CREATE UNIQUE INDEX i2 ON t (b) /* key */", "CREATE INDEX i3 ON t (a, b)"};
  database.make(indexes);
  wanted.make(indexes);
  wanted.make({"CREATE VIEW v AS SELECT 1 AS x /* half"});
  check_arrives(database, wanted);
  CHECK(database.run("SELECT count(*) FROM sqlite_master WHERE type = 'index'") == "3\n");
  CHECK(database.run("SELECT * FROM v") == "1\n");
}

TEST_CASE("a line of a stored statement ends nothing in a printed script") {
  const Shell database("a.db", "CREATE TABLE t (a, b, \"end\"); INSERT INTO t VALUES (1, 2, 3); CREATE TABLE u (x);");
  const Shell wanted("b.db", "CREATE TABLE t (a INTEGER, b, \"end\"); CREATE TABLE u (x NOT NULL);");
  wanted.make({"CREATE INDEX i ON t (a) WHERE b\n/\nend",
               "CREATE VIEW mean AS SELECT a -- of\n/ -- by\nb AS\ngo\nFROM t",
               "CREATE VIEW lines AS SELECT 'a\n/\nb\ngo\n' AS x"});
  check_arrives(database, wanted);
  CHECK(
      database.run("SELECT x = 'a' || char(10) || '/' || char(10) || 'b' || char(10) || 'go' || char(10) FROM lines") ==
      "1\n");
}

TEST_CASE("a printed script copies rows that a damaged index lacks, or changes nothing") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(35), "an SQLite that reads all rows from an index");
  const Shell database("a.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); CREATE INDEX i ON t (a);");
  database.make({"INSERT INTO t VALUES (1,'x','1')",
                 "CREATE TEMP TABLE kept AS SELECT * FROM sqlite_master WHERE name = 'i'",
                 "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'i'",
                 "PRAGMA writable_schema = RESET", "INSERT INTO t VALUES (2,'y','2')", "PRAGMA writable_schema = ON",
                 "INSERT INTO sqlite_master SELECT * FROM kept"});
  const Shell wanted("b.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL); CREATE INDEX i ON t (a);");
  const std::string script = script_between(database, wanted);
  std::string by_index = script;
  const std::string from_table = "FROM \"t\" NOT INDEXED";
  const std::size_t place = by_index.find(from_table);
  REQUIRE(place != by_index.npos);
  by_index.replace(place, from_table.size(), "FROM \"t\"");
  bool succeeded = true;
  CHECK(database.run(by_index, &succeeded).find("Check failed: all rows of \"t\"") != by_index.npos);
  CHECK_FALSE(succeeded);
  CHECK(database.run(script, &succeeded).empty());
  CHECK(succeeded);
  CHECK(database.run("SELECT a FROM t") == "x\ny\n");
}

TEST_CASE("no script adds a column with a default that its STRICT table does not store") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "STRICT");
  struct Case {
    std::string column, words;
  };
  const std::string strict = "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT";
  const Shell database("a.db", strict + ") STRICT; INSERT INTO t VALUES (1, 'x');");
  for (const Case& one :
       {Case{"n INTEGER DEFAULT 'abc'", "default 'abc' of column \"n\" does not fit its type, INTEGER"},
        Case{"n BLOB DEFAULT 5", "default 5 of column \"n\" does not fit its type, BLOB"},
        Case{"n INT DEFAULT 1.5", "default 1.5 of column \"n\" does not fit its type, INT"},
        Case{"n REAL NOT NULL DEFAULT CURRENT_TIMESTAMP", "column \"n\" does not fit its type, REAL"}}) {
    CAPTURE(one.column);
    const Shell wanted("b.db", strict + ", " + one.column + ") STRICT;");
    const auto error = test::error_of([&] { static_cast<void>(script_between(database, wanted)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CAPTURE(error->what());
    CHECK(test::contains(error->what(), one.words));
  }
  for (const std::string column : {"INTEGER DEFAULT '5'", "TEXT DEFAULT 5", "REAL DEFAULT 2", "ANY DEFAULT 'abc'",
                                   "BLOB DEFAULT x'00'", "INT DEFAULT NULL"}) {
    CAPTURE(column);
    const Shell filled("a.db", strict + ") STRICT; INSERT INTO t VALUES (1, 'x');");
    check_arrives(filled, Shell("b.db", strict + ", n " + column + ") STRICT;"));
    CHECK(filled.run("PRAGMA integrity_check") == "ok\n");
  }
}

TEST_CASE("a dropped column with a default that its STRICT table does not store comes back only without rows") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "STRICT");
  const std::string strict = "CREATE TABLE t (id INTEGER PRIMARY KEY";
  const Shell database("a.db", strict + ", n INTEGER DEFAULT 'abc') STRICT;");
  const Shell wanted("b.db", strict + ") STRICT; INSERT INTO t VALUES (1);");
  const std::string down = script_between(database, wanted, true);
  CHECK(test::contains(wanted.run(down), "cannot store TEXT value in INTEGER column"));
  CHECK(wanted.run("PRAGMA integrity_check; SELECT count(*) FROM t; DELETE FROM t") == "ok\n1\n");
  CHECK(wanted.run(down).empty());
  CHECK(script_between(database, wanted).empty());
}

TEST_CASE("a printed script carries carriage returns as they are, or changes nothing") {
  const Shell database("a.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1);");
  const Shell wanted("b.db", "");
  wanted.make({"CREATE TABLE t (a, c TEXT NOT NULL DEFAULT 'x\r\ny\r\r\nz\rq', CHECK (c <> 'a\r\nb'))",
               "CREATE VIEW \"two\r\nlines\" AS\r\nSELECT a, '\r\n' AS \"\r\n\" FROM t -- end\r\n"});
  std::string script = script_between(database, wanted);
  const std::string before = database.dump();
  // Written as another reader would have it.
  for (std::size_t at = 0; (at = script.find("\r\r\n", at)) != script.npos;) script.erase(at, 1);
  bool succeeded = true;
  CHECK(database.run(script, &succeeded)
            .find("Check failed: the sqlite3 shell runs the script with unchanged line endings") != script.npos);
  CHECK_FALSE(succeeded);
  CHECK(database.dump() == before);
  check_arrives(database, wanted);
  CHECK(database.run("SELECT hex(c) FROM t") == "780D0A790D0D0A7A0D71\n");
}

TEST_CASE("a printed script knows orphans of tables that exchange their names and are rebuilt") {
  const Shell database("a.db",
                       "PRAGMA foreign_keys = OFF; CREATE TABLE a (id INTEGER PRIMARY KEY);"
                       "CREATE TABLE b (a_id REFERENCES a (id)); INSERT INTO b VALUES (1);");
  const Shell wanted("b.db",
                     "CREATE TABLE b (id INTEGER PRIMARY KEY, x CHECK (x > 0));"
                     "CREATE TABLE a (a_id REFERENCES b (id), y CHECK (y > 0));");
  bool succeeded = false;
  CHECK(database.run(script_between(database, wanted, false, {{{"a"}, "b"}, {{"b"}, "a"}}), &succeeded).empty());
  CHECK(succeeded);
  CHECK(script_between(database, wanted).empty());
  CHECK(database.run("SELECT a_id FROM a") == "1\n");
}

TEST_CASE("a rename that SQLite cannot do is an error that says what to do") {
  const Shell database("a.db",
                       "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, k INT, UNIQUE (k, id)) WITHOUT ROWID;");
  const Shell wanted("b.db", "CREATE TABLE t (nr INTEGER PRIMARY KEY NOT NULL, k INT, UNIQUE (k, nr)) WITHOUT ROWID;");
  const auto error = test::error_of([&] {
    static_cast<void>(script_between(database, wanted, false, {{{"t", "id"}, "nr"}}));
  });
  if (!error) return;  // Other versions of SQLite may do it.
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(test::contains(error->what(), "SQLite cannot rename column \"id\" of \"t\" to \"nr\": "));
  CHECK(test::contains(error->remedy(), "rebuild the table by hand"));
}

TEST_CASE("the advice about a name that is taken is possible without migrations") {
  const Shell database("a.db", "CREATE TABLE t (c TEXT, d TEXT);");
  const auto error = test::error_of([&] {
    static_cast<void>(script_between(database, Shell("b.db", "CREATE TABLE t (c TEXT);"), false, {{{"t", "d"}, "c"}}));
  });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::usage);
  CHECK(test::contains(error->remedy(), "before you run `diff`"));
  CHECK_FALSE(test::contains(error->remedy(), "newmigration"));
}

TEST_CASE("a column of a renamed table is named with its new name") {
  const auto error = test::error_of([] {
    const Shell wanted("b.db", "CREATE TABLE q (b);");
    static_cast<void>(
        script_between({"a.db", "CREATE TABLE p (a);"}, wanted, false, {{{"p"}, "q"}, {{"p", "a"}, "b"}}));
  });
  REQUIRE(error);
  CHECK(test::contains(error->what(), "table \"p\" is renamed, so the column is \"q\".\"a\""));
}

TEST_CASE("a column of tables that swap names is renamed in the table's new name, to a free one") {
  const Shell from("a.db", "CREATE TABLE p (x); CREATE TABLE t (a, b);");
  const auto script_to = [&](const std::string& column) {
    const Shell wanted("b.db", "CREATE TABLE t (x); CREATE TABLE p (" + column + ");");
    return script_between(from, wanted, false, {{{"p"}, "t"}, {{"t"}, "p"}, {{"p", "a"}, column}});
  };
  const auto error = test::error_of([&] { static_cast<void>(script_to("b")); });
  REQUIRE(error);
  CHECK(test::contains(error->what(), "a column of that name already exists and is not renamed"));
  CHECK(script_to("c").find("RENAME COLUMN \"a\" TO \"c\"") != std::string::npos);
}

TEST_CASE("the copy of a rebuilt table has a name that no index, virtual table or table of such a one has") {
  for (const char* const other :
       {"CREATE TABLE o (x); CREATE INDEX temporary_t ON o (x);", "CREATE VIRTUAL TABLE temporary_t USING fts5(x);",
        "CREATE VIRTUAL TABLE temporary USING fts5(x);"}) {
    for (const std::string table : {"t", "t_data", "data"}) {
      CAPTURE(std::string(other));
      CAPTURE(table);
      const Shell database("a.db", "CREATE TABLE " + table + " (a); INSERT INTO " + table + " VALUES (1);" + other);
      const Shell wanted("b.db", "CREATE TABLE " + table + " (a CHECK (a > 0));" + other);
      check_arrives(database, wanted);
      CHECK(database.run("SELECT a FROM " + table) == "1\n");
    }
  }
}

TEST_CASE("a column is not dropped in place beside a trigger that SQLite cannot read, though nothing can fire it") {
  const std::string others =
      "CREATE TABLE x (k, g AS (k));"
      "CREATE TRIGGER r AFTER UPDATE OF g ON x BEGIN INSERT INTO gone VALUES (1); END;";
  const Shell database("a.db", "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2);" + others);
  check_arrives(database, Shell("b.db", "CREATE TABLE t (a);" + others));
  CHECK(database.run("SELECT * FROM t") == "1\n");
}

TEST_CASE("tables with the names of a printed script's own tables are rebuilt") {
  const std::string rows = "INSERT INTO whimbrel_unproved VALUES ('a'); INSERT INTO whimbrel_orphans VALUES ('b');";
  const Shell database("a.db",
                       "CREATE TABLE whimbrel_unproved (q text); CREATE TABLE whimbrel_orphans (q text);" + rows);
  const Shell wanted(
      "b.db", "CREATE TABLE whimbrel_unproved (q text NOT NULL); CREATE TABLE whimbrel_orphans (q text NOT NULL);");
  check_arrives(database, wanted);
  CHECK(database.run("SELECT q FROM whimbrel_unproved UNION ALL SELECT q FROM whimbrel_orphans") == "a\nb\n");
}

TEST_CASE("a backfill without an effect is wrong usage") {
  const Shell database("a.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);");
  const Shell wanted("b.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT NOT NULL, c INT);");
  const auto fill = [&](const char* column) {
    return test::error_of([&] {
      static_cast<void>(script_between(database, wanted, false, {}, {{{"t", column}, "1"}}));
    });
  };
  for (const char* const column : {"id", "a"}) {
    const auto error = fill(column);
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::usage);
    CHECK(test::contains(error->what(), "only a column that is added or becomes NOT NULL"));
  }
  CHECK_FALSE(fill("b"));
  CHECK_FALSE(fill("c"));
}
