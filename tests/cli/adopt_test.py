#!/usr/bin/env python3
"""Databases that were there before whimbrel: shown, compared, described by entities that compile, begun with."""

import json
import os
import shutil
import sqlite3
import tempfile
import unittest
from pathlib import Path

from whimbrel_case import HERE, WHIMBREL, WhimbrelCase, run

DATA = HERE.parent / "data"
NAMESPACES = {"records": "records", "trade": "shop::trade", "awkward": "", "library": "library"}

project = None


def make_database(path, name):
    connection = sqlite3.connect(path)
    connection.executescript((DATA / f"{name}.sql").read_text(encoding="utf-8"))
    connection.close()


def setUpModule():
    """The program with the entities of all databases, which are written here."""
    global project
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    project = Path(temporary.name).resolve() / "adopted"
    shutil.copytree(HERE / "adopted", project)
    for name, name_space in NAMESPACES.items():
        make_database(project / f"{name}.db", name)
        chosen = ["--namespace", name_space] if name_space else []
        written = run(WHIMBREL, "entities", f"sqlite:{name}.db", "--out", f"src/{name}", *chosen, cwd=project)
        assert written.code == 0, written.error


class Adopted(WhimbrelCase):
    def setUp(self):
        super().setUp()
        for name in NAMESPACES:
            shutil.copy(project / f"{name}.db", self.directory)

    def whimbrel(self, *arguments, code=0, cwd=None):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=cwd or self.directory), code)

    def program(self, name, *arguments, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=project, DATABASE=name,
                                    WHIMBREL_URL=f"sqlite:{self.directory}/{name}.db"), code)

    def test_a_schema_is_shown_and_is_equal_to_itself_and_to_its_text(self):
        for name in NAMESPACES:
            url = f"sqlite:{name}.db"
            self.assertIn("table ", self.whimbrel("inspect", url).out)
            tables = json.loads(self.whimbrel("inspect", url, "--json").out)["tables"]
            self.assertGreaterEqual(len(tables), 10)
            self.assertEqual(self.whimbrel("diff", url, url, "--exit-code").out, "")
            self.assertEqual(self.whimbrel("diff", url, DATA / f"{name}.sql", "--exit-code").out, "")
            (self.directory / "shown.sql").write_text(self.whimbrel("inspect", url, "--format", "sql").out,
                                                      encoding="utf-8")
            self.assertEqual(self.whimbrel("diff", url, "shown.sql", "--exit-code").out, "")

    def test_the_entities_compile_and_find_no_changes(self):
        for name in NAMESPACES:
            result = self.program(name, "makemigrations", "--check")
            self.assertIn("No changes\n", result.out)
            self.assertEqual(self.program(name, "diff", f"sqlite:{self.directory}/{name}.db", "entities").out, "")

    def test_the_entities_see_what_changes(self):
        self.sql(self.directory / "trade.db", 'ALTER TABLE "Shippers" DROP COLUMN "Phone"')
        self.sql(self.directory / "trade.db", 'DROP VIEW "Invoices"')
        output = self.program("trade", "makemigrations", "--check", code=4).out
        self.assertIn('add column "Phone" to "Shippers"', output)
        self.assertIn('create view "Invoices"', output)

    def test_an_empty_database_becomes_one_that_fits(self):
        for name in NAMESPACES:
            (self.directory / f"{name}.db").unlink()
            self.program(name, "synchronize")
            self.assertIn("No changes\n", self.program(name, "makemigrations", "--check").out)

    def test_what_no_entity_says_is_told(self):
        out = self.directory / "out"
        report = json.loads(self.whimbrel("entities", "sqlite:awkward.db", "--out", "out", "--json").out)
        self.assertEqual(sorted(report["files"]), sorted(str(Path("out") / path.name) for path in out.iterdir()))
        self.assertIn('table "without key" has no entity: it has no primary key', report["not_expressed"])
        self.assertIn('table "without type" has no entity: its column "anything" has no type', report["not_expressed"])
        self.assertIn('table "without name" has no entity: it has a column without a name', report["not_expressed"])
        self.assertIn('virtual table "search" is not described', report["not_expressed"])
        text = (out / "area.h").read_text(encoding="utf-8")
        self.assertIn('// Not expressed: the conflict clause of "w"\n', text)
        self.assertIn('view "named columns" has no entity: it gives its columns names', report["not_expressed"])
        self.assertIn('the trigger "into the view" of view "select" is not described', report["not_expressed"])
        error = self.whimbrel("entities", "sqlite:trade.db", "--out", "trade").error
        self.assertEqual(error, 'note: table "Order Details": the trigger "note the sale"\n')
        self.assertEqual(self.whimbrel("entities", "sqlite:records.db", "--out", "records").error, "")

    def test_no_file_is_overwritten_and_none_is_left_behind(self):
        (self.directory / "out").mkdir()
        (self.directory / "out" / "track.h").write_text("mine", encoding="utf-8")
        self.assertIn("track.h", self.whimbrel("entities", "sqlite:records.db", "--out", "out", code=1).error)
        self.assertEqual([path.name for path in (self.directory / "out").iterdir()], ["track.h"])
        self.whimbrel("entities", "sqlite:records.db", "--out", "out", "--namespace", "a::1", code=2)
        self.whimbrel("entities", "sqlite:none.db", "--out", "none", code=1)
        self.assertFalse((self.directory / "none").exists())

    def test_a_history_begins_with_each(self):
        for name in NAMESPACES:
            report = json.loads(self.program(name, "baseline", "--dry-run", "--json").out)
            self.assertTrue(report["verified"])


if __name__ == "__main__":
    unittest.main()
