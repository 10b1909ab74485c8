#!/usr/bin/env python3
"""The complete example on PostgreSQL, with an installed copy: from `whimbrel init` to the last revert."""

import unittest

from postgres_case import OnPostgres
from whimbrel_case import USER_WITH_EMAIL, WHIMBREL, WhimbrelCase, run, statements

FIRST = {
    "up": ['CREATE TABLE "user" ("id" SERIAL NOT NULL, CONSTRAINT "PK_cace4a159ff9f2512dd42373760" PRIMARY KEY ("id"))'],
    "down": ['DROP TABLE "user"'],
}
# A row that is there has to get what the new columns do not have by themselves.
SECOND = {
    "up": [
        'ALTER TABLE "user" ADD "email" character varying',
        """UPDATE "user" SET "email" = 'ada@lovelace.uk'""",
        'ALTER TABLE "user" ALTER COLUMN "email" SET NOT NULL, ADD "password" character varying',
        """UPDATE "user" SET "password" = ''""",
        'ALTER TABLE "user" ALTER COLUMN "password" SET NOT NULL, '
        'ADD CONSTRAINT "UQ_e12875dfb3b1d92d7d7c5377e22" UNIQUE ("email")',
    ],
    "down": [
        'ALTER TABLE "user" DROP CONSTRAINT "UQ_e12875dfb3b1d92d7d7c5377e22", DROP COLUMN "password", '
        'DROP COLUMN "email"',
    ],
}


def setUpModule():
    OnPostgres.start_server()


class Example(OnPostgres, WhimbrelCase):
    def whimbrel(self, *arguments, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.shop), code)

    def migrations(self):
        return sorted((self.shop / "src" / "migrations").iterdir())

    def columns(self):
        return self.rows_of(self.url, """
            SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
            WHERE attrelid = '"user"'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""")

    def test_the_six_steps_and_the_way_back(self):
        self.shop = self.directory / "shop"
        self.url = self.new_url("shop")
        self.assert_code(run(WHIMBREL, "init", "shop", "--url", self.url, cwd=self.directory), 0)
        empty = self.dump_without_history(self.url)

        # Steps 1 and 2: the project with its first entity, and the migration that makes its table.
        output = self.whimbrel("makemigrations").out
        self.assertIn('  create table "user"\n', output)
        self.assertEqual(self.tables_of(self.url), [])
        [first] = self.migrations()
        self.assertEqual(statements(first.read_text(encoding="utf-8")), FIRST)
        self.assertNotIn("Not verified", first.read_text(encoding="utf-8"))

        # Step 3.
        self.assertRegex(self.whimbrel("migrations").out, r"^Ran Migration\d{13} in \d+ ms\n1 migration run\.\n$")
        self.assertEqual(self.whimbrel("migrations").out, "No migrations are pending.\n")
        self.assertEqual(self.columns(), [("id", "integer", "t")])
        before = self.dump_without_history(self.url)
        self.rows_of(self.url, 'INSERT INTO "user" VALUES (7)')

        # Step 4: the entity grows. Step 5: what that needs, where there is a row.
        (self.shop / "src" / "entities" / "user.h").write_text(USER_WITH_EMAIL, encoding="utf-8")
        error = self.whimbrel("makemigrations", code=3).error
        self.assertIn("--backfill user.password=EXPR", error)
        self.assertEqual(self.migrations(), [first])
        self.whimbrel("makemigrations", "--backfill", "user.email='ada@lovelace.uk'", "--backfill", "user.password=''")
        [_, second] = self.migrations()
        self.assertEqual(statements(second.read_text(encoding="utf-8")), SECOND)
        self.assertRegex(self.whimbrel("status").out, r"applied(.|\n)*pending")

        # Step 6.
        self.whimbrel("migrations")
        self.assertEqual(self.whimbrel("makemigrations").out, "No changes\n")
        self.assertEqual(len(self.migrations()), 2)
        self.assertEqual(self.columns(), [("id", "integer", "t"), ("email", "character varying", "t"),
                                          ("password", "character varying", "t")])
        self.assertEqual(self.rows_of(self.url, 'SELECT * FROM "user"'), [("7", "ada@lovelace.uk", "")])
        self.assertEqual(self.rows_of(self.url, "SELECT conname FROM pg_constraint WHERE contype = 'u' AND connamespace = "
                                                "'public'::regnamespace"), [("UQ_e12875dfb3b1d92d7d7c5377e22",)])
        self.assertEqual(self.rows_of(self.url, "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef "
                                                """WHERE adrelid = '"user"'::regclass"""),
                         [("nextval('user_id_seq'::regclass)",)])
        self.whimbrel("status", "--check")

        # And back.
        self.assertRegex(self.whimbrel("revertmigration").out,
                         r"^Reverted Migration\d{13} in \d+ ms\n1 migration reverted\.\n$")
        self.assertEqual(self.dump_without_history(self.url), before)
        self.assertEqual(self.rows_of(self.url, 'SELECT * FROM "user"'), [("7",)])
        self.whimbrel("revertmigration")
        self.assertEqual(self.dump_without_history(self.url), empty)
        self.assertEqual(self.rows_of(self.url, "SELECT * FROM migrations"), [])


if __name__ == "__main__":
    unittest.main()
