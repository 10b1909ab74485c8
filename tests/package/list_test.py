#!/usr/bin/env python3
"""The list of migrations that whimbrel_add_migrations() generates: its order, its checksums, its mistakes."""

import hashlib
import os
import subprocess
import tempfile
import unittest
import unittest.mock
from pathlib import Path

CMAKE = os.environ["CMAKE"]
MODULES = Path(os.environ["MODULES"])


def migration(name):
    return f"class {name} final {{}};\n\nWHIMBREL_MIGRATION({name});\n"


def generated(name, *tables):
    lines = "\n".join(tables)
    return (f"class {name} final {{\n  const char* tables() const override {{\n    return R\"tables(\n{lines}\n"
            f"  column a%3Bb 0102\n)tables\";\n  }}\n}};\n\nWHIMBREL_MIGRATION({name});\n")


class ListOfMigrations(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)
        self.directory = self.root / 'my "migrations"'
        self.directory.mkdir()

    def generate(self, function="shop_migrations", others=(), databases=""):
        sources = "".join(f"{path}\n" for path in sorted(self.directory.glob("*.cpp")))
        (self.root / "sources.txt").write_text(sources, encoding="utf-8")
        (self.root / "others.txt").write_text("".join(f"{path}\n" for path in others), encoding="utf-8")
        return subprocess.run(
            [CMAKE, "-DTARGET=shop_migrations", f"-DFUNCTION={function}", f"-DDIRECTORY={self.directory}",
             f"-DSOURCES={self.root}/sources.txt", f"-DOTHERS={self.root}/others.txt", f"-DDATABASES={databases}",
             f"-DOUTPUT={self.root}/list.cpp",
             "-P", str(MODULES / "WhimbrelListMigrations.cmake")],
            capture_output=True, text=True, check=False)

    def list_of(self, files):
        for name, text in files.items():
            (self.directory / name).write_bytes(text.encode())
        result = self.generate()
        self.assertEqual(result.returncode, 0, result.stderr)
        return (self.root / "list.cpp").read_text(encoding="utf-8")

    def assert_mistake(self, files, expected):
        for name, text in files.items():
            (self.directory / name).write_text(text, encoding="utf-8")
        result = self.generate()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(expected, " ".join(result.stderr.split()))
        self.assertFalse((self.root / "list.cpp").exists())

    def test_the_ends_of_lines_do_not_count_for_the_checksum(self):
        odd = 'const char* const odd = R"(a;b [c] ${d} @e@ \\ "f"\t\u00e9 ]] )";\n\n'
        for text in (migration("Same1561981516514") + odd, "\ufeff//\n" + migration("Same1561981516514") + odd[:-2], ):
            expected = hashlib.sha256(text.encode()).hexdigest()
            self.assertIn(expected, self.list_of({"1561981516514-same.cpp": text}))
            self.assertIn(expected, self.list_of({"1561981516514-same.cpp": text.replace("\n", "\r\n")}))

    def test_migrations_are_sorted_by_timestamp_whatever_their_names(self):
        text = self.list_of({
            "1561981516514-a.cpp": migration("Zebra1561981516514"),
            "1461981516514-b.cpp": migration("Apple1461981516514"),
            "by-hand.cpp": migration("Middle1500000000000"),
        })
        order = [text.index(f'{{"{name}"') for name in ("Apple1461981516514", "Middle1500000000000", "Zebra1561981516514")]
        self.assertEqual(order, sorted(order))
        self.assertIn("return {entries, 3, ", text)

    def test_an_entry_has_the_checksum_of_its_file(self):
        text = self.list_of({"1561981516514-a.cpp": migration("A1561981516514")})
        self.assertIn(hashlib.sha256(migration("A1561981516514").encode()).hexdigest(), text)

    def test_the_directory_is_a_valid_literal(self):
        text = self.list_of({})
        literal = str(self.directory).replace('"', '\\"')
        self.assertIn(f'whimbrel::MigrationList shop_migrations() {{ return {{nullptr, 0, "{literal}"}}; }}', text)

    def test_files_without_a_migration_are_no_migrations(self):
        text = self.list_of({
            "names.cpp": "int helper;\n",
            "1561981516514-a.cpp": "// WHIMBREL_MIGRATION(Old1461981516514);\r\n" + migration("A1561981516514"),
        })
        self.assertIn("return {entries, 1, ", text)

    BEGIN = generated("Begin1461981516514", "table user - aa created dropped", "table tag - bb created dropped")

    def test_two_branches_that_change_one_table_are_found(self):
        files = {
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table user aa cc altered altered"),
            "1661981516514-b.cpp": generated("B1661981516514", "table user aa dd rebuilt rebuilt"),
        }
        self.assert_mistake(files, "1661981516514-b.cpp was made without 1561981516514-a.cpp, and both change the table "
                                   "user.")
        self.assert_mistake({}, "whimbrel makemigrations --rebase")

    def test_a_conflict_is_a_warning_for_the_commands_that_mend_it(self):
        files = {
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table user aa cc rebuilt rebuilt"),
            "1661981516514-b.cpp": generated("B1661981516514", "table user aa - dropped created"),
        }
        with unittest.mock.patch.dict(os.environ, {"WHIMBREL_ALLOW_CONFLICTS": "1"}):
            self.assertIn("return {entries, 3, ", self.list_of(files))
            self.assertIn("contradict each other", self.generate().stderr)

    def test_migrations_on_top_of_each_other_and_of_other_tables_do_not_contradict(self):
        self.list_of({
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table user aa cc rebuilt rebuilt"),
            "1561981516515-b.cpp": generated("B1561981516515", "table tag bb dd rebuilt rebuilt"),
            "1561981516516-c.cpp": generated("C1561981516516", "table person cc ee rebuilt rebuilt was user"),
            "1561981516517-d.cpp": generated("D1561981516517", "table person ee - dropped created"),
            "1561981516518-e.cpp": generated("E1561981516518", "table user - ff created dropped"),
        })

    def test_two_branches_that_make_one_view_anew_are_found(self):
        self.assert_mistake({
            "1461981516514-begin.cpp": generated("Begin1461981516514", "virtual_table f - aa created dropped"),
            "1561981516514-a.cpp": generated("A1561981516514", "virtual_table f aa bb rebuilt rebuilt"),
            "1561981516515-table.cpp": generated("Table1561981516515", "table f aa cc rebuilt rebuilt"),
            "1661981516514-b.cpp": generated("B1661981516514", "virtual_table f aa dd rebuilt rebuilt"),
        }, "1661981516514-b.cpp was made without 1561981516514-a.cpp, and both change the virtual table f.")

    def test_changes_in_place_need_no_order(self):
        self.list_of({
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table user aa cc altered altered"),
            "1661981516514-b.cpp": generated("B1661981516514", "table user aa dd altered altered"),
        })

    def test_a_generated_migration_that_touches_no_table_leaves_them_known(self):
        view = generated("View1561981516515").replace("  column a%3Bb 0102\n", "")
        self.assert_mistake({
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table user aa cc altered altered"),
            "1561981516515-view.cpp": view,
            "1661981516514-b.cpp": generated("B1661981516514", "table user aa dd rebuilt rebuilt"),
        }, "1661981516514-b.cpp was made without 1561981516514-a.cpp")

    def test_what_was_made_for_a_table_that_was_changed_by_hand_is_for_the_run_to_judge(self):
        self.list_of({
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table user ee cc rebuilt rebuilt"),
        })

    def test_after_a_migration_by_hand_nothing_is_known(self):
        self.list_of({
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": migration("A1561981516514"),
            "1661981516514-b.cpp": generated("B1661981516514", "table user ab dd rebuilt rebuilt"),
        })

    def test_two_branches_that_make_one_table_are_found(self):
        self.assert_mistake({
            "1461981516514-begin.cpp": self.BEGIN,
            "1561981516514-a.cpp": generated("A1561981516514", "table tag - bb created dropped"),
        }, "1561981516514-a.cpp was made without 1461981516514-begin.cpp, and both change the table tag.")

    def test_the_macro_may_be_indented_and_spaced(self):
        text = self.list_of({"1561981516514-a.cpp": "  WHIMBREL_MIGRATION ( A1561981516514 ) ;"})
        self.assertIn('{"A1561981516514"', text)

    def test_an_unchanged_list_is_not_written_again(self):
        self.list_of({"1561981516514-a.cpp": migration("A1561981516514")})
        os.utime(self.root / "list.cpp", (1, 1))
        self.assertEqual(self.generate().returncode, 0)
        self.assertEqual((self.root / "list.cpp").stat().st_mtime, 1)
        self.list_of({"1561981516514-a.cpp": migration("A1561981516514") + "\n"})
        self.assertNotEqual((self.root / "list.cpp").stat().st_mtime, 1)

    def test_a_migration_without_the_macro(self):
        self.assert_mistake({"1561981516514-a.cpp": "class A {};\n"},
                            "1561981516514-a.cpp is named as a migration but has no WHIMBREL_MIGRATION(Class)")

    def test_a_class_with_another_timestamp_than_its_file(self):
        self.assert_mistake({"1561981516514-a.cpp": migration("A1561981516515")},
                            "1561981516514-a.cpp: the timestamp of its class A1561981516515 differs")

    def test_a_class_without_a_timestamp(self):
        self.assert_mistake({"a.cpp": migration("AddEmail")}, "AddEmail does not end with a timestamp")

    def test_two_migrations_of_one_timestamp(self):
        self.assert_mistake({"1561981516514-a.cpp": migration("A1561981516514"),
                             "1561981516514-b.cpp": migration("B1561981516514")},
                            "1561981516514-a.cpp and 1561981516514-b.cpp have the same timestamp")

    def test_two_migrations_of_one_class(self):
        self.assert_mistake({"1561981516514-a.cpp": migration("A1561981516514"),
                             "copy.cpp": migration("A1561981516514")},
                            "1561981516514-a.cpp and copy.cpp have the same timestamp")

    def test_two_migrations_in_one_file(self):
        self.assert_mistake({"a.cpp": migration("A1561981516514") + migration("B1561981516515")},
                            "a.cpp has several migrations: A1561981516514, B1561981516515.")

    def test_all_mistakes_are_told_at_once(self):
        self.assert_mistake({"1561981516514-a.cpp": "", "b.cpp": migration("B")}, "b.cpp: the name of the class B")
        self.assertIn("1561981516514-a.cpp is named", self.generate().stderr)

    def test_the_list_of_one_of_several_databases_has_a_function_of_its_own(self):
        (self.directory / "1561981516514-a.cpp").write_text(migration("A1561981516514"), encoding="utf-8")
        self.assertEqual(self.generate("shop_migrations_for_sqlite").returncode, 0)
        text = (self.root / "list.cpp").read_text(encoding="utf-8")
        self.assertIn('#include "shop_migrations.h"\n\nwhimbrel::MigrationList shop_migrations_for_sqlite();\n', text)
        self.assertIn("whimbrel::MigrationList shop_migrations_for_sqlite() { return {entries, 1, ", text)

    def assert_mistake_beside(self, name, text, expected):
        (self.directory / "1561981516514-a.cpp").write_text(migration("A1561981516514"), encoding="utf-8")
        other = self.root / name
        other.parent.mkdir(exist_ok=True)
        other.write_text(text, encoding="utf-8")
        result = self.generate(others=[other])
        self.assertEqual(result.returncode != 0, expected is not None, result.stderr)
        self.assertIn(expected or "", " ".join(result.stderr.split()))

    def test_migrations_of_two_databases_have_different_classes(self):
        self.assert_mistake_beside(
            "postgres/1561981516514-a.cpp", migration("A1561981516514"),
            'my "migrations"/1561981516514-a.cpp and postgres/1561981516514-a.cpp have migrations of the same class, '
            "A1561981516514. Give one of them another timestamp")
        self.assert_mistake_beside("postgres/1561981516514-a.cpp", migration("B1561981516514"), None)

    def test_migrations_that_are_in_no_directory_of_a_database_are_told_once(self):
        others = []
        for name, text in (("b.cpp", migration("B1561981516515")), ("1561981516516-c.cpp", "")):
            others.append(self.root / name)
            others[-1].write_text(text, encoding="utf-8")
        told = " ".join(self.generate(others=others, databases="sqlite postgres").stderr.split())
        self.assertIn(f"These 2 migrations are in {self.root} itself, so nothing says on which database to run: b.cpp, "
                      "1561981516516-c.cpp. Move each into the directory of the database for which it was written "
                      f"(sqlite or postgres), as in: git mv {self.root}/*.cpp {self.root}/sqlite/", told)
        self.assertEqual(self.generate(others=others).returncode, 0)  # The list of another database does not tell it.

        others.append(self.root / "helper.cpp")
        others[-1].write_text("int helper;\n", encoding="utf-8")
        told = " ".join(self.generate(others=others, databases="sqlite postgres").stderr.split())
        self.assertIn(f"git mv {self.root}/b.cpp {self.root}/sqlite/", told)
        told = " ".join(self.generate(others=others[1:], databases="sqlite postgres mysql").stderr.split())
        self.assertIn(f"This migration is in {self.root} itself", told)
        self.assertIn("(sqlite, postgres or mysql)", told)
        self.assertEqual(self.generate(others=others[2:], databases="sqlite").returncode, 0)


