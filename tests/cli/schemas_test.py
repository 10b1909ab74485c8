#!/usr/bin/env python3
"""The commands about schemas on SQLite, and what they print in SQLite's own shell."""

import subprocess
import unittest

import schema_cases
from whimbrel_case import OnSqlite

SHOP = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name varchar(40) NOT NULL COLLATE NOCASE);
CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, owner integer REFERENCES person ON DELETE CASCADE, title text);
CREATE INDEX item_title ON item (title) WHERE title <> '';
CREATE TRIGGER noted AFTER INSERT ON item BEGIN UPDATE person SET name = 'a;b' WHERE id = new.owner; SELECT 1; END;
CREATE VIEW owned AS SELECT name, title FROM person JOIN item ON owner = person.id -- who has what
;
"""
ROWS = "INSERT INTO person VALUES (1, 'Ada'); INSERT INTO item VALUES (7, 1, 'pen');"
GROWN = SHOP.replace("varchar(40)", "varchar(80)").replace("title text", "heading text").replace(
    "(title) WHERE title", "(heading) WHERE heading").replace("SELECT name, title", "SELECT name, heading")


class OnSqliteHere(OnSqlite):
    shop = SHOP
    shop_rows = ROWS
    grown = GROWN

    def load(self, url, script):
        result = subprocess.run(["sqlite3", "-bail", self.path_of(url)], input="PRAGMA foreign_keys = ON;" + script,
                                text=True, capture_output=True, check=False)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))


class Diff(OnSqliteHere, schema_cases.Diff):
    def test_the_shell_is_told_to_stop_at_the_first_error(self):
        self.assertEqual(self.whimbrel("diff", self.url, self.grown_file).out.splitlines()[1], ".bail on")

    def test_a_table_of_a_module_that_is_not_here_is_named(self):
        other = self.new_url("other")
        self.load(other, SHOP)
        self.rows_of(other, "PRAGMA writable_schema = ON", "INSERT INTO sqlite_master VALUES "
                     "('table', 'near', 'near', 0, 'CREATE VIRTUAL TABLE near USING of_the_program(a)')")
        result = self.whimbrel("diff", self.url, other)
        self.assertEqual(result.out, "")
        self.assertEqual(result.error,
                         'note: not compared (unsupported): virtual table "near" (no such module: of_the_program)\n')

    def test_a_file_that_is_no_url_is_shown_as_one(self):
        self.assertIn("sqlite:shop.db", self.whimbrel("diff", "shop.db", self.grown_file, code=2).error)

    def test_there_are_no_privileges_to_compare(self):
        for arguments in ([self.url, self.url], [self.url, self.grown_file], [self.grown_file, self.url]):
            error = self.whimbrel("diff", *arguments, "--privileges", code=2).error
            self.assertIn("SQLite has no owners and privileges.", error)

    def test_a_database_that_is_not_there_is_not_made(self):
        self.assertIn("nowhere.db", self.whimbrel("diff", "sqlite:nowhere.db", self.grown_file, code=1).error)
        self.assertIn("nowhere.db", self.whimbrel("inspect", "sqlite:nowhere.db", code=1).error)
        self.assertFalse((self.directory / "nowhere.db").exists())


class Inspect(OnSqliteHere, schema_cases.Inspect):
    pass


if __name__ == "__main__":
    unittest.main()
