#!/usr/bin/env python3
"""The complete example, with an installed copy and nothing else in reach: from `whimbrel init` to the first revert."""

import unittest

from whimbrel_case import USER_WITH_EMAIL, WHIMBREL, WhimbrelCase, run, statements

FIRST_USER = 'CREATE TABLE "user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL)'
FIRST = {"up": [FIRST_USER], "down": ['DROP TABLE "user"']}
SECOND = {
    "up": [
        'CREATE TABLE "temporary_user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar NOT NULL, '
        '"password" varchar NOT NULL, CONSTRAINT "UQ_e12875dfb3b1d92d7d7c5377e22" UNIQUE ("email"))',
        'INSERT INTO "temporary_user"("id") SELECT "id" FROM "user" NOT INDEXED',
        'DROP TABLE "user"',
        'ALTER TABLE "temporary_user" RENAME TO "user"',
    ],
    "down": [
        'ALTER TABLE "user" RENAME TO "temporary_user"',
        FIRST_USER,
        'INSERT INTO "user"("id") SELECT "id" FROM "temporary_user" NOT INDEXED',
        'DROP TABLE "temporary_user"',
    ],
}


class Example(WhimbrelCase):
    def whimbrel(self, *arguments, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.shop), code).out

    def migrations(self):
        return sorted((self.shop / "src" / "migrations").iterdir())

    def setUp(self):
        super().setUp()
        self.shop = self.directory / "my shop"
        self.database = self.shop / "app.db"
        self.assert_code(run(WHIMBREL, "init", "my shop", cwd=self.directory), 0)

    def test_the_six_steps_and_the_way_back(self):
        # Steps 1 and 2: the project with its first entity, and the migration that makes its table.
        output = self.whimbrel("makemigrations")
        self.assertIn('  create table "user"\n', output)
        self.assertFalse(self.database.exists())
        [first] = self.migrations()
        self.assertRegex(first.name, r"^\d{13}-migration\.cpp$")
        self.assertIn(f"Wrote src/migrations/{first.name}\n", output)
        self.assertEqual(statements(first.read_text(encoding="utf-8")), FIRST)

        # Step 3.
        self.assertRegex(self.whimbrel("migrations"), r"^Ran Migration\d{13} in \d+ ms\n1 migration run\.\n$")
        self.assertEqual(self.whimbrel("migrations"), "No migrations are pending.\n")
        schema_before = self.schema()

        # Step 4: the entity grows. Step 5: what that needs.
        (self.shop / "src" / "entities" / "user.h").write_text(USER_WITH_EMAIL, encoding="utf-8")
        self.whimbrel("makemigrations")
        [_, second] = self.migrations()
        self.assertEqual(statements(second.read_text(encoding="utf-8")), SECOND)

        # Step 6, and nothing is left to do.
        self.whimbrel("migrations")
        self.assertEqual(self.whimbrel("makemigrations"), "No changes\n")
        self.assertEqual(len(self.migrations()), 2)
        self.assertRegex(self.whimbrel("status"), r"applied  Migration\d{13} .*\napplied .*\n2 applied, 0 pending\.\n$")

        # The way back keeps rows.
        self.sql(self.database, "INSERT INTO user (id, email, password) VALUES (7, 'a@b', 'x')")
        self.assertRegex(self.whimbrel("revertmigration"), r"^Reverted Migration\d{13} in \d+ ms\n1 migration reverted\.\n$")
        self.assertEqual(self.schema(), schema_before)
        self.assertEqual(self.sql(self.database, "SELECT * FROM user"), [(7,)])

    def test_what_refers_to_a_rebuilt_table_survives_both_ways(self):
        self.whimbrel("makemigrations")
        self.whimbrel("migrations")
        self.sql(self.database,
                 "CREATE TABLE post (id integer PRIMARY KEY, author integer REFERENCES user(id) ON DELETE CASCADE)",
                 "CREATE VIEW authors AS SELECT user.id FROM user JOIN post ON post.author = user.id",
                 "CREATE TRIGGER remember AFTER INSERT ON user BEGIN UPDATE post SET author = NEW.id; END",
                 "CREATE INDEX partial ON user (id) WHERE id > 1",
                 "INSERT INTO user (id) VALUES (7)", "INSERT INTO post VALUES (1, 7)")
        others = "SELECT type, name, sql FROM sqlite_master WHERE name IN ('post','authors','remember','partial') ORDER BY name"
        before = self.sql(self.database, others)
        self.assertEqual(len(before), 4)
        schema_before = self.schema()

        # The row has no password: an answer is needed.
        (self.shop / "src" / "entities" / "user.h").write_text(USER_WITH_EMAIL, encoding="utf-8")
        result = self.assert_code(run(WHIMBREL, "makemigrations", cwd=self.shop), 3)
        self.assertIn("--backfill user.password=EXPR", result.error)
        self.whimbrel("makemigrations", "--backfill", "user.email='a@b'", "--backfill", "user.password='x'")
        for command in ("migrations", "revertmigration"):
            self.whimbrel(command)
            self.assertEqual(self.sql(self.database, others), before)
            self.assertEqual(self.sql(self.database, "SELECT * FROM authors"), [(7,)])
            self.assertEqual(self.sql(self.database, "SELECT * FROM post"), [(1, 7)])
            self.assertEqual(self.sql(self.database, "PRAGMA foreign_key_check"), [])
        self.assertEqual(self.schema(), schema_before)

    def test_a_project_that_does_not_build_shows_the_compilers_words(self):
        (self.shop / "src" / "entities" / "user.h").write_text("struct User { int nonsense }\n", encoding="utf-8")
        result = self.assert_code(run(WHIMBREL, "status", cwd=self.shop), 1)
        self.assertIn("nonsense", result.error)
        self.assertTrue(result.error.endswith("error: The project failed to build; the compiler output is above.\n"))
        self.assertEqual(result.out, "")

    def schema(self):
        return self.sql(self.database, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")


if __name__ == "__main__":
    unittest.main()
