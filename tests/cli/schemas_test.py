#!/usr/bin/env python3
"""The commands about schemas, which need no project, and what they print in SQLite's own shell."""

import json
import sqlite3
import subprocess
import unittest

from whimbrel_case import WHIMBREL, WhimbrelCase, run, run_on_terminal

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


class Schemas(WhimbrelCase):
    def setUp(self):
        super().setUp()
        self.url = self.database("shop", SHOP + ROWS)
        self.grown = self.file("grown", GROWN)

    def database(self, name, script):
        connection = sqlite3.connect(self.directory / f"{name}.db")
        connection.executescript(script)
        connection.close()
        return f"sqlite:{name}.db"

    def file(self, name, text):
        (self.directory / f"{name}.sql").write_text(text, encoding="utf-8")
        return f"{name}.sql"

    def whimbrel(self, *arguments, code=0, **environment):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.directory, **environment), code)

    def shell(self, database, script):
        result = subprocess.run(["sqlite3", "-bail", self.directory / database], input=script, text=True,
                                capture_output=True, check=False)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))


class Diff(Schemas):
    def test_the_output_run_in_the_shell_makes_the_one_the_other_and_back(self):
        script = self.whimbrel("diff", self.url, self.grown, "--rename", "item.title=heading").out
        back = self.whimbrel("diff", self.url, self.grown, "--rename", "item.title=heading", "--down").out
        self.shell("shop.db", "PRAGMA foreign_keys = ON;" + script)
        equal = self.whimbrel("diff", self.url, self.grown, "--exit-code")
        self.assertEqual((equal.out, equal.error), ("", ""))
        self.assertEqual(self.sql(self.directory / "shop.db", "SELECT heading, owner FROM item"), [("pen", 1)])
        self.shell("shop.db", back)
        self.assertEqual(self.whimbrel("diff", self.url, self.file("shop", SHOP), "--exit-code").out, "")
        self.assertEqual(self.sql(self.directory / "shop.db", "SELECT name, title FROM owned"), [("a;b", "pen")])

    def test_every_line_of_the_output_is_of_a_statement_and_remarks_go_elsewhere(self):
        result = self.whimbrel("diff", self.url, self.grown, "--exit-code", code=4)
        self.assertTrue(result.out.endswith(";\n"))
        connection = sqlite3.connect(self.directory / "shop.db", isolation_level=None)
        self.addCleanup(connection.close)
        connection.executescript(result.out)
        self.assertIn('warning: loses, where there are rows: the values of column "title" of "item"', result.error)
        self.assertIn("if it was renamed: --rename item.title=heading\n", result.error)
        self.assertIn("sqlite3 -bail", result.error)

    def test_equal_schemas_give_no_output(self):
        for arguments in ([], ["--exit-code"], ["--format", "human"], ["--format", "sql"], ["--down"]):
            result = self.whimbrel("diff", self.url, self.url, *arguments)
            self.assertEqual((result.out, result.error), ("", ""))
        self.assertTrue(json.loads(self.whimbrel("diff", self.url, self.url, "--json").out)["equal"])

    def test_changes_are_there_as_data_and_for_people(self):
        report = json.loads(self.whimbrel("diff", self.url, self.grown, "--json").out)
        self.assertFalse(report["equal"])
        kinds = {change["kind"] for change in report["changes"]}
        self.assertLessEqual({"add_column", "drop_column", "alter_column", "drop_view", "create_view"}, kinds)
        self.assertEqual(report["questions"][0]["options"][0], "--rename item.title=heading")
        human = self.whimbrel("diff", self.url, self.grown, "--format", "human").out
        self.assertIn('- drop column "title" from "item"\n', human)
        terminal = run_on_terminal([WHIMBREL, "diff", self.url, self.grown], [], cwd=self.directory)
        self.assertIn('\x1b[32m+ add column "heading" to "item"', terminal.out)

    def test_a_column_that_rows_have_no_value_for_is_told_and_can_be_given_one(self):
        stricter = self.file("stricter", SHOP.replace("title text", "title text, price integer NOT NULL"))
        self.assertIn("--default item.price=EXPR", self.whimbrel("diff", self.url, stricter).error)
        self.shell("shop.db", self.whimbrel("diff", self.url, stricter, "--default", "item.price=12").out)
        self.assertEqual(self.sql(self.directory / "shop.db", "SELECT price FROM item"), [(12,)])

    def test_what_the_model_does_not_know_is_named(self):
        searching = self.file("searching", SHOP + "CREATE VIRTUAL TABLE search USING fts5(body);")
        result = self.whimbrel("diff", self.url, searching)
        self.assertEqual(result.out, "")
        self.assertEqual(result.error, 'note: virtual table "search" is not compared\n')

    def test_sides_that_make_no_sense_are_wrong_usage(self):
        self.assertIn("sqlite:shop.db", self.whimbrel("diff", "shop.db", self.grown, code=2).error)
        self.assertIn("oracle", self.whimbrel("diff", "oracle:shop", self.grown, code=2).error)
        self.assertIn("whimbrel init", self.whimbrel("diff", self.url, "entities", code=2).error)
        self.assertIn("no column \"tilte\"",
                      self.whimbrel("diff", self.url, self.grown, "--rename", "item.tilte=heading", code=2).error)
        self.assertIn("\"other\"", self.whimbrel("diff", self.url, self.grown, "--schema", "other", code=2).error)
        self.assertIn("whimbrel diff --help", self.whimbrel("diff", self.url, code=2).error)
        self.assertIn("--format", self.whimbrel("diff", self.url, self.grown, "--format", "xml", code=2).error)

    def test_what_cannot_be_read_is_an_error_and_nothing_is_made(self):
        self.assertIn("nowhere.db", self.whimbrel("diff", "sqlite:nowhere.db", self.grown, code=1).error)
        self.assertFalse((self.directory / "nowhere.db").exists())
        self.assertIn("none.sql", self.whimbrel("diff", self.url, "none.sql", code=1).error)
        broken = self.file("broken", "CREATE TABLE a (b);\nCREATE TABEL c (d);\n")
        self.assertIn("    CREATE TABEL c (d)\n           ^\n", self.whimbrel("diff", self.url, broken, code=1).error)


