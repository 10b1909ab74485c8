#!/usr/bin/env python3
"""The commands on PostgreSQL, with a server that refuses, waits or goes away."""

import json
import os
import re
import signal
import subprocess
import time
import unittest

import command_cases
from command_program import Commands, build_program
from postgres_case import OnPostgres
from whimbrel_case import clean_environment


def setUpModule():
    OnPostgres.start_server()
    build_program()


class OnPostgresHere(OnPostgres):
    create_post = ('CREATE TABLE "post" ("id" SERIAL NOT NULL, "title" character varying NOT NULL, CONSTRAINT '
                   '"PK_be5fda3aac270b134ff9c21cdee" PRIMARY KEY ("id"))')

    @property
    def nowhere(self):
        return self.url_of("nowhere")

    def wait_until_endless(self):
        running = ("SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH RECURSIVE n(i)%' "
                   f"AND datname = '{self.database_of(self.url)}'")
        for _ in range(300):
            if processes := self.rows_of(self.url, running):
                return processes[0][0]
            time.sleep(0.05)
        return self.fail("the migration did not begin")


class MakeMigrations(OnPostgresHere, command_cases.MakeMigrations):
    pass


class Replay(OnPostgresHere, command_cases.Replay):
    pass


class Baseline(OnPostgresHere, command_cases.Baseline):
    old = [
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "CREATE TABLE post (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title varchar NOT NULL)",
        "CREATE TABLE reply (id integer PRIMARY KEY, post integer REFERENCES post ON DELETE CASCADE, body text, mood mood)",
        "CREATE UNIQUE INDEX one_reply ON reply (post, lower(body)) WHERE body <> ''",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE post SET title = title || ';'"
        " WHERE id = NEW.post; RETURN NEW; END $$",
        "CREATE TRIGGER noted BEFORE INSERT ON reply FOR EACH ROW EXECUTE FUNCTION note()",
        "CREATE VIEW replied AS SELECT title, body FROM post JOIN reply ON post = post.id",
    ]
    first_row = "INSERT INTO post OVERRIDING SYSTEM VALUE VALUES (1, 'kept')"
    history = 'CREATE TABLE migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL)'

    def test_without_a_database_nothing_is_made(self):
        self.assertIn('createdb "nowhere"', self.manage("baseline", "--url", self.nowhere, code=1).error)


class SchemaCommands(OnPostgresHere, command_cases.SchemaCommands):
    pass


class Running(OnPostgresHere, command_cases.Running):
    def test_what_no_transaction_can_hold_needs_a_mode_that_allows_it(self):
        before = self.dump_without_history(self.url)
        error = self.manage("migrations", MIGRATIONS="postgres", code=1).error
        self.assertIn("--transaction each", re.sub(r"\s+", " ", error))
        self.assertEqual(self.dump_without_history(self.url), before)
        for mode in ("each", "none"):
            self.manage("migrations", "--transaction", mode, MIGRATIONS="postgres")
            self.assertEqual(self.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_name'::regclass"),
                             [("t",)])
            self.manage("revertmigration", "--all", "--transaction", mode, MIGRATIONS="postgres")
            self.assertEqual(self.dump_without_history(self.url), before)


class SynchronizeAndDropSchema(OnPostgresHere, command_cases.SynchronizeAndDropSchema):
    def test_dropschema_drops_what_entities_and_migrations_made_and_nothing_else(self):
        self.rows("CREATE EXTENSION pg_stat_statements", "CREATE SCHEMA theirs",
                  "CREATE TABLE theirs.post (id integer)", "CREATE TABLE person_of_theirs (id integer)",
                  "CREATE TYPE feeling AS ENUM ('sad')", "CREATE FUNCTION theirs() RETURNS integer LANGUAGE sql RETURN 1")
        before = self.dump(self.url)
        self.make_first()
        self.manage("migrations", "--transaction", "each", MIGRATIONS="postgres")
        self.assertEqual(self.rows("INSERT INTO person (mood) VALUES ('sad')", "SELECT mood FROM person"), [("glad",)])
        self.manage("dropschema", "--yes", MIGRATIONS="postgres")
        self.assertEqual(self.dump(self.url), before)
        self.manage("migrations", "--transaction", "each", MIGRATIONS="postgres")

    def test_what_others_need_is_not_dropped_and_they_are_named(self):
        self.make_first("CREATE VIEW titles AS SELECT title FROM post")
        error = self.manage("dropschema", "--yes", code=1).error
        self.assertIn("titles", error)
        self.assertEqual(self.tables(), ["post", "titles"])