class MisuseOfTheFunction(unittest.TestCase):
    def assert_refused(self, call, expected):
        with tempfile.TemporaryDirectory() as directory:
            project = f"cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES NONE)\n"
            project += f'include("{MODULES}/WhimbrelMigrations.cmake")\n{call}\n'
            Path(directory, "CMakeLists.txt").write_text(project, encoding="utf-8")
            result = subprocess.run([CMAKE, "-S", directory, "-B", f"{directory}/build"],
                                    capture_output=True, text=True, check=False)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(expected, " ".join(result.stderr.split()))

    def test_wrong_calls_say_what_is_wrong(self):
        self.assert_refused("whimbrel_add_migrations(m)", "whimbrel_add_migrations(m): DIRECTORY is missing")
        self.assert_refused("whimbrel_add_migrations(m DIRECTORY)", "DIRECTORY is missing")
        self.assert_refused("whimbrel_add_migrations(m DIRECTORY a b)", "unknown arguments: b")
        self.assert_refused("whimbrel_add_migrations(my-migrations DIRECTORY a)", "the name is that of a C++ function")
        self.assert_refused("whimbrel_add_migrations(migrations DIRECTORY a)",
                            "migrations is the name of the target that runs the command")
        self.assert_refused("whimbrel_add_migrations(m DIRECTORY a DATABASES mariadb)",
                            "DATABASES names mariadb, and there is no target whimbrel::mariadb; they are the components")
        self.assert_refused("add_library(x INTERFACE)\nadd_library(whimbrel::sqlite ALIAS x)\n"
                            "whimbrel_add_migrations(m DIRECTORY a DATABASES sqlite sqlite)",
                            "DATABASES names sqlite twice")
        self.assert_refused("whimbrel_add_migrations(m DIRECTORY a DATABASES)", "DATABASES names no database")


if __name__ == "__main__":
    unittest.main()
