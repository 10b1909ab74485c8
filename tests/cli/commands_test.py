#!/usr/bin/env python3
"""Each command's ways to end, on a program that is built once."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from whimbrel_case import HERE, WHIMBREL, WhimbrelCase, clean_environment, run, run_on_terminal

POST = 'CREATE TABLE "post" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar NOT NULL)'

project = None
manage = None


def setUpModule():
    global project, manage
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    project = Path(temporary.name).resolve() / "program"
    shutil.copytree(HERE / "program", project)
    built = run(WHIMBREL, "version", cwd=project)
    assert built.code == 0, built.error
    built = run(WHIMBREL, "status", cwd=project / "src")
    assert built.code == 0, built.error
    manage = (project / "build" / "whimbrel" / "manage.path").read_text(encoding="utf-8").strip()


class Commands(WhimbrelCase):
    def setUp(self):
        super().setUp()
        self.database = self.directory / "program.db"
        self.migrations = self.directory / "migrations"
        self.environment = {"MIGRATIONS_DIRECTORY": str(self.migrations)}

    def manage(self, *arguments, code=0, **environment):
        return self.assert_code(run(manage, *arguments, cwd=self.directory, **self.environment, **environment), code)

    def on_terminal(self, arguments, answers, code=0, **environment):
        result = run_on_terminal([manage, *arguments], answers, cwd=self.directory, **self.environment, **environment)
        return self.assert_code(result, code)

    def make_first(self, *rows):
        self.manage("synchronize")
        self.sql(self.database, *rows)

    def files(self):
        return sorted(self.migrations.iterdir()) if self.migrations.exists() else []

    def tables(self):
        names = self.sql(self.database, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name")
        return [name for name, in names]


class MakeMigrations(Commands):
    def test_a_file_is_written_once_and_later_ones_get_later_timestamps(self):
        self.manage("makemigrations", "--name", "add-post")
        self.manage("makemigrations", "--name", "add-post")
        first, second = self.files()
        self.assertRegex(first.name, r"^\d{13}-add-post\.cpp$")
        self.assertLess(first.name[:13], second.name[:13])
        self.assertIn(f"class AddPost{first.name[:13]} final", first.read_text(encoding="utf-8"))

    def test_a_dry_run_prints_the_migration_and_writes_nothing(self):
        output = self.manage("makemigrations", "--dry-run").out
        self.assertIn("WHIMBREL_MIGRATION(Migration", output)
        report = json.loads(self.manage("makemigrations", "--dry-run", "--json").out)
        self.assertFalse(report["written"])
        self.assertTrue(report["verified"])
        self.assertEqual(report["down"], ['DROP TABLE "post"'])
        self.assertEqual(self.files(), [])
        self.assertFalse(self.database.exists())

    def test_check_says_whether_there_are_differences(self):
        output = self.manage("makemigrations", "--check", code=4).out
        self.assertIn('CREATE TABLE "post"', output)
        self.assertEqual(json.loads(self.manage("makemigrations", "--check", "--json", code=4).out)["questions"], [])
        self.make_first()
        self.assertEqual(self.manage("makemigrations", "--check").out, "No changes\n")
        self.manage("makemigrations", "--check", STAGE="renamed", code=4)
        self.assertEqual(self.files(), [])

    def test_a_possible_rename_is_a_question_that_options_answer(self):
        self.make_first("INSERT INTO post (title) VALUES ('kept')")
        error = self.manage("makemigrations", STAGE="renamed", code=3).error
        self.assertIn("yes: --rename post.title=name\n", error)
        self.assertIn("no:  --not-rename post.title=name\n", error)
        report = json.loads(self.manage("makemigrations", "--json", STAGE="renamed", code=3).out)
        self.assertEqual(report["questions"][0]["kind"], "rename")
        self.assertEqual(report["questions"][0]["from"], "title")
        self.assertEqual(self.files(), [])

        self.manage("makemigrations", "--rename", "post.title=name", STAGE="renamed")
        [file] = self.files()
        self.assertIn('ALTER TABLE "post" RENAME COLUMN "title" TO "name"', file.read_text(encoding="utf-8"))

    def test_what_is_no_rename_is_dropped_and_the_loss_is_named(self):
        self.make_first("INSERT INTO post (title) VALUES ('lost')")
        output = self.manage("makemigrations", "--not-rename", "post.title=name", "--default", "post.name='new'",
                             STAGE="renamed").out
        self.assertIn("Loses, where there are rows: ", output)
        [file] = self.files()
        self.assertIn("// Lost by `up`, where there are rows: ", file.read_text(encoding="utf-8"))

    def test_a_rename_of_what_is_not_there_is_wrong_usage(self):
        self.make_first()
        self.assertIn('no column "titel"', self.manage("makemigrations", "--rename", "post.titel=name",
                                                       STAGE="renamed", code=2).error)
        self.assertIn('no table "pots"', self.manage("makemigrations", "--rename", "pots=post", code=2).error)

    def test_a_person_is_asked_on_a_terminal(self):
        self.make_first("INSERT INTO post (title) VALUES ('kept')")
        output = self.on_terminal(["makemigrations"], [('renamed to "name"? [y/n]', "y")], STAGE="renamed").out
        self.assertIn("Wrote migrations/", output)
        self.assertIn("RENAME COLUMN", self.files()[0].read_text(encoding="utf-8"))

    def test_a_person_may_decline_and_give_a_value_instead(self):
        self.make_first("INSERT INTO post (title) VALUES ('lost')")
        self.on_terminal(["makemigrations"], [("[y/n]", "n"), ("Its value", "'new'")], STAGE="renamed")
        self.assertIn("'new'", self.files()[0].read_text(encoding="utf-8"))

    def test_rows_that_would_have_no_value_are_a_question(self):
        self.make_first("INSERT INTO post (title) VALUES ('a')")
        self.assertIn("--default post.author=EXPR", self.manage("makemigrations", STAGE="grown", code=3).error)
        self.on_terminal(["makemigrations"], [("Its value", "")], STAGE="grown", code=3)
        self.assertEqual(self.files(), [])
        self.manage("makemigrations", "--default", "post.author='nobody'", STAGE="grown")
        self.assertIn("'nobody'", self.files()[0].read_text(encoding="utf-8"))

    def test_ctrl_c_at_a_question_ends_it(self):
        self.make_first("INSERT INTO post (title) VALUES ('a')")
        result = self.on_terminal(["makemigrations"], [("Its value", "\x03")], STAGE="grown", code=1)
        self.assertIn("nterrupted", result.out)
        self.assertEqual(self.files(), [])

    def test_pending_migrations_come_first(self):
        error = self.manage("makemigrations", MIGRATIONS="failing", code=3).error
        self.assertIn("First1561981516514", error)
        self.assertIn("Run `migrations` first", error)
        self.assertEqual(self.files(), [])
        self.manage("makemigrations", "--ignore-pending", MIGRATIONS="failing")
        self.assertEqual(len(self.files()), 1)

    def test_a_migration_that_was_not_tried_says_so(self):
        self.manage("makemigrations", "--no-verify")
        self.assertIn("// Not verified", self.files()[0].read_text(encoding="utf-8"))

    def test_a_mistake_in_an_entity_names_it(self):
        error = self.manage("makemigrations", STAGE="mistaken", code=1).error
        self.assertIn("Post", error)
        self.assertIn("primary", error)

    def test_a_name_that_makes_no_class_is_wrong_usage(self):
        self.manage("makemigrations", "--name", "1st", code=2)
        self.manage("newmigration", "a/b", code=2)
        self.assertEqual(self.files(), [])

    def test_a_directory_that_cannot_be_written_is_an_error(self):
        self.migrations.write_text("a file", encoding="utf-8")
        self.assertIn(str(self.migrations), self.manage("makemigrations", code=1).error)
        self.assertIn(str(self.migrations), self.manage("newmigration", "seed", code=1).error)


class Replay(Commands):
    def test_entities_are_compared_with_what_the_migrations_make(self):
        nothing = f"sqlite:{self.directory}/nowhere/none.db"
        output = self.manage("makemigrations", "--check", "--from", "migrations", "--url", nothing, code=4).out
        self.assertIn('What the migrations make differs from the entities.', output)
        self.assertIn('CREATE TABLE "post"', output)
        self.manage("makemigrations", "--from", "migrations", "--url", nothing, "--name", "from-nothing")
        self.assertEqual(len(self.files()), 1)

    def test_what_migrations_made_and_no_entity_describes_goes(self):
        report = json.loads(self.manage("makemigrations", "--from", "migrations", "--dry-run", "--json",
                                        MIGRATIONS="kept").out)
        self.assertEqual(report["up"], ['DROP TABLE "kept"', POST])
        self.assertEqual(report["losses"], ['the rows of table "kept"'])
        self.assertFalse(self.database.exists())

    def test_a_migration_that_fails_on_nothing_is_named(self):
        error = self.manage("makemigrations", "--from", "migrations", MIGRATIONS="failing", code=1).error
        self.assertIn("ThirdStatement1561981516515", error)
        self.assertIn("empty database", re.sub(r"\s+", " ", error))


OLD = """
CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, title varchar NOT NULL);
CREATE TABLE reply (id INTEGER PRIMARY KEY, post integer REFERENCES post ON DELETE CASCADE, body text COLLATE NOCASE);
CREATE UNIQUE INDEX one_reply ON reply (post, lower(body)) WHERE body <> '';
CREATE TRIGGER noted AFTER INSERT ON reply BEGIN UPDATE post SET title = title || ';' WHERE id = new.post; END;
CREATE VIEW replied AS SELECT title, body FROM post JOIN reply ON post = post.id;
INSERT INTO post VALUES (1, 'kept');
"""


class Baseline(Commands):
    def setUp(self):
        super().setUp()
        connection = sqlite3.connect(self.database)
        connection.executescript(OLD)
        connection.close()

    def test_a_history_begins_with_what_is_there(self):
        old, new = f"sqlite:{self.database}", f"sqlite:{self.directory}/new.db"
        self.addCleanup(shutil.rmtree, project / "baseline", ignore_errors=True)

        def whimbrel(*arguments, url=old, code=0):
            return self.assert_code(run(WHIMBREL, *arguments, "--url", url, cwd=project, MIGRATIONS="baseline"), code)

        self.assertIn("Wrote baseline/", whimbrel("baseline").out)
        self.assertEqual(whimbrel("status", "--check").out.count("applied"), 2)
        # What the baseline made is the program's now, and no entity describes it.
        self.assertIn('drop table "reply"', whimbrel("makemigrations", "--check", code=4).out)
        self.assertIn("already", whimbrel("baseline", code=2).error)
        whimbrel("migrations", url=new)
        self.assertEqual(self.assert_code(run(WHIMBREL, "diff", old, new, cwd=self.directory), 0).out, "")
        whimbrel("revertmigration", url=new)
        self.assertEqual([name for name, in self.sql(self.directory / "new.db",
                                                     "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'")],
                         ["migrations"])
        self.assertEqual(self.sql(self.database, "SELECT title FROM post"), [("kept",)])

    def test_a_dry_run_writes_and_records_nothing(self):
        self.assertIn("class Start", self.manage("baseline", "--name", "start", "--dry-run").out)
        report = json.loads(self.manage("baseline", "--dry-run", "--json").out)
        self.assertEqual(len(report["up"]), 5)
        self.assertEqual(report["down"][0], 'DROP VIEW "replied"')
        self.assertEqual(self.files(), [])
        self.assertNotIn("migrations", self.tables())

    def test_it_comes_first_or_not_at_all(self):
        self.manage("baseline", "--name", "start")
        self.assertIn("take the files out", self.manage("baseline", code=2).error.replace("\n", " "))
        self.assertEqual(len(self.files()), 1)
        self.assertIn("already", self.manage("baseline", MIGRATIONS="failing", code=2).error)

    def test_other_programs_rows_in_the_history_stay_before_it(self):
        self.sql(self.database, "CREATE TABLE migrations (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, timestamp bigint "
                                "NOT NULL, name varchar NOT NULL)",
                 "INSERT INTO migrations (timestamp, name) VALUES (4000000000000, 'Theirs4000000000000')")
        self.manage("baseline")
        self.assertEqual(self.files()[0].name, "4000000000001-baseline.cpp")
        self.assertEqual([name for name, in self.sql(self.database, "SELECT name FROM migrations ORDER BY id")],
                         ["Theirs4000000000000", "Baseline4000000000001"])

    def test_without_a_database_or_a_place_for_the_file_nothing_is_recorded(self):
        self.assertIn("none.db", self.manage("baseline", "--url", "sqlite:none.db", code=1).error)
        self.assertFalse((self.directory / "none.db").exists())
        sqlite3.connect(self.directory / "empty.db").execute("PRAGMA user_version = 1").connection.close()
        self.assertIn("nothing in", self.manage("baseline", "--url", "sqlite:empty.db", code=2).error)
        self.migrations.write_text("a file", encoding="utf-8")
        self.assertIn(str(self.migrations), self.manage("baseline", code=1).error)
        self.assertNotIn("migrations", self.tables())

    def test_what_no_model_knows_is_told(self):
        self.sql(self.database, "CREATE VIRTUAL TABLE search USING fts5(body)")
        self.assertIn('virtual table "search" is not made', self.manage("baseline").error)
        self.assertIn('// Not made: virtual table "search"', self.files()[0].read_text(encoding="utf-8"))


class SchemaCommands(Commands):
    def test_a_database_is_compared_with_the_entities(self):
        self.sql(self.database, "CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL)",
                 "CREATE TABLE theirs (a)")
        url = "sqlite:program.db"
        result = self.manage("diff", url, "entities", "--exit-code", "--default", "post.title=''", code=4)
        self.assertIn('"title" varchar NOT NULL', result.out)
        self.assertIn("note: 1 object left alone that no entity describes; --all lists what\n", result.error)
        self.assertIn('note: table "theirs" is left alone', self.manage("diff", url, "entities", "--all").error)
        back = self.manage("diff", "entities", url).out
        self.assertEqual(back, self.manage("diff", url, "entities", "--down").out)
        self.assertIn('INSERT INTO "post"("id") SELECT "id"', back)
        self.assertIn("Both sides", self.manage("diff", "entities", "entities", code=2).error)

    def test_a_file_is_compared_with_the_entities(self):
        file = self.directory / "schema.sql"
        file.write_text("CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar NOT NULL);")
        self.assertEqual(self.manage("diff", "schema.sql", "entities", STAGE="renamed").out, "")
        self.assertEqual(self.manage("diff", "schema.sql", "entities", "--rename", "post.name=title").out,
                         'ALTER TABLE "post" RENAME COLUMN "name" TO "title";\n')
        self.assertEqual(self.manage("diff", "entities", "schema.sql", "--rename", "post.title=name").out,
                         'ALTER TABLE "post" RENAME COLUMN "title" TO "name";\n')
        self.assertFalse(self.database.exists())

    def test_the_programs_own_database_is_inspected_where_none_is_named(self):
        self.make_first()
        self.assertIn("table post\n", self.manage("inspect").out)
        url = f"sqlite:{self.database}"
        self.assertIn("table post\n", self.assert_code(run(WHIMBREL, "inspect", url, cwd=project), 0).out)
        self.assertEqual(self.assert_code(run(WHIMBREL, "diff", url, "entities", cwd=project), 0).out, "")


class Running(Commands):
    def test_a_failing_statement_is_shown_with_its_place_and_everything_is_undone(self):
        result = self.manage("migrations", MIGRATIONS="failing", code=1)
        self.assertIn('    CREATE TABEL "b" ("id" integer)\n           ^\n', result.error)
        self.assertIn("ThirdStatement1561981516515", result.error)
        self.assertEqual([table for table in self.tables() if table != "migrations"], [])

    def test_under_each_what_came_before_stays(self):
        self.manage("migrations", "--transaction", "each", MIGRATIONS="failing", code=1)
        self.assertIn("kept", self.tables())
        self.assertNotIn("a", self.tables())
        status = json.loads(self.manage("status", "--json", MIGRATIONS="failing").out)
        self.assertEqual([m["applied"] for m in status["migrations"]], [True, True, False])
        self.assertEqual(status["pending"], 1)

    def test_a_run_may_end_at_a_migration_and_go_back_to_one(self):
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")
        self.manage("status", "--check", MIGRATIONS="failing", code=4)
        report = json.loads(self.manage("revertmigration", "--to", "Endless1461981516514", "--json",
                                        MIGRATIONS="failing").out)
        self.assertEqual([m["name"] for m in report["migrations"]], ["First1561981516514"])
        self.manage("revertmigration", "--all", MIGRATIONS="failing")
        self.assertEqual(self.manage("revertmigration", MIGRATIONS="failing").out, "There is nothing to revert.\n")
        self.manage("migrations", "--to", "Nobody", MIGRATIONS="failing", code=2)

    def test_a_dry_run_prints_statements_and_changes_nothing(self):
        output = self.manage("migrations", "--dry-run", "--to", "1561981516514", MIGRATIONS="failing").out
        self.assertIn('CREATE TABLE "kept" ("id" integer PRIMARY KEY);\n', output)
        self.assertFalse(self.database.exists())

    def test_a_fake_run_changes_the_history_only(self):
        self.manage("migrations", "--fake", MIGRATIONS="failing")
        self.assertEqual(self.tables(), ["migrations"])
        self.manage("status", "--check", MIGRATIONS="failing")

    def test_a_migration_that_the_program_does_not_have_is_shown_and_cannot_be_reverted(self):
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")
        self.assertIn("First1561981516514", self.manage("status").out)
        self.assertIn("not in this program", self.manage("status").out)
        self.assertIn("does not contain it", self.manage("revertmigration", code=1).error)

    def test_ctrl_c_undoes_the_run_and_frees_the_database(self):
        process = subprocess.Popen([manage, "migrations"], cwd=self.directory, stderr=subprocess.PIPE, text=True,
                                   env=clean_environment(**self.environment, MIGRATIONS="failing", ENDLESS="1"))
        self.wait_for_lock()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1, error)
        self.assertIn("told to stop", error)
        self.assertNotIn("half", self.tables())
        self.sql(self.database, "CREATE TABLE free (id)")

    def wait_for_lock(self):
        for _ in range(300):
            if self.database.exists():
                connection = sqlite3.connect(self.database, timeout=0)
                try:
                    connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    return
                finally:
                    connection.close()
            time.sleep(0.05)
        self.fail("the migration did not begin")


class Databases(Commands):
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
        connection = sqlite3.connect(self.database)
        self.addCleanup(connection.close)
        connection.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        report = json.loads(self.manage("migrations", "--json", MIGRATIONS="failing", code=1).out)
        self.assertEqual(report["error"]["kind"], "busy")
        self.assertGreater(time.monotonic() - started, 4)

    def test_synchronize_refuses_what_loses_data(self):
        self.make_first("INSERT INTO post (title) VALUES ('kept')")
        self.assertIn("title", self.manage("synchronize", STAGE="shrunk", code=1).error)
        self.assertEqual(self.sql(self.database, "SELECT title FROM post"), [("kept",)])
        self.assertIn("Would lose: ", self.manage("synchronize", "--dry-run", "--allow-data-loss", STAGE="shrunk").out)
        self.assertIn("Lost: ", self.manage("synchronize", "--allow-data-loss", STAGE="shrunk").out)
        self.assertEqual(self.manage("synchronize", STAGE="shrunk").out, "No changes\n")

    def test_dropschema_wants_a_clear_yes(self):
        self.make_first()
        self.assertIn("--yes", self.manage("dropschema", code=3).error)
        self.on_terminal(["dropschema"], [("Type yes", "y")], code=1)
        self.manage("dropschema", "--dry-run")
        self.assertEqual(self.tables(), ["post"])
        self.on_terminal(["dropschema"], [("Type yes", "yes")])
        self.assertEqual(self.tables(), [])
        self.make_first()
        self.manage("dropschema", "--yes")
        self.assertEqual(self.tables(), [])
        self.assertEqual(self.manage("dropschema", "--yes").out, "There is nothing to drop.\n")


class Terminal(Commands):
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
        self.assert_code(run(WHIMBREL, "status", "--check", cwd=project, MIGRATIONS="failing",
                             WHIMBREL_URL=f"sqlite:{self.directory}/a.db"), 4)
        self.assert_code(run(WHIMBREL, "status", "--frobnicate", cwd=project), 2)
        self.assertIn("--check", self.assert_code(run(WHIMBREL, "status", "--help", cwd=project), 0).out)

    def test_outside_of_a_project_nothing_is_built(self):
        error = self.assert_code(run(WHIMBREL, "status", cwd=self.directory), 2).error
        self.assertIn("whimbrel init DIR", error)
        self.assert_code(run(WHIMBREL, "frobnicate", cwd=self.directory), 2)
        self.assert_code(run(WHIMBREL, cwd=self.directory), 2)
        self.assertIn("init DIR", self.assert_code(run(WHIMBREL, "--help", cwd=self.directory), 0).out)

    def test_ctrl_c_stops_the_build(self):
        source = project / "src" / "manage.cpp"
        source.write_text(source.read_text(encoding="utf-8") + "// changed\n", encoding="utf-8")
        result = run_on_terminal([WHIMBREL, "status"], [("Building manage...", "\x03")], cwd=project)
        self.assert_code(result, 1)
        self.assertIn("interrupted: ", result.out)
        self.assert_code(run(WHIMBREL, "status", cwd=project), 0)

    def test_an_unknown_target_is_told_with_how_to_name_it(self):
        (project / "whimbrel.toml").write_text('target = "shop"\n', encoding="utf-8")
        self.addCleanup(os.unlink, project / "whimbrel.toml")
        error = self.assert_code(run(WHIMBREL, "status", cwd=project), 2).error
        self.assertIn('has no executable "shop"', error)

    def test_without_cmake_it_is_said_what_to_install(self):
        error = self.assert_code(run(WHIMBREL, "status", cwd=project, PATH=str(self.directory)), 1).error
        self.assertRegex(re.sub(r"\s+", " ", error), "Install cmake")


if __name__ == "__main__":
    unittest.main()