class Rights(OnPostgresHere, Commands):
    def url_as(self, role):
        return self.url_of(self.database_of(self.url), role)

    def setUp(self):
        super().setUp()
        for role in ("visitor", "whimbrel_password"):
            self.rows(f"CREATE ROLE {role} LOGIN PASSWORD 'right'", "REVOKE CREATE ON SCHEMA public FROM public")
            self.addCleanup(self.rows, f"DROP OWNED BY {role}", f"DROP ROLE {role}")

    def test_a_role_that_may_create_nothing_is_told_what_it_needs(self):
        visitor = {"WHIMBREL_URL": self.url_as("visitor")}
        error = self.manage("migrations", MIGRATIONS="kept", **visitor, code=1).error
        self.assertIn('GRANT USAGE, CREATE ON schema public TO "visitor";', re.sub(r"\s+", " ", error))
        self.manage("synchronize", **visitor, code=1)
        self.assertEqual(self.tables(), [])
        self.assertEqual(self.manage("status", **visitor).out, "There are no migrations.\n")
        self.rows("GRANT CREATE ON SCHEMA public TO visitor")
        self.manage("migrations", MIGRATIONS="kept", **visitor)
        self.assertEqual(self.tables(), ["kept", "migrations"])

    def test_a_role_that_may_make_no_scratch_can_go_on_without(self):
        visitor = {"WHIMBREL_URL": self.url_as("visitor")}
        error = self.manage("makemigrations", **visitor, code=2).error
        self.assertIn("--no-verify", error)
        self.assertEqual(self.files(), [])
        self.manage("makemigrations", "--no-verify", **visitor)
        self.assertIn("// Not verified", self.files()[0].read_text(encoding="utf-8"))

    def test_a_wrong_password_is_told_and_shown_to_nobody(self):
        wrong = self.url_as("whimbrel_password:wrong")
        for arguments in (["status"], ["migrations", "--json"], ["inspect", wrong]):
            result = self.manage(*arguments, WHIMBREL_URL=wrong, code=1)
            self.assertIn("password", result.out + result.error)
            self.assertNotIn("wrong", result.out + result.error)
        self.manage("status", WHIMBREL_URL=self.url_as("whimbrel_password:right"))


class Server(OnPostgresHere, Commands):
    def test_a_server_that_is_not_there_is_an_error_that_says_where(self):
        nothing = f"postgresql://postgres@/app?host={self.directory}"
        for command in ("status", "migrations", "makemigrations", "synchronize"):
            report = json.loads(self.manage(command, "--json", WHIMBREL_URL=nothing, code=1).out)
            self.assertEqual(report["error"]["kind"], "connection")
            self.assertIn(str(self.directory), report["error"]["message"])
        self.assertEqual(self.files(), [])

    def test_when_the_server_goes_away_nothing_is_half_done_and_the_next_run_works(self):
        process = self.start("migrations", MIGRATIONS="failing", ENDLESS="1")
        self.wait_until_endless()
        self.server.process.send_signal(signal.SIGQUIT)
        self.server.process.wait(30)
        _, error = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn("Endless1461981516514", error)
        self.server.start()
        self.assertEqual(self.tables(), [])
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")

    def test_when_the_connection_is_cut_nothing_is_half_done_and_the_next_run_works(self):
        process = self.start("migrations", "--json", MIGRATIONS="failing", ENDLESS="1")
        self.rows(f"SELECT pg_terminate_backend({self.wait_until_endless()})")
        output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertEqual(json.loads(output)["error"]["kind"], "connection")
        self.assertEqual(self.tables(), [])
        self.manage("migrations", "--to", "1561981516514", MIGRATIONS="failing")

    def test_a_table_that_somebody_locks_is_waited_for_no_longer_than_said(self):
        self.make_first()
        holder = subprocess.Popen([os.path.join(self.server.programs, "psql"), "-Xq", self.url], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True, env=clean_environment(PGAPPNAME="the holder"))
        holder.stdin.write("BEGIN; LOCK TABLE post; \\echo locked\n")
        holder.stdin.flush()
        self.addCleanup(holder.communicate)
        self.assertEqual(holder.stdout.readline(), "locked\n")
        result = self.manage("synchronize", STAGE="renamed", WHIMBREL_URL=self.url + "&options=-c%20lock_timeout%3D1s",
                             code=1)
        self.assertIn("the holder", result.error)
        holder.stdin.write("ROLLBACK; \\echo free\n")
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline(), "free\n")
        self.manage("synchronize", "--rename", "post.title=name", STAGE="renamed")


if __name__ == "__main__":
    unittest.main()
