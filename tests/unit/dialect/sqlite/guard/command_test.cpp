#include "dialect/sqlite/guard/command.h"

#include <doctest/doctest.h>

using namespace whimbrel::dialect::sqlite;
using Kind = Command::Kind;

TEST_CASE("the kind and the table of a statement are read from its first tokens") {
  struct Case {
    const char* sql;
    Kind kind;
    const char* table;
    const char* new_name;
  };
  for (const Case& expected :
       {Case{"CREATE TABLE \"a b\"(x)", Kind::create_table, "a b", ""},
        Case{"create table if not exists main.[a](x)", Kind::create_table, "a", ""},
        Case{"CREATE TEMP TABLE a(x)", Kind::other, "a", ""},
        Case{"DROP TABLE IF EXISTS \"a\"\"b\"", Kind::drop_table, "a\"b", ""},
        Case{"DROP -- the\n TABLE main.a", Kind::drop_table, "a", ""}, Case{"DROP INDEX a", Kind::other, "", ""},
        Case{"ALTER TABLE `a` RENAME TO 'b'", Kind::rename_table, "a", "b"},
        Case{"ALTER TABLE a RENAME x TO y", Kind::other, "a", "y"},
        Case{"ALTER TABLE a RENAME COLUMN x TO y", Kind::other, "a", "y"}, Case{"BEGIN IMMEDIATE", Kind::begin, "", ""},
        Case{"COMMIT", Kind::commit, "", ""}, Case{"END TRANSACTION", Kind::commit, "", ""},
        Case{"ROLLBACK", Kind::rollback, "", ""}, Case{"ROLLBACK TRANSACTION TO SAVEPOINT a", Kind::other, "", ""},
        Case{"SAVEPOINT a", Kind::other, "", ""}, Case{"PRAGMA foreign_keys = ON", Kind::pragma, "", ""},
        Case{"EXPLAIN DROP TABLE a", Kind::other, "", ""}}) {
    CAPTURE(expected.sql);
    const Command command = read_command(expected.sql);
    CHECK(command.kind == expected.kind);
    CHECK(command.table == expected.table);
    CHECK(command.new_name == expected.new_name);
  }
}

TEST_CASE("a renamed column, and a view or a trigger that is created or dropped, are read") {
  for (const char* const sql : {"ALTER TABLE a RENAME x TO y", "ALTER TABLE main.a RENAME COLUMN \"x\" TO y"}) {
    CHECK(read_command(sql).column == "x");
  }
  CHECK(read_command("ALTER TABLE a RENAME TO b").column.empty());
  CHECK(read_command("CREATE VIEW IF NOT EXISTS main.v AS SELECT 1").definition == "v");
  CHECK(read_command("CREATE TRIGGER \"g\" AFTER INSERT ON t BEGIN SELECT 1; END").definition == "g");
  CHECK(read_command("CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END").dependent == "g");
  CHECK_FALSE(read_command("CREATE VIEW v AS SELECT 1").drops_definition);
  for (const char* const sql : {"DROP VIEW v", "DROP TRIGGER IF EXISTS main.v"}) {
    CHECK(read_command(sql).definition == "v");
    CHECK(read_command(sql).drops_definition);
  }
  CHECK(read_command("DROP INDEX i").definition.empty());
}

TEST_CASE("only what can break keys or names is said to") {
  struct Case {
    const char* sql;
    bool keys;
    bool names;
  };
  for (const Case& expected : {Case{"ALTER TABLE a ADD COLUMN x text", false, true},
                               Case{"ALTER TABLE a ADD x integer REFERENCES b", true, true},
                               Case{"ALTER TABLE a DROP COLUMN x", false, true},
                               Case{"ALTER TABLE a DROP CONSTRAINT x", true, true},
                               Case{"ALTER TABLE a RENAME TO b", false, true},
                               Case{"CREATE TABLE a(x)", false, false},
                               Case{"CREATE TABLE a AS SELECT 1", true, false},
                               Case{"CREATE UNIQUE INDEX a ON b(c)", false, false},
                               Case{"CREATE TEMP TABLE a AS SELECT 1", false, false},
                               Case{"CREATE VIEW a AS SELECT 1", false, true},
                               Case{"CREATE TRIGGER a AFTER INSERT ON b BEGIN DELETE FROM c; END", false, true},
                               Case{"CREATE VIRTUAL TABLE a USING fts5(b)", false, true},
                               Case{"DROP INDEX a", false, true},
                               Case{"DROP TABLE a", true, true},
                               Case{"INSERT INTO a VALUES (1)", true, false},
                               Case{"REPLACE INTO a VALUES (1)", true, false},
                               Case{"UPDATE a SET x = 1", true, false},
                               Case{"DELETE FROM a", true, false},
                               Case{"WITH b AS (SELECT 1) DELETE FROM a", true, false},
                               Case{"WITH b AS (SELECT 1) SELECT * FROM b", false, false},
                               Case{"SELECT 1", false, false},
                               Case{"PRAGMA user_version = 2", false, false},
                               Case{"BEGIN", false, false},
                               Case{"SOMETHING new", true, true}}) {
    CAPTURE(expected.sql);
    const Command command = read_command(expected.sql);
    CHECK(command.may_break_keys == expected.keys);
    CHECK(command.may_break_names == expected.names);
  }
}

TEST_CASE("an index or a trigger that is made or dropped has its name read") {
  for (const char* sql :
       {"CREATE INDEX a ON b(c)", "CREATE UNIQUE INDEX IF NOT EXISTS main.\"a\" ON b(c)",
        "CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END", "DROP INDEX IF EXISTS a", "DROP TRIGGER main.a"}) {
    CAPTURE(sql);
    CHECK(read_command(sql).dependent == "a");
  }
  CHECK(read_command("DROP TABLE a").dependent.empty());
  CHECK(read_command("CREATE VIEW a AS SELECT 1").dependent.empty());
}

TEST_CASE("the event of a trigger is read past its name and its time") {
  CHECK(trigger_event("CREATE TRIGGER \"update\" INSERT ON a BEGIN SELECT 1; END") == TriggerEvent::insert);
  CHECK(trigger_event("CREATE TRIGGER IF NOT EXISTS main.t AFTER DELETE ON a BEGIN SELECT 1; END") ==
        TriggerEvent::remove);
  CHECK(trigger_event("CREATE TRIGGER t BEFORE UPDATE OF x ON a BEGIN INSERT INTO b VALUES (1); END") ==
        TriggerEvent::update);
  CHECK(trigger_event("CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END") == TriggerEvent::insert);
}

TEST_CASE("AUTOINCREMENT counts as a keyword only") {
  CHECK(has_autoincrement("CREATE TABLE a(id integer PRIMARY KEY autoincrement)"));
  CHECK_FALSE(has_autoincrement("CREATE TABLE a(\"AUTOINCREMENT\" text DEFAULT 'AUTOINCREMENT') -- AUTOINCREMENT"));
}
