#!/usr/bin/env python3
"""Two people on two branches of one git repository, on SQLite and on PostgreSQL."""

import json
import unittest

from postgres_case import OnPostgres
from whimbrel_case import WHIMBREL, OnSqlite, WhimbrelCase, run

ENTITY = """#pragma once

#include <whimbrel/entity.h>

#include <cstdint>
#include <optional>
#include <string>

struct User {{
  std::int32_t id{{}};
  std::string email;
{members}
  std::string password;

  static void describe(whimbrel::Entity<User>& user) {{
    user.primary_generated<&User::id>();
    user.column<&User::email>({email});
{columns}
    user.column<&User::password>({password});
  }}
}};
"""


def entity(nick=False, email="", password=""):
    return ENTITY.format(
        members="  std::optional<std::string> nick;\n" if nick else "",
        columns="    user.column<&User::nick>();\n    user.index<&User::nick>();\n" if nick else "",
        email=email, password=password)


class Branches:
    """What both databases have to do."""

    def setUp(self):
        super().setUp()
        self.url = self.new_url("app")
        self.project = self.directory / "shop"
        self.assert_code(run(WHIMBREL, "init", self.project, "--url", self.url, cwd=self.directory), 0)
        self.git("init", "-q", "-b", "main")
        self.write(entity())
        self.commit("begin")
        self.whimbrel("makemigrations", "--name", "users")
        self.whimbrel("migrations")
        self.commit("users")
        self.rows_of(self.url, """INSERT INTO "user"(email, password) VALUES ('ada', 'x')""", "SELECT 1")

    def git(self, *arguments, code=0):
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                 for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.com"))}
        return self.assert_code(run("git", *arguments, cwd=self.project, GIT_CONFIG_GLOBAL="/dev/null", **names), code)

    def write(self, text):
        (self.project / "src/entities/user.h").write_text(text, encoding="utf-8")

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def whimbrel(self, *arguments, code=0):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.project), code)

    def branch(self, name, text):
        """A branch from main with a migration that is run nowhere."""
        self.git("switch", "-q", "main")
        self.git("switch", "-qc", name)
        self.write(text)
        self.whimbrel("makemigrations", "--name", name)
        self.commit(name)

    def merge(self, *names):
        self.git("switch", "-q", "main")
        for name in names:
            self.git("merge", "-q", "--no-edit", name)

    def migrations(self):
        return sorted(path.name.partition("-")[2] for path in (self.project / "src/migrations").glob("*.cpp"))

    def columns(self):
        return sorted(self.rows_of(self.url, self.COLUMNS))

    def test_branches_that_lose_nothing_of_each_other_are_merged_without_more(self):
        self.branch("nick", entity(nick=True))
        self.branch("tag", entity().replace("struct User", TAG + "struct User"))
        self.merge("nick", "tag")
        manage = self.project / "src/manage.cpp"
        manage.write_text(manage.read_text(encoding="utf-8").replace("entities<User>", "entities<User, Tag>"),
                          encoding="utf-8")
        self.whimbrel("migrations")
        self.assertIn(("nick",), self.columns())


TAG = """struct Tag {
  std::int32_t id{};
  static void describe(whimbrel::Entity<Tag>& tag) { tag.primary_generated<&Tag::id>(); }
};

"""


