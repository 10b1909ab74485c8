#!/usr/bin/env python3
"""TypeORM and whimbrel take turns on one database: of PostgreSQL, and of MariaDB or MySQL.

Needs Node 20 and the packages of which WHIMBREL_TYPEORM_MODULES names the directory: npm install typeorm@1.1 pg@8
mysql2@3 reflect-metadata@0.2, then its node_modules. Skipped without them. WHIMBREL_MYSQL_SERVER and
WHIMBREL_MYSQL_SHARE name another server than the installed one, as for tests/support/mysql_server.py.
"""

import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from mysql_case import OnMysql
from postgres_case import OnPostgres
from whimbrel_case import HERE, WHIMBREL, WhimbrelCase, clean_environment, run

SCRIPTS = HERE.parent / "data" / "typeorm"

MANAGE = """#include <whimbrel/manage.h>

#include "app_migrations.h"
#include "library/entities.h"

int main(int argc, char** argv) {
  return whimbrel::manage(
      argc, argv, {.url = "@database@:", .entities = library::all_entities(), .migrations = app_migrations()});
}
"""

SHELF = """#pragma once

#include "tag.h"

namespace library {

struct Shelf {
  std::int32_t id{};
  std::string place;
  std::optional<std::int32_t> tagId;

  static void describe(whimbrel::Entity<Shelf>& shelf) {
    shelf.primary_generated<&Shelf::id>();
    shelf.column<&Shelf::place>({.unique = true});
    shelf.many_to_one<&Shelf::tagId, &Tag::id>({.on_delete = whimbrel::OnDelete::set_null});
  }
};

}  // namespace library
"""

# The changes of work_on.mjs in the entities that `whimbrel entities` writes.
CHANGES = {
    "tag.h": [
        ("  std::string label;\n", "  std::string label;\n  std::optional<std::string> note;\n"),
        ("#include <cstdint>\n", "#include <cstdint>\n#include <optional>\n"),
        ("  }\n};", "    entity.column<&Tag::note>({.length = 100});\n    entity.index<&Tag::label, &Tag::note>();\n  }\n};"),
    ],
    "book.h": [
        ("  in_print,\n", "  in_print,\n  lost,\n"),
        ("<&Book::title>({.length = 200})", "<&Book::title>({.length = 300})"),
        ("  std::int32_t pages{};", "  std::int64_t pages{};"),
    ],
    "entities.h": [
        ('#include "tag.h"\n', '#include "shelf.h"\n#include "tag.h"\n'),
        (" Tag,\n", " Tag,\n                            Shelf,\n"),
    ],
}


def find_modules():
    """The directory with TypeORM; a word why not, if there is none."""
    node = shutil.which("node")
    if node is None:
        return None, "there is no node"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.match(r"v(\d+)", version).group(1)) < 20:
        return None, f"node is {version.strip()}, and 20 is needed"
    modules = os.environ.get("WHIMBREL_TYPEORM_MODULES", "")
    if not modules:
        return None, "WHIMBREL_TYPEORM_MODULES names no directory with the packages typeorm, pg, mysql2 and reflect-metadata"
    missing = [name for name in ("typeorm", "pg", "mysql2", "reflect-metadata") if not (Path(modules) / name).is_dir()]
    return (None, f"{modules} has no {', '.join(missing)}") if missing else (Path(modules).resolve(), "")


MODULES, REASON = find_modules()


def setUpModule():
    if MODULES is None:
        raise unittest.SkipTest(REASON)
    OnPostgres.start_server()
    OnMysql.start_server()


