"""The commands' ways to end that are the same on every database. A test file gives each class here a database."""

import json
import re
import shutil
import signal
import time

import command_program
from command_program import Commands
from whimbrel_case import WHIMBREL, run


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
        self.assertEqual(report["up"], [self.create_post])
        self.assertEqual(report["down"], ['DROP TABLE "post"'])
        self.assertEqual(self.files(), [])
        self.assertEqual(self.tables(), [])

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
        self.assertEqual(report["questions"][0]["kind"], "rename_column")
        self.assertEqual(report["questions"][0]["from"], "title")
        self.assertEqual(self.files(), [])

        self.manage("makemigrations", "--rename", "post.title=name", STAGE="renamed")
        [file] = self.files()
        self.assertIn('ALTER TABLE "post" RENAME COLUMN "title" TO "name"', file.read_text(encoding="utf-8"))

    def test_a_possible_rename_of_a_table_is_a_question_that_options_answer(self):
        self.make_first("INSERT INTO post (title) VALUES ('kept')")
        error = self.manage("makemigrations", STAGE="moved", code=3).error
        self.assertIn("yes: --rename post=posts\n", error)
        self.assertIn("no:  --not-rename post=posts\n", error)
        report = json.loads(self.manage("makemigrations", "--json", STAGE="moved", code=3).out)
        self.assertEqual(report["questions"][0]["kind"], "rename_table")
        self.assertEqual(self.files(), [])
        created = json.loads(self.manage("makemigrations", "--not-rename", "post=posts", "--dry-run", "--json",
                                         STAGE="moved").out)
        self.assertEqual(created["losses"], [])
        self.manage("makemigrations", "--rename", "post=posts", STAGE="moved")
        [file] = self.files()
        self.assertIn('ALTER TABLE "post" RENAME TO "posts"', file.read_text(encoding="utf-8"))

    def test_what_is_no_rename_is_dropped_and_the_loss_is_named(self):
        self.make_first("INSERT INTO post (title) VALUES ('lost')")
        output = self.manage("makemigrations", "--not-rename", "post.title=name", "--backfill", "post.name='new'",
                             STAGE="renamed").out
        self.assertIn("Data loss if there are rows: ", output)
        [file] = self.files()
        self.assertIn("// Data loss in `up` if there are rows: ", file.read_text(encoding="utf-8"))

    def test_a_rename_of_what_is_not_there_is_wrong_usage(self):
        self.make_first()
        self.assertIn('has no column "titel"', self.manage("makemigrations", "--rename", "post.titel=name",
                                                       STAGE="renamed", code=2).error)
        self.assertIn('table "pots" does not exist', self.manage("makemigrations", "--rename", "pots=post", code=2).error)

    def test_a_backfill_of_what_is_not_there_is_wrong_usage(self):
        self.make_first("INSERT INTO post (title) VALUES ('a')")
        error = self.manage("makemigrations", "--backfill", "post.autor='nobody'", STAGE="grown", code=2).error
        self.assertIn('Cannot backfill column "autor" of table "post": there is no such column.', error)

    def test_a_person_is_asked_on_a_terminal(self):
        self.make_first("INSERT INTO post (title) VALUES ('kept')")
        output = self.on_terminal(["makemigrations"], [('renamed to "name"? [y/n]', "y")], STAGE="renamed").out
        self.assertIn("Wrote migrations/", output)
        self.assertIn("RENAME COLUMN", self.files()[0].read_text(encoding="utf-8"))

    def test_a_person_may_decline_and_give_a_value_instead(self):
        self.make_first("INSERT INTO post (title) VALUES ('lost')")
        self.on_terminal(["makemigrations"], [("[y/n]", "n"), ("SQL expression", "'new'")], STAGE="renamed")
        self.assertIn("'new'", self.files()[0].read_text(encoding="utf-8"))

    def test_rows_that_would_have_no_value_are_a_question(self):
        self.make_first("INSERT INTO post (title) VALUES ('a')")
        self.assertIn("--backfill post.author=EXPR", self.manage("makemigrations", STAGE="grown", code=3).error)
        self.on_terminal(["makemigrations"], [("SQL expression", "")], STAGE="grown", code=3)
        self.assertEqual(self.files(), [])
        self.manage("makemigrations", "--backfill", "post.author='nobody'", STAGE="grown")
        self.assertIn("'nobody'", self.files()[0].read_text(encoding="utf-8"))

    def test_ctrl_c_at_a_question_ends_it(self):
        self.make_first("INSERT INTO post (title) VALUES ('a')")
        result = self.on_terminal(["makemigrations"], [("SQL expression", "\x03")], STAGE="grown", code=1)
        self.assertIn("nterrupted", result.out)
        self.assertEqual(self.files(), [])

    def test_pending_migrations_come_first(self):
        error = self.manage("makemigrations", MIGRATIONS="failing", code=1).error
        self.assertIn("First1561981516514", error)
        self.assertIn("Run `migrations` first", error)
        self.assertEqual(self.files(), [])
        self.manage("makemigrations", "--ignore-pending", MIGRATIONS="failing")
        self.assertEqual(len(self.files()), 1)

    def test_a_database_ahead_of_the_program_gets_no_migration_that_undoes_it(self):
        self.manage("migrations", MIGRATIONS="kept")
        self.rows("INSERT INTO migrations (timestamp, name, applied_at) VALUES "
                  "(1861981516514, 'Newer1861981516514', '2029-01-01 00:00:00')")
        error = self.manage("makemigrations", MIGRATIONS="kept", code=1).error
        self.assertIn("has 1 migration that the program does not contain, and is ahead of it.\n  Newer1861981516514\n", error)
        self.assertIn("--from migrations", error)
        self.assertEqual(self.files(), [])
        self.assertIn("warning: the database has 1 migration that the program does not contain",
                      self.manage("makemigrations", "--check", MIGRATIONS="kept", code=4).error)
        self.manage("makemigrations", "--from", "migrations", "--dry-run", "--drop", "kept", MIGRATIONS="kept")
        self.assertIn("warning: ", self.manage("makemigrations", "--ignore-pending", "--drop", "kept",
                                               MIGRATIONS="kept").error)
        self.assertEqual(len(self.files()), 1)

    def test_older_migrations_that_the_program_does_not_have_are_a_warning(self):
        self.manage("migrations", MIGRATIONS="kept")
        self.rows("INSERT INTO migrations (timestamp, name) VALUES (1861981516514, 'OfAnotherProgram1861981516514')")
        make = ["makemigrations", "--dry-run", "--drop", "kept"]
        self.assertNotIn("does not contain", self.manage(*make, MIGRATIONS="kept").error)
        self.rows("INSERT INTO migrations (timestamp, name, applied_at) VALUES "
                  "(1461981516514, 'Squashed1461981516514', '2016-01-01 00:00:00')")
        self.assertIn("Squashed1461981516514", self.manage(*make, MIGRATIONS="kept").error)

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

    def test_an_empty_migration_can_be_written(self):
        self.assertIn("Wrote migrations/", self.manage("newmigration", "seed").out)
        [file] = self.files()
        self.assertRegex(file.read_text(encoding="utf-8"), r"class Seed\d{13} final")

    def test_a_directory_that_cannot_be_written_is_an_error(self):
        self.migrations.write_text("a file", encoding="utf-8")
        self.assertIn(str(self.migrations), self.manage("makemigrations", code=1).error)
        self.assertIn(str(self.migrations), self.manage("newmigration", "seed", code=1).error)


