#!/usr/bin/env python3
"""Databases that were there before whimbrel: shown, compared, described by entities that compile, begun with."""

import json
import os
import shutil
import sqlite3
import tempfile
import unittest
from pathlib import Path

from postgres_case import OnPostgres
from whimbrel_case import HERE, WHIMBREL, OnSqlite, WhimbrelCase, run

DATA = HERE.parent / "data"
# The script that makes each, and the namespace of its entities.
ON_SQLITE = {
    "records": ("records.sql", "records"),
    "trade": ("trade.sql", "shop::trade"),
    "awkward": ("awkward.sql", ""),
    "library": ("library.sql", "library"),
}
ON_POSTGRES = {
    "postgres_library": ("library.postgres.sql", "postgres_library"),
    "everything": ("postgres/everything.sql", "everything"),
}
DATABASES = {**ON_SQLITE, **ON_POSTGRES}

project = None
templates = {}


def make_database(name):
    script = (DATA / DATABASES[name][0]).read_text(encoding="utf-8")
    if name in ON_POSTGRES:
        url = OnPostgres.new_url(name)
        OnPostgres.run_script(url, script)
        return url
    connection = sqlite3.connect(project / f"{name}.db")
    connection.executescript(script)
    connection.close()
    return f"sqlite:{project}/{name}.db"


def setUpModule():
    """The program with the entities of all databases, which are written here."""
    global project
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    OnPostgres.start_server()
    project = Path(temporary.name).resolve() / "adopted"
    shutil.copytree(HERE / "adopted", project)
    for name, (_, name_space) in DATABASES.items():
        templates[name] = make_database(name)
        chosen = ["--namespace", name_space] if name_space else []
        written = run(WHIMBREL, "entities", templates[name], "--out", f"src/{name}", *chosen, cwd=project)
        assert written.code == 0, written.error


