#!/usr/bin/env python3
"""The commands on SQLite, and what they have besides a database: terminals, environment, the build."""

import json
import os
import re
import sqlite3
import time
import unittest

import command_cases
import command_program
from command_program import Commands, build_program
from whimbrel_case import WHIMBREL, OnSqlite, WhimbrelCase, run, run_on_terminal

setUpModule = build_program


class OnSqliteHere(OnSqlite):
    create_post = 'CREATE TABLE "post" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar NOT NULL)'

    @property
    def nowhere(self):
        return f"sqlite:{self.directory}/nowhere/none.db"

    def wait_until_endless(self):
        for _ in range(300):
            if self.path_of(self.url).exists():
                connection = sqlite3.connect(self.path_of(self.url), timeout=0)
                try:
                    connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    return
                finally:
                    connection.close()
            time.sleep(0.05)
        self.fail("the migration did not begin")


class MakeMigrations(OnSqliteHere, command_cases.MakeMigrations):
    def test_a_dry_run_makes_no_database(self):
        self.manage("makemigrations", "--dry-run")
        self.manage("makemigrations", "--check", "--from", "migrations", code=4)
        self.assertFalse(self.path_of(self.url).exists())

    def test_a_name_is_checked_also_if_there_is_nothing_to_write(self):
        self.make_first()
        self.manage("makemigrations", "--name", "a b/../c", code=2)


class Replay(OnSqliteHere, command_cases.Replay):
    pass


class Baseline(OnSqliteHere, command_cases.Baseline):
    old = [
        "CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, title varchar NOT NULL)",
        "CREATE TABLE reply (id INTEGER PRIMARY KEY, post integer REFERENCES post ON DELETE CASCADE,"
        " body text COLLATE NOCASE)",
        "CREATE UNIQUE INDEX one_reply ON reply (post, lower(body)) WHERE body <> ''",
        "CREATE TRIGGER noted AFTER INSERT ON reply BEGIN"
        " UPDATE post SET title = title || ';' WHERE id = new.post; END",
        "CREATE VIEW replied AS SELECT title, body FROM post JOIN reply ON post = post.id",
    ]
    first_row = "INSERT INTO post VALUES (1, 'kept')"
    history = ("CREATE TABLE migrations (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, timestamp bigint NOT NULL,"
               " name varchar NOT NULL)")

    def new_url(self, name):
        url = super().new_url(name)
        if name == "empty":
            self.rows_of(url, "PRAGMA user_version = 1")
        return url

    def test_without_a_database_nothing_is_made(self):
        self.assertIn("none.db", self.manage("baseline", "--url", "sqlite:none.db", code=1).error)
        self.assertFalse((self.directory / "none.db").exists())

    def test_what_no_model_knows_is_told(self):
        self.rows("PRAGMA writable_schema = ON", "CREATE TABLE plain (id INTEGER PRIMARY KEY)",
                  "INSERT INTO sqlite_master VALUES "
                  "('table', 'near', 'near', 0, 'CREATE VIRTUAL TABLE near USING of_the_program(a)')")
        self.assertIn('not included in the baseline: virtual table "near" (no such module: of_the_program)',
                      self.manage("baseline").error)
        self.assertIn('// Not included: virtual table "near"', self.files()[0].read_text(encoding="utf-8"))


class SchemaCommands(OnSqliteHere, command_cases.SchemaCommands):
    def test_a_column_goes_by_a_rebuild(self):
        self.rows("CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL)")
        self.assertIn('INSERT INTO "post"("id") SELECT "id"', self.manage("diff", "entities", self.url).out)

    def test_a_script_that_would_break_a_view_of_somebody_else_is_not_printed(self):
        self.rows(self.create_post, "ALTER TABLE post ADD extra text", "CREATE VIEW seen AS SELECT extra FROM post")
        result = self.manage("diff", self.url, "entities", code=1)
        self.assertEqual(result.out, "")
        self.assertIn('would break "seen"', result.error)
        self.assertIn('"post"', self.manage("diff", self.url, "entities", "--no-verify").out)


class Running(OnSqliteHere, command_cases.Running):
    pass


class SynchronizeAndDropSchema(OnSqliteHere, command_cases.SynchronizeAndDropSchema):
    pass