class Inspect(Schemas):
    def test_a_schema_is_printed_in_three_ways(self):
        human = self.whimbrel("inspect", self.url).out
        self.assertIn("foreign key (owner) to person, on delete cascade\n", human)
        self.assertNotIn("\x1b", human)
        data = json.loads(self.whimbrel("inspect", self.url, "--json").out)
        self.assertEqual(data, json.loads(self.whimbrel("inspect", self.url, "--format", "json").out))
        self.assertEqual([table["name"] for table in data["tables"]], ["item", "person"])
        self.assertEqual(data["tables"][0]["foreign_keys"][0]["on_delete"], "cascade")
        self.assertEqual(data["views"][0]["name"], "owned")

    def test_the_schema_as_sql_makes_an_equal_one(self):
        script = self.whimbrel("inspect", self.url, "--format", "sql").out
        self.shell("copy.db", script)
        self.assertEqual(self.whimbrel("diff", self.url, "sqlite:copy.db", "--exit-code").out, "")
        self.assertEqual(self.whimbrel("inspect", "sqlite:copy.db", "--format", "sql").out, script)

    def test_the_environment_names_the_database_too(self):
        self.assertIn("table item", self.whimbrel("inspect", WHIMBREL_URL=self.url).out)
        self.assertIn("project", self.whimbrel("inspect", code=2).error)
        self.assertIn("nowhere.db", self.whimbrel("inspect", "sqlite:nowhere.db", code=1).error)


if __name__ == "__main__":
    unittest.main()
