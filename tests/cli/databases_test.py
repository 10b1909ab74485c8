#!/usr/bin/env python3
"""One program on SQLite, PostgreSQL and MariaDB: the example media_server, from its first migrations to a revert."""

import json
import os
import re
import shutil
import unittest

from mysql_case import OnMysql
from postgres_case import OnPostgres
from whimbrel_case import HERE, WHIMBREL, OnSqlite, WhimbrelCase, run

EXAMPLE = HERE.parent.parent / "examples" / "media_server"
TABLES = {"library", "item", "person", "profile", "playback", "person_items_item"}

# The same for each database. Values that a client spells in its own way are left to it.
ROWS = [
    """INSERT INTO library (id, name, kind, folders) VALUES (1, 'Films', 'movies', '["/films"]')""",
    """INSERT INTO item (id, library_id, path, title, summary, duration_ms, rating, tags)
       VALUES (10, 1, '/films/stalker.mkv', 'Stalker', 'A guide leads two men', 9720000, 8.25, '{}')""",
    """INSERT INTO item (id, library_id, parent_id, path, title, tags)
       VALUES (11, 1, 10, '/films/extra.mkv', 'Extra', '{"lang": "ru"}')""",
    "INSERT INTO person (id, name) VALUES (5, 'Andrei Tarkovsky')",
    "INSERT INTO person_items_item VALUES (5, 10)",
    "INSERT INTO profile (id, name, role, email) VALUES (3, 'ada', 'owner', 'ada@example.com')",
    "INSERT INTO playback (profile_id, item_id, position_ms) VALUES (3, 10, 60000)",
]
KEPT = [
    "SELECT id, name, kind FROM library ORDER BY id",
    "SELECT id, library_id, parent_id, path, title, duration_ms, rating, is_hidden, tags, added_at FROM item ORDER BY id",
    "SELECT * FROM person",
    "SELECT * FROM person_items_item",
    "SELECT id, name, role, email, created_at FROM profile",
    "SELECT profile_id, item_id, position_ms, plays FROM playback",
]
# What is changed in the entities after the first migrations.
CHANGES = {
    "media.h": [
        ("movies, shows, music", "movies, shows, books, music"),
        ("std::optional<std::string> summary;", "std::optional<std::string> overview;\n  std::string language;"),
        ('item.column<&Item::summary>({.type = "text"});',
         'item.column<&Item::overview>({.type = "text", .renamed_from = "summary"});\n'
         '    item.column<&Item::language>({.length = 8, .default_value = "und"});'),
        ("<&Item::title>({.length = 200})", "<&Item::title>({.length = 400})"),
        ("rating BETWEEN 0 AND 10", "rating BETWEEN 0 AND 100"),
    ],
    "profile.h": [
        ("profile.column<&Profile::email>({.length = 254, .unique = true});",
         "profile.column<&Profile::email>({.length = 254});\n    profile.index<&Profile::email>();"),
    ],
}


def setUpModule():
    OnPostgres.start_server()
    OnMysql.start_server()


class Database:
    """One of the three."""

    def __init__(self, name, kind, directory):
        self.name = name
        self.on = kind()
        self.on.directory = directory
        self.url = self.on.new_url("media")

    def rows(self, *statements):
        return self.on.rows_of(self.url, *statements)

    def kept(self):
        return [self.rows(statement) for statement in KEPT]