class Replay(Commands):
    """Each class has a URL of no database, of which only the kind and the server count: self.nowhere."""

    def test_entities_are_compared_with_what_the_migrations_make(self):
        output = self.manage("makemigrations", "--check", "--from", "migrations", "--url", self.nowhere, code=4).out
        self.assertIn('The schema that the migrations produce does not match the entities.', output)
        self.assertIn('CREATE TABLE "post"', output)
        self.manage("makemigrations", "--from", "migrations", "--url", self.nowhere, "--name", "from-nothing")
        self.assertEqual(len(self.files()), 1)

    def test_what_migrations_made_and_no_entity_describes_goes_if_somebody_says_so(self):
        asked = ["makemigrations", "--from", "migrations", "--dry-run"]
        report = json.loads(self.manage(*asked, "--json", MIGRATIONS="kept", code=3).out)
        [question] = report["questions"]
        self.assertEqual((question["kind"], question["table"]), ("drop_table", "kept"))
        self.assertEqual(question["options"], ["--drop kept"])
        self.assertIn("yes: --drop kept\n", self.manage(*asked, MIGRATIONS="kept", code=3).error)
        question = "Drop it with all its rows? [y/n] "
        self.assertIn("--drop kept", self.on_terminal(asked, [(question, "n")], MIGRATIONS="kept", code=3).out)
        self.assertIn('DROP TABLE "kept"', self.on_terminal(asked, [(question, "y")], MIGRATIONS="kept").out)
        self.assertIn("kpet", self.manage(*asked, "--drop", "kpet", MIGRATIONS="kept", code=2).error)
        report = json.loads(self.manage(*asked, "--drop", "kept", "--json", MIGRATIONS="kept").out)
        self.assertEqual(report["up"], ['DROP TABLE "kept"', self.create_post])
        self.assertEqual(report["losses"], ['the rows of table "kept"'])
        self.assertEqual(self.tables(), [])

    def test_a_migration_that_fails_on_nothing_is_named(self):
        error = self.manage("makemigrations", "--from", "migrations", MIGRATIONS="failing", code=1).error
        self.assertIn("ThirdStatement1561981516515", error)
        self.assertIn("empty database", re.sub(r"\s+", " ", error))