class Adopted(OnSqlite, WhimbrelCase):
    def url_of(self, name):
        """A copy, with which a test does what it wants."""
        if name in ON_POSTGRES:
            return OnPostgres.new_url(name, template=OnPostgres.database_of(templates[name]))
        if not (self.directory / f"{name}.db").exists():
            shutil.copy(project / f"{name}.db", self.directory)
        return f"sqlite:{self.directory}/{name}.db"

    def whimbrel(self, *arguments, code=0, cwd=None):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=cwd or self.directory), code)

    def program(self, name, *arguments, url=None, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=project, DATABASE=name,
                                    WHIMBREL_URL=url or templates[name]), code)

    def test_a_schema_is_shown_and_is_equal_to_itself_and_to_its_text(self):
        for name, url in templates.items():
            self.assertIn("table ", self.whimbrel("inspect", url).out)
            tables = json.loads(self.whimbrel("inspect", url, "--json").out)["tables"]
            self.assertGreaterEqual(len(tables), 10)
            self.assertEqual(self.whimbrel("diff", url, url, "--exit-code").out, "")
            self.assertEqual(self.whimbrel("diff", url, DATA / DATABASES[name][0], "--exit-code").out, "")
            (self.directory / "shown.sql").write_text(self.whimbrel("inspect", url, "--format", "sql").out,
                                                      encoding="utf-8")
            self.assertEqual(self.whimbrel("diff", url, "shown.sql", "--exit-code").out, "")

    def test_the_entities_compile_and_find_no_changes(self):
        for name, url in templates.items():
            result = self.program(name, "makemigrations", "--check")
            self.assertIn("No changes\n", result.out)
            self.assertEqual(self.program(name, "diff", url, "entities").out, "")

    def test_nothing_that_a_baseline_makes_is_dropped_after_it(self):
        awkward = self.url_of("awkward")
        report = json.loads(self.program("awkward", "baseline", "--dry-run", "--json", url=awkward).out)
        self.assertEqual(report["undescribed"], [])
        report = json.loads(self.program("awkward", "makemigrations", "--check", "--json", url=awkward).out)
        for name in ("without key", "without type", "without name", "named columns"):
            self.assertNotIn(name, "\n".join(report["unmanaged"]))

    def test_the_entities_see_what_changes(self):
        trade = self.url_of("trade")
        self.rows_of(trade, 'ALTER TABLE "Shippers" DROP COLUMN "Phone"', 'DROP VIEW "Invoices"')
        output = self.program("trade", "makemigrations", "--check", url=trade, code=4).out
        self.assertIn('add column "Phone" to "Shippers"', output)
        self.assertIn('create view "Invoices"', output)
        everything = self.url_of("everything")
        OnPostgres.rows_of(everything, "DROP VIEW aa_view", "ALTER TABLE m DROP COLUMN ts",
                           'DROP INDEX "Odd Schema"."Odd idx"')
        output = self.program("everything", "makemigrations", "--check", url=everything, code=4).out
        self.assertIn('add column "ts" to "m"', output)
        self.assertIn('create view "aa_view"', output)
        self.assertIn('create index "Odd idx"', output)

    def test_an_empty_database_becomes_one_that_fits(self):
        # Not `everything`, whose columns have types that no entity makes.
        urls = {name: self.new_url("new_" + name) for name in ON_SQLITE}
        urls["postgres_library"] = OnPostgres.new_url()
        OnPostgres.rows_of(urls["postgres_library"], 'CREATE EXTENSION "uuid-ossp"')
        for name, url in urls.items():
            self.program(name, "synchronize", url=url)
            self.assertIn("No changes\n", self.program(name, "makemigrations", "--check", url=url).out)

    def test_what_no_entity_says_is_told(self):
        out = self.directory / "out"
        report = json.loads(self.whimbrel("entities", templates["awkward"], "--out", "out", "--json").out)
        self.assertEqual(sorted(report["files"]), sorted(str(Path("out") / path.name) for path in out.iterdir()))
        told = "\n".join(report["not_described"])
        for expressed in ("without key", "without type", "named columns"):
            self.assertNotIn(expressed, told)
        self.assertIn('table "without name": its column without a name; so the table is unmanaged', told)
        self.assertIn('virtual table "search" is not described', report["not_described"])
        text = (out / "area.h").read_text(encoding="utf-8")
        self.assertIn('// Not described: the conflict clause of "w"\n', text)
        self.assertIn('the trigger "into the view" of view "select" is not described', report["not_described"])
        error = self.whimbrel("entities", templates["trade"], "--out", "trade").error
        self.assertEqual(error, 'note: table "Order Details": the trigger "note the sale"\n')
        self.assertEqual(self.whimbrel("entities", templates["records"], "--out", "records").error, "")

    def test_no_file_is_overwritten_and_none_is_left_behind(self):
        (self.directory / "out").mkdir()
        (self.directory / "out" / "track.h").write_text("mine", encoding="utf-8")
        self.assertIn("track.h", self.whimbrel("entities", templates["records"], "--out", "out", code=1).error)
        self.assertEqual([path.name for path in (self.directory / "out").iterdir()], ["track.h"])
        self.whimbrel("entities", templates["records"], "--out", "out", "--namespace", "a::1", code=2)
        self.whimbrel("entities", "sqlite:none.db", "--out", "none", code=1)
        self.assertFalse((self.directory / "none").exists())

    def test_what_no_entity_says_of_a_postgresql_database_is_told(self):
        report = json.loads(self.whimbrel("entities", templates["everything"], "--out", "out", "--json").out)
        told = "\n".join(report["not_described"])
        self.assertIn('table "child": the foreign key (t, k) to "tenant": it sets only some of its columns', told)
        self.assertIn('table "room": the trigger "t1"', told)
        self.assertNotIn("has no primary key", told)

    def test_a_history_begins_with_each(self):
        for name in DATABASES:
            report = json.loads(self.program(name, "baseline", "--dry-run", "--json").out)
            self.assertTrue(report["verified"])


if __name__ == "__main__":
    unittest.main()