class MediaServer(WhimbrelCase):
    def whimbrel(self, *arguments, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.project), code)

    def manage(self, database, *arguments, code=0):
        """Without a build."""
        return self.assert_code(run(self.project / "build" / "manage", *arguments, "--url", database.url,
                                    cwd=self.project), code)

    def migrations_of(self, database):
        return sorted(path.name for path in (self.project / "src/migrations" / database.name).iterdir())

    def setUp(self):
        super().setUp()
        self.project = self.directory / "media"
        self.databases = [Database("sqlite", OnSqlite, self.directory), Database("postgres", OnPostgres, self.directory),
                          Database("mysql", OnMysql, self.directory)]
        self.begin()

    def begin(self):
        """With `init`, and the entities of the example."""
        urls = ["sqlite:media.db", *(database.url for database in self.databases)]
        options = [word for url in urls for word in ("--url", url)]
        self.assert_code(run(WHIMBREL, "init", self.project, *options, cwd=self.directory), 0)
        (self.project / "src/entities/user.h").unlink()
        for name in ("CMakeLists.txt", ".gitignore"):
            self.assertEqual((self.project / name).read_text(encoding="utf-8"),
                             (EXAMPLE / name).read_text(encoding="utf-8"))
        shutil.copytree(EXAMPLE / "src", self.project / "src", dirs_exist_ok=True)

    def change_entities(self):
        for name, changes in CHANGES.items():
            path = self.project / "src/entities" / name
            text = path.read_text(encoding="utf-8")
            for before, after in changes:
                self.assertEqual(text.count(before), 1, before)
                text = text.replace(before, after)
            path.write_text(text, encoding="utf-8")

    def make_and_run(self, name, total):
        """Each database gets its migration, in its directory, and has nothing left to do after it."""
        for database in self.databases:
            others = {other.name: self.migrations_of(other) for other in self.databases if other is not database}
            output = self.manage(database, "makemigrations", "--name", name).out
            self.assertRegex(output, rf"(?m)^Wrote src/migrations/{database.name}/\d{{13}}-{name}\.cpp$")
            self.assertIn("Verified on a scratch copy", output)
            self.assertEqual(len(self.migrations_of(database)), total)
            for other, files in others.items():
                self.assertEqual(sorted(os.listdir(self.project / "src/migrations" / other)), files)
        self.whimbrel("status")
        for database in self.databases:
            [file] = [file for file in self.migrations_of(database) if file.endswith(f"-{name}.cpp")]
            self.assertRegex(self.manage(database, "status").out, rf"(?m)^pending +\w*{file[:13]}")
            self.assertRegex(self.manage(database, "migrations").out, rf"^Ran \w*{file[:13]} in \d+ ms\n1 migration run")
            self.assertEqual(self.manage(database, "makemigrations").out, "No changes\n")
            self.assertEqual(self.manage(database, "makemigrations", "--check", "--from", "migrations").out,
                             "No changes\n")
            self.assertIn(f"{total} applied, 0 pending", self.manage(database, "status", "--check").out)
            self.require_entities_of_the_program_alone(database, name)

    def require_entities_of_the_program_alone(self, database, name):
        """Neither the history nor the journal, which MariaDB and MySQL have, is the program's."""
        directory = self.directory / f"{database.name}-{name}"
        report = json.loads(self.assert_code(run(self.project / "build" / "manage", "entities", database.url, "--out",
                                                 directory, "--json", cwd=self.project), 0).out)
        self.assertIn("Library", report["classes"])
        self.assertEqual([one for one in report["classes"] if one.startswith("Migration")], [])

    def revert(self, before):
        """Of the last migration, whose rows stay."""
        for database, rows in zip(self.databases, before):
            self.assertRegex(self.manage(database, "revertmigration").out, r"^Reverted Change\d{13}")
            self.assertEqual(database.kept(), rows)
            self.assertEqual(database.rows("SELECT summary FROM item WHERE id = 10"), [("A guide leads two men",)])
            self.assertIn("1 applied, 1 pending", self.manage(database, "status").out)

    def test_each_database_has_its_migrations_and_keeps_its_rows(self):
        self.assertEqual(self.whimbrel("status").out, "There are no migrations.\n")
        self.make_and_run("initial", 1)
        for database in self.databases:
            self.assertLessEqual(TABLES, set(database.on.tables_of(database.url)))
            database.rows(*ROWS, "SELECT 1")
        before = [database.kept() for database in self.databases]
        self.assertEqual([len(rows[1]) for rows in before], [2, 2, 2])

        self.change_entities()
        self.whimbrel("status")
        self.make_and_run("change", 2)
        for database, rows in zip(self.databases, before):
            self.assertEqual(database.kept(), rows)
            self.assertEqual(database.rows("SELECT overview, language FROM item WHERE id = 10"),
                             [("A guide leads two men", "und")])
            database.rows("UPDATE library SET kind = 'books'", "UPDATE library SET kind = 'movies'", "SELECT 1")
        self.revert(before)
        self.use_without_migrations()
        self.misuse()

    def use_without_migrations(self):
        for one in self.databases:
            database = Database(one.name, type(one.on), self.directory)
            self.manage(database, "synchronize")
            self.assertLessEqual(TABLES, set(database.on.tables_of(database.url)))
            self.assertEqual(self.manage(database, "makemigrations", "--ignore-pending").out, "No changes\n")
            self.manage(database, "dropschema", "--yes")
            self.assertFalse(TABLES & set(database.on.tables_of(database.url)))

    def misuse(self):
        """What could run the migrations of one database on another."""
        [sqlite, _, mysql] = self.databases
        directory = self.project / "src/migrations"
        name = self.migrations_of(sqlite)[0]
        shutil.copy(directory / "sqlite" / name, directory / "mysql" / name)
        error = " ".join(self.whimbrel("status", code=1).error.split())
        self.assertRegex(error, rf"\w+/{name} and \w+/{name} have migrations of the same class, Initial{name[:13]}\.")
        os.rename(directory / "mysql" / name, directory / name)
        error = " ".join(self.whimbrel("status", code=1).error.split())
        self.assertIn(f"itself, so nothing says on which database to run: {name}. Move each into", error)
        os.remove(directory / name)

        cmake = self.project / "CMakeLists.txt"
        cmake.write_text(re.sub(r"(DATABASES .*) mysql\)", r"\1)", cmake.read_text(encoding="utf-8")), encoding="utf-8")
        self.whimbrel("status")
        before = mysql.kept()
        for command in ("migrations", "status", "makemigrations", "synchronize"):
            error = self.manage(mysql, command, code=2).error
            self.assertIn('The program has no migrations for the database "mysql", only for: sqlite, postgres.', error)
            self.assertIn("Add mysql to the DATABASES of whimbrel_add_migrations() in CMakeLists.txt", error)
        self.assertEqual(mysql.kept(), before)