class Databases(OnSqliteHere, Commands):
    def test_the_option_is_stronger_than_the_variables_and_these_than_the_program(self):
        urls = {name: f"sqlite:{self.directory}/{name}.db" for name in ("option", "whimbrel", "database")}
        for arguments, environment, expected in (
                ([], {}, "program"),
                ([], {"DATABASE_URL": urls["database"]}, "database"),
                ([], {"DATABASE_URL": urls["database"], "WHIMBREL_URL": urls["whimbrel"]}, "whimbrel"),
                (["--url", urls["option"]], {"WHIMBREL_URL": urls["whimbrel"]}, "option")):
            self.manage("synchronize", *arguments, **environment)
            self.assertTrue((self.directory / f"{expected}.db").exists())
            for path in self.directory.glob("*.db"):
                self.assertEqual(path.name, f"{expected}.db")
                path.unlink()

    def test_a_database_that_cannot_be_used_is_an_error_that_says_why(self):
        self.assertIn("oracle", self.manage("status", "--url", "oracle://x", code=2).error)
        (self.directory / "text.db").write_text("this is no database, only a long line of text\n" * 40, encoding="utf-8")
        self.assertIn("text.db", self.manage("migrations", "--url", "sqlite:text.db", code=1).error)
        self.assertIn("nowhere", self.manage("synchronize", "--url", "sqlite:nowhere/x.db", code=1).error)

    def test_a_locked_database_is_an_error_after_a_while(self):
        self.make_first()
        connection = sqlite3.connect(self.path_of(self.url))
        self.addCleanup(connection.close)
        connection.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        report = json.loads(self.manage("migrations", "--json", MIGRATIONS="failing", code=1).out)
        self.assertEqual(report["error"]["kind"], "busy")
        self.assertGreater(time.monotonic() - started, 4)


class Terminal(OnSqliteHere, Commands):
    def test_colours_are_for_terminals_that_want_them(self):
        self.assertIn("\x1b[33m", self.on_terminal(["status"], [], MIGRATIONS="failing").out)
        self.assertNotIn("\x1b", self.on_terminal(["status"], [], MIGRATIONS="failing", NO_COLOR="1").out)
        self.assertNotIn("\x1b", self.on_terminal(["status"], [], MIGRATIONS="failing", TERM="dumb").out)
        self.assertNotIn("\x1b", self.manage("status", MIGRATIONS="failing").out)

    def test_json_asks_no_questions_even_on_a_terminal(self):
        self.make_first("INSERT INTO post (title) VALUES ('a')")
        result = self.on_terminal(["makemigrations", "--json"], [], STAGE="grown", code=3)
        self.assertEqual(json.loads(result.out)["questions"][0]["column"], "author")

    def test_wrong_usage_is_told_on_the_error_stream(self):
        result = self.manage("migrations", "--frobnicate", code=2)
        self.assertEqual(result.out, "")
        self.assertIn("--frobnicate", result.error)
        self.assertIn("manage migrations --help", result.error)
        self.assertRegex(self.manage("version").out, r"^whimbrel \d+\.\d+\.\d+\n$")


class WhimbrelCommand(WhimbrelCase):
    def test_the_exit_code_and_the_arguments_are_passed_on(self):
        self.assert_code(run(WHIMBREL, "status", "--check", cwd=command_program.project, MIGRATIONS="failing",
                             WHIMBREL_URL=f"sqlite:{self.directory}/a.db"), 4)
        self.assert_code(run(WHIMBREL, "status", "--frobnicate", cwd=command_program.project), 2)
        self.assertIn("--check", self.assert_code(run(WHIMBREL, "status", "--help", cwd=command_program.project), 0).out)

    def test_outside_of_a_project_nothing_is_built(self):
        error = self.assert_code(run(WHIMBREL, "status", cwd=self.directory), 2).error
        self.assertIn("whimbrel init DIR", error)
        self.assert_code(run(WHIMBREL, "frobnicate", cwd=self.directory), 2)
        self.assert_code(run(WHIMBREL, cwd=self.directory), 2)
        self.assertIn("init DIR", self.assert_code(run(WHIMBREL, "--help", cwd=self.directory), 0).out)
        # The help of a command needs neither a project nor a build.
        for command in ("makemigrations", "migrations", "revertmigration", "status", "baseline"):
            self.assertIn("--json", self.assert_code(run(WHIMBREL, command, "--help", cwd=self.directory), 0).out)

    def test_ctrl_c_stops_the_build(self):
        source = command_program.project / "src" / "manage.cpp"
        source.write_text(source.read_text(encoding="utf-8") + "// changed\n", encoding="utf-8")
        result = run_on_terminal([WHIMBREL, "status"], [("Building manage...", "\x03")], cwd=command_program.project)
        self.assert_code(result, 1)
        self.assertIn("interrupted: ", result.out)
        self.assert_code(run(WHIMBREL, "status", cwd=command_program.project), 0)

    def test_an_unknown_target_is_told_with_how_to_name_it(self):
        (command_program.project / "whimbrel.toml").write_text('target = "shop"\n', encoding="utf-8")
        self.addCleanup(os.unlink, command_program.project / "whimbrel.toml")
        error = self.assert_code(run(WHIMBREL, "status", cwd=command_program.project), 2).error
        self.assertIn('No target "shop"', error)

    def test_without_cmake_it_is_said_what_to_install(self):
        error = self.assert_code(run(WHIMBREL, "status", cwd=command_program.project, PATH=str(self.directory)), 1).error
        self.assertRegex(re.sub(r"\s+", " ", error), "Install cmake")


if __name__ == "__main__":
    unittest.main()