class BranchesOnSqlite(Branches, OnSqlite, WhimbrelCase):
    COLUMNS = "SELECT name FROM pragma_table_info('user')"

    def test_a_rebuild_that_does_not_know_the_other_branch_is_found_and_made_anew(self):
        self.branch("nick", entity(nick=True))
        self.branch("unique", entity(password="{.unique = true}"))
        self.merge("nick", "unique")
        self.assertEqual(self.migrations(), ["nick.cpp", "unique.cpp", "users.cpp"])

        build = run("cmake", "--build", "build", cwd=self.project)
        self.assertNotEqual(build.code, 0)
        self.assertRegex(build.out + build.error, r"\d{13}-unique.cpp was made without \d{13}-nick.cpp, and both change "
                                                  r"the table user")
        status = self.whimbrel("status", "--check", code=4)
        self.assertIn('column "nick" is not known to the migration', status.out)
        check = self.whimbrel("makemigrations", "--check", "--json", code=4)
        self.assertEqual([one["table"] for one in json.loads(check.out)["conflicts"]], ["user"])
        self.whimbrel("makemigrations", "--check", "--from", "migrations", code=4)
        refused = self.whimbrel("migrations", code=1)
        self.assertIn('column "nick" is not known to the migration', refused.error)
        self.assertNotIn(("nick",), self.columns())

        dry = self.whimbrel("makemigrations", "--rebase", "--dry-run")
        self.assertIn("Would remove src/migrations/", dry.out)
        self.assertEqual(self.migrations(), ["nick.cpp", "unique.cpp", "users.cpp"])
        rebased = self.whimbrel("makemigrations", "--rebase")
        self.assertIn("Removed src/migrations/", rebased.out)
        self.assertEqual(self.migrations(), ["nick.cpp", "unique.cpp", "users.cpp"])
        self.commit("rebase")
        self.assert_code(run("cmake", "--build", "build", cwd=self.project), 0)
        self.whimbrel("migrations")
        self.whimbrel("makemigrations", "--check")
        self.assertEqual(self.columns(), [("email",), ("id",), ("nick",), ("password",)])
        self.assertEqual(self.rows_of(self.url, "SELECT email, password, nick FROM user"), [("ada", "x", None)])
        self.assertEqual(self.rows_of(self.url, "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%INDEX%nick%'"), [(1,)])
        self.whimbrel("revertmigration", "--all")

    def test_a_migration_that_is_applied_is_never_replaced(self):
        self.branch("nick", entity(nick=True))
        self.branch("unique", entity(password="{.unique = true}"))
        self.whimbrel("migrations")
        self.merge("nick", "unique")
        refused = self.whimbrel("makemigrations", "--rebase", code=2)
        self.assertIn("is applied to this database, so it is not replaced", refused.error)
        self.assertIn("revertmigration", refused.error)
        self.whimbrel("makemigrations", "--rebase", next((self.project / "src/migrations").glob("*nick.cpp")).name)
        self.whimbrel("migrations")
        self.whimbrel("makemigrations", "--check")
        self.assertIn(("nick",), self.columns())


class BranchesOnPostgres(Branches, OnPostgres, WhimbrelCase):
    COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'user'"

    def test_branches_that_change_one_table_in_place_are_merged_without_more(self):
        self.branch("nick", entity(nick=True))
        self.branch("unique", entity(password="{.unique = true}"))
        self.merge("nick", "unique")
        self.whimbrel("status", "--check", code=4)
        self.whimbrel("migrations")
        self.whimbrel("makemigrations", "--check")
        self.assertEqual(self.columns(), [("email",), ("id",), ("nick",), ("password",)])

    def test_two_branches_that_change_one_column_are_found_and_one_is_made_anew(self):
        self.branch("short", entity(password="{.length = 40}"))
        self.branch("number", entity(password="{.length = 80}"))
        self.git("switch", "-q", "main")
        self.git("merge", "-q", "short")
        self.git("merge", "-q", "-X", "theirs", "--no-edit", "number")
        status = self.whimbrel("status", "--check", code=4)
        self.assertIn('column "password" differs from what the migration knows', status.out)
        refused = self.whimbrel("migrations", code=1)
        self.assertIn('column "password" differs from what the migration knows', refused.error)
        self.whimbrel("makemigrations", "--rebase")
        self.assertEqual(self.migrations(), ["number.cpp", "short.cpp", "users.cpp"])
        self.whimbrel("migrations")
        self.whimbrel("makemigrations", "--check")
        self.assertEqual(self.rows_of(self.url, 'SELECT email FROM "user"'), [("ada",)])


def setUpModule():
    OnPostgres.start_server()


if __name__ == "__main__":
    unittest.main()