# The tables of a program that supports three databases, as it creates them by hand in each.
FOLDER = """CREATE TABLE folder (id {key}, path varchar(255) NOT NULL UNIQUE, title varchar(80) NOT NULL DEFAULT '',
    kind smallint NOT NULL DEFAULT 0, hidden {boolean}, note text DEFAULT NULL, size bigint NOT NULL DEFAULT -1,
    parts int, rating numeric(4,2), score double precision, seen real, day date,
    created {time} NOT NULL DEFAULT CURRENT_TIMESTAMP, data {bytes}, lang character(2) NOT NULL DEFAULT 'en')"""
OTHERS = ["CREATE INDEX folder_title ON folder (title, kind)",
          """CREATE TABLE file (id {key}, folder_id int NOT NULL, name varchar(255) NOT NULL, UNIQUE (folder_id, name),
             FOREIGN KEY (folder_id) REFERENCES folder (id) ON DELETE CASCADE)"""]
SPELLINGS = {
    "sqlite": {"key": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", "boolean": "BOOLEAN NOT NULL DEFAULT 0",
               "time": "TIMESTAMP", "bytes": "BLOB"},
    "postgres": {"key": "serial PRIMARY KEY", "boolean": "bool NOT NULL DEFAULT false", "time": "timestamp",
                 "bytes": "bytea"},
    "mysql": {"key": "int AUTO_INCREMENT PRIMARY KEY", "boolean": "bool NOT NULL DEFAULT 0", "time": "datetime",
              "bytes": "longblob"},
}
# By the database of the entities and the one they are compared with; else none.
WIDER_IN_SQLITE = [
    'change column "id" of "folder" (type {int} to bigint)',
    'change column "id" of "file" (type {int} to bigint)',
]
DIFFERENCES = {
    ("sqlite", "postgres"): [line.format(int="integer") for line in WIDER_IN_SQLITE] + [
        'change column "seen" of "folder" (type real to double precision)'],
    ("sqlite", "mysql"): [line.format(int="int") for line in WIDER_IN_SQLITE] + [
        'change column "created" of "folder" (type datetime to datetime(6))'],
    ("postgres", "mysql"): [
        'change column "created" of "folder" (type datetime to datetime(6))',
        'change column "seen" of "folder" (type double to float)'],
    ("mysql", "postgres"): [
        'change column "created" of "folder" (type timestamp without time zone to timestamp(0) without time zone)',
        'change column "seen" of "folder" (type real to double precision)'],
}


class Adopted(WhimbrelCase):
    """Entities that are generated from one database describe the same tables in the others."""

    PROGRAM = """
#include <whimbrel/manage.h>
#include <cstdlib>
#include <string>
#include "app_migrations.h"
#include "mysql/entities.h"
#include "postgres/entities.h"
#include "sqlite/entities.h"
int main(int argc, char** argv) {
  const std::string set = std::getenv("ENTITIES");
  return whimbrel::manage(argc, argv, {.entities = set == "sqlite" ? of_sqlite::all_entities()
                                       : set == "postgres" ? of_postgres::all_entities() : of_mysql::all_entities(),
                                       .migrations = app_migrations()});
}
"""

    def test_what_differs_is_no_spelling(self):
        project = self.directory / "media"
        databases = [Database("sqlite", OnSqlite, self.directory), Database("postgres", OnPostgres, self.directory),
                     Database("mysql", OnMysql, self.directory)]
        urls = [word for database in databases for word in ("--url", database.url)]
        self.assert_code(run(WHIMBREL, "init", project, *urls, cwd=self.directory), 0)
        for database in databases:
            script = [line.format(**SPELLINGS[database.name]) for line in (FOLDER, *OTHERS)]
            database.rows(*script, "SELECT 1")
            self.assert_code(run(WHIMBREL, "entities", database.url, "--out", project / "src" / database.name,
                                 "--namespace", f"of_{database.name}", cwd=self.directory), 0)
        (project / "src/manage.cpp").write_text(self.PROGRAM, encoding="utf-8")
        self.assert_code(run(WHIMBREL, "status", "--url", databases[0].url, cwd=project, ENTITIES="sqlite"), 0)
        for described in databases:
            for database in databases:
                result = run(project / "build/manage", "makemigrations", "--check", "--no-verify", "--json", "--url",
                             database.url, cwd=project, ENTITIES=described.name)
                changes = json.loads(result.out)["changes"]
                expected = DIFFERENCES.get((described.name, database.name), [])
                with self.subTest(entities=described.name, database=database.name):
                    self.assertEqual(sorted(changes), sorted(expected), result.error)


if __name__ == "__main__":
    unittest.main()