class Baseline(Commands):
    """Each class has statements, self.old, that make the tables post and reply, the view replied and more, and
    self.first_row, which inserts a post."""

    def setUp(self):
        super().setUp()
        self.rows(*self.old, self.first_row)

    def test_a_history_begins_with_what_is_there(self):
        new = self.new_url("new")
        self.addCleanup(shutil.rmtree, command_program.project / "baseline", ignore_errors=True)

        def whimbrel(*arguments, url=self.url, code=0):
            return self.whimbrel(*arguments, "--url", url, code=code, MIGRATIONS="baseline")

        begun = whimbrel("baseline")
        self.assertIn("Wrote baseline/", begun.out)
        self.assertIn('"reply"', begun.error)
        self.assertEqual(whimbrel("status", "--check").out.count("applied"), 2)
        # What the baseline made is the program's now, and no entity describes it.
        self.assertIn('drop table "reply"', whimbrel("makemigrations", "--check", code=4).out)
        self.assertIn("--drop reply", whimbrel("makemigrations", code=3).error)
        self.assertIn("already", whimbrel("baseline", code=2).error)
        whimbrel("migrations", url=new)
        self.assertEqual(self.assert_code(run(WHIMBREL, "diff", self.url, new, cwd=self.directory), 0).out, "")
        whimbrel("revertmigration", url=new)
        self.assertEqual(self.tables_of(new), ["migrations"])
        whimbrel("migrations", url=new)
        self.assertEqual(self.rows("SELECT title FROM post"), [("kept",)])

    def test_a_dry_run_writes_and_records_nothing(self):
        self.assertIn("class Start", self.manage("baseline", "--name", "start", "--dry-run").out)
        report = json.loads(self.manage("baseline", "--dry-run", "--json").out)
        for name in ("post", "reply", "one_reply", "noted", "replied"):
            self.assertTrue(any(name in statement for statement in report["up"]), name)
        self.assertEqual(report["down"][0], 'DROP VIEW "replied"')
        self.assertEqual(self.files(), [])
        self.assertNotIn("migrations", self.tables())

    def test_it_comes_first_or_not_at_all(self):
        self.manage("baseline", "--name", "start")
        self.assertIn("remove their files", self.manage("baseline", code=2).error.replace("\n", " "))
        self.assertEqual(len(self.files()), 1)
        self.assertIn("already", self.manage("baseline", MIGRATIONS="failing", code=2).error)

    def test_other_programs_rows_in_the_history_stay_before_it(self):
        self.rows(self.history, "INSERT INTO migrations (timestamp, name) VALUES (4000000000000, 'Theirs4000000000000')")
        self.manage("baseline")
        self.assertEqual(self.files()[0].name, "4000000000001-baseline.cpp")
        self.assertEqual(self.rows("SELECT name FROM migrations ORDER BY id"),
                         [("Theirs4000000000000",), ("Baseline4000000000001",)])

    def test_without_tables_or_a_place_for_the_file_nothing_is_recorded(self):
        self.assertIn("is empty", self.manage("baseline", "--url", self.new_url("empty"), code=2).error)
        self.migrations.write_text("a file", encoding="utf-8")
        self.assertIn(str(self.migrations), self.manage("baseline", code=1).error)
        self.assertNotIn("migrations", self.tables())