class TakingTurns:
    """What a database says: DATABASE, the scheme of its URLs; kind(), TypeORM's word for it; DUMP, the script that makes
    it; environment(), which the script needs; and quoted(), a name in SQL."""

    def setUp(self):
        super().setUp()
        self.url = self.new_url("library")
        self.scripts = self.directory / "typeorm"
        shutil.copytree(SCRIPTS, self.scripts)
        # Where Node looks for what a module imports.
        (self.scripts / "node_modules").symlink_to(MODULES)
        self.project = self.directory / "library"

    def node(self, script, *arguments, stage=""):
        result = subprocess.run(["node", "--no-deprecation", script, self.url, *arguments], cwd=self.scripts, text=True,
                                capture_output=True, check=False,
                                env=clean_environment(LIBRARY_DATABASE=self.kind(), LIBRARY_STAGE=stage,
                                                      **self.environment()))
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def changes(self, stage=""):
        """What TypeORM would do."""
        return self.node("work_on.mjs", "changes", stage=stage)

    def whimbrel(self, *arguments, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.project, WHIMBREL_URL=self.url), code).out

    def history(self):
        return [name for name, in self.rows_of(self.url, "SELECT name FROM migrations ORDER BY id")]

    def lines_of_dump(self):
        """Whatever the order of columns: one that is computed from a column which changed its type is made again."""
        return sorted(line.rstrip(",") for line in self.dump_without_history(self.url).splitlines())

    def make_project(self):
        self.assert_code(run(WHIMBREL, "init", "library", "--url", self.url, cwd=self.directory), 0)
        self.whimbrel("entities", "--out", "src/library", "--namespace", "library")
        (self.project / "src/manage.cpp").write_text(MANAGE.replace("@database@", self.DATABASE), encoding="utf-8")

    def change_entities(self):
        for name, replacements in CHANGES.items():
            path = self.project / "src/library" / name
            text = path.read_text(encoding="utf-8")
            for old, new in replacements:
                self.assertEqual(text.count(old), 1, f"{name}: {old}")
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
        (self.project / "src/library/shelf.h").write_text(SHELF, encoding="utf-8")

    def test_neither_sees_changes_after_the_other_has_worked(self):
        # TypeORM makes the database, and it is what the tests of adoption take it for.
        self.node(self.DUMP)
        self.assertEqual(self.changes(), "")
        original = self.lines_of_dump()
        self.make_project()
        self.assertTrue(self.whimbrel("makemigrations", "--check").endswith("No changes\n"))
        self.rows_of(self.url, f"""INSERT INTO book (title, version, {self.quoted("sizeWidth")},
                                   {self.quoted("sizeHeight")}, pages) VALUES ('Notes', 1, 1, 2, 66)""")

        # whimbrel changes it, in TypeORM's history.
        self.change_entities()
        self.assertNotEqual(self.changes("grown"), "")
        self.whimbrel("makemigrations", "--name", "grow")
        self.whimbrel("migrations")
        self.assertTrue(self.whimbrel("makemigrations", "--check").endswith("No changes\n"))
        self.assertEqual(self.changes("grown"), "")
        self.assertEqual(self.rows_of(self.url, f"SELECT title, pages, {self.quoted('pagesTwice')}, status FROM book"),
                         [("Notes", "66", "132", "planned")])
        [created, grow] = self.history()
        self.assertEqual(created, "CreateLibrary1700000000000")
        self.assertRegex(grow, r"^Grow\d{13}$")

        # TypeORM runs a migration of its own after it, and reverts it.
        self.assertEqual(self.node("work_on.mjs", "run", stage="grown"), "AddTag4000000000000\n")
        self.assertEqual(self.history(), [created, grow, "AddTag4000000000000"])
        self.assertEqual(self.whimbrel("migrations"), "No migrations are pending.\n")
        self.assertTrue(self.whimbrel("makemigrations", "--check").endswith("No changes\n"))
        self.node("work_on.mjs", "undo", stage="grown")
        self.assertEqual(self.history(), [created, grow])

        # And whimbrel goes back to what TypeORM had made.
        self.whimbrel("revertmigration")
        self.assertEqual(self.history(), [created])
        self.assertEqual(self.changes(), "")
        self.assertEqual(self.lines_of_dump(), original)


class TakeTurnsOnPostgres(TakingTurns, OnPostgres, WhimbrelCase):
    DATABASE, DUMP = "postgresql", "make_postgres_dump.mjs"

    def kind(self):
        return "postgres"

    def environment(self):
        """It calls pg_dump."""
        return {"PATH": self.server.programs + os.pathsep + os.environ["PATH"]}

    def quoted(self, name):
        return f'"{name}"'


class TakeTurnsOnMysql(TakingTurns, OnMysql, WhimbrelCase):
    DATABASE, DUMP = "mysql", "make_mysql_dump.mjs"

    def kind(self):
        return "mariadb" if self.server.is_mariadb else "mysql"

    def environment(self):
        return {}

    def quoted(self, name):
        return f"`{name}`"


if __name__ == "__main__":
    unittest.main()