class SchemaCommands(Commands):
    def test_a_file_is_compared_with_the_entities(self):
        file = self.directory / "schema.sql"
        file.write_text(self.create_post.replace("title", "name"), encoding="utf-8")
        self.assertEqual(self.manage("diff", "schema.sql", "entities", STAGE="renamed").out, "")
        # What comes before is for the database's own shell.
        there = self.manage("diff", "schema.sql", "entities", "--rename", "post.name=title").out
        self.assertEqual(there.splitlines()[-1], 'ALTER TABLE "post" RENAME COLUMN "name" TO "title";')
        back = self.manage("diff", "entities", "schema.sql", "--rename", "post.title=name").out
        self.assertEqual(back.splitlines()[-1], 'ALTER TABLE "post" RENAME COLUMN "title" TO "name";')
        self.assertEqual(self.tables(), [])

    def test_a_database_is_compared_with_the_entities(self):
        self.make_first("CREATE TABLE theirs (a integer)")
        self.assertEqual(self.manage("diff", self.url, "entities", "--exit-code").out, "")
        result = self.manage("diff", self.url, "entities", "--exit-code", "--backfill", "post.author=''", STAGE="grown",
                             code=4)
        self.assertIn('"author" ', result.out)
        self.assertIn("note: 1 unmanaged object not touched; list them with --all\n", result.error)
        self.assertIn('note: unmanaged, not touched: table "theirs"', self.manage("diff", self.url, "entities", "--all").error)
        back = self.manage("diff", "entities", self.url, STAGE="grown").out
        self.assertNotEqual(back, "")
        self.assertEqual(back, self.manage("diff", self.url, "entities", "--down", STAGE="grown").out)
        self.assertIn("Both sides", self.manage("diff", "entities", "entities", code=2).error)
        for sides in (("entities", self.url), (self.url, "entities")):
            self.assertIn("--privileges cannot be used", self.manage("diff", *sides, "--privileges", code=2).error)

    def test_the_programs_own_database_is_inspected_where_none_is_named(self):
        self.make_first()
        self.assertIn("table post\n", self.manage("inspect").out)
        self.assertIn("table post\n", self.whimbrel("inspect", self.url).out)
        self.assertEqual(self.whimbrel("diff", self.url, "entities").out, "")


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

    def test_without_a_transaction_what_was_done_stays(self):
        error = self.manage("migrations", "--transaction", "none", MIGRATIONS="failing", code=1).error
        self.assertIn("without a transaction", re.sub(r"\s+", " ", error))
        self.assertEqual(self.tables(), ["a", "kept", "migrations"])
        self.manage("status", "--check", MIGRATIONS="failing", code=4)

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
        self.assertEqual(self.tables(), [])

    def test_a_fake_run_changes_the_history_only(self):
        self.manage("migrations", "--fake", MIGRATIONS="failing")
        self.assertEqual(self.tables(), ["migrations"])
        self.manage("status", "--check", MIGRATIONS="failing")

    def test_a_migration_that_the_program_does_not_have_is_shown_and_cannot_be_reverted(self):
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")
        self.assertIn("First1561981516514", self.manage("status").out)
        self.assertIn("missing from this program\n0 applied, 2 missing, 0 pending.\n", self.manage("status").out)
        self.assertIn("does not contain it", self.manage("revertmigration", code=1).error)

    def test_ctrl_c_undoes_the_run_and_frees_the_database(self):
        process = self.start("migrations", MIGRATIONS="failing", ENDLESS="1")
        self.wait_until_endless()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1, error)
        self.assertIn("canceled the statement on request", re.sub(r"\s+", " ", error))
        self.assertNotIn("half", self.tables())
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")
        self.assertIn("kept", self.tables())

    def test_a_run_that_is_killed_leaves_nothing_and_the_next_one_works(self):
        process = self.start("migrations", MIGRATIONS="failing", ENDLESS="1")
        self.wait_until_endless()
        process.kill()
        process.communicate(timeout=30)
        self.assertEqual([table for table in self.tables() if table != "migrations"], [])
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")
        self.assertIn("kept", self.tables())

    def test_of_two_runs_at_once_each_migration_is_run_by_one(self):
        for mode in ("all", "each", "none"):
            self.manage("revertmigration", "--all", MIGRATIONS="failing")
            runs = [self.start("migrations", "--to", "1561981516514", "--transaction", mode, MIGRATIONS="failing",
                               PAUSE="1") for _ in range(2)]
            output = ""
            for process in runs:
                out, error = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 0, error)
                output += out
            self.assertEqual(output.count("Ran Endless1461981516514"), 1, output)
            self.assertEqual(output.count("Ran First1561981516514"), 1, output)
            self.manage("status", "--check", MIGRATIONS="failing", code=4)


class SynchronizeAndDropSchema(Commands):
    def test_synchronize_refuses_what_loses_data(self):
        self.make_first("INSERT INTO post (title) VALUES ('kept')")
        self.assertIn("title", self.manage("synchronize", STAGE="shrunk", code=1).error)
        self.assertEqual(self.rows("SELECT title FROM post"), [("kept",)])
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
