#!/usr/bin/env python3
"""A program that uses the package: consumer_test.py find_package|add_subdirectory"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

WAY = sys.argv.pop(1)
CMAKE = os.environ["CMAKE"]
HERE = Path(__file__).resolve().parent


def run(*arguments, **options):
    return subprocess.run([str(argument) for argument in arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, **options)


def configure(source, build, *more):
    """The package of the installed copy, or none but the one in the source tree."""
    way = f"-DWHIMBREL_SOURCE={os.environ['SOURCE']}"
    if WAY == "find_package":
        way = f"-DCMAKE_PREFIX_PATH={os.environ['PREFIX']}"
    return run(CMAKE, "-S", source, "-B", build, way,
               f"-DWHIMBREL_WARNINGS_AS_ERRORS={os.environ['WARNINGS_AS_ERRORS']}", *more)


class Consumer(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        # A path with a blank: nothing may take it apart.
        self.project = Path(temporary.name).resolve() / "the project"
        self.build_directory = self.project / "build"
        self.options = []
        if WAY == "add_subdirectory":
            # The library is built beside the build that is tested, with the same flags and, by make, from its own
            # directory, where all files have the same relative paths: the compiler's cache knows them.
            beside = tempfile.TemporaryDirectory(prefix="consumer-", dir=Path(os.environ["PREFIX"]).parent.parent)
            self.addCleanup(beside.cleanup)
            build_type = os.environ["TESTED_BUILD_TYPE"]
            self.options = ["-G", "Unix Makefiles", f"-DWHIMBREL_DIRECTORY={beside.name}",
                            f"-DCMAKE_BUILD_TYPE={build_type}",
                            f"-DCMAKE_CXX_FLAGS_{build_type.upper()}={os.environ['TESTED_FLAGS']}"]
        shutil.copytree(HERE / "consumer", self.project)

    def assert_done(self, result):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def build(self, target):
        return run(CMAKE, "--build", self.build_directory, "--parallel", os.cpu_count(), "--target", target)

    def test_a_program_is_built_and_a_new_migration_is_part_of_it_without_a_step_by_hand(self):
        self.assert_done(configure(self.project, self.build_directory, *self.options))
        migrations = self.project / "data" / "my migrations"
        self.assertTrue(migrations.is_dir())
        self.assertIn(f"0 migrations in {migrations}, 0 others", self.assert_done(self.build("migrations")))

        path_file = self.build_directory / "whimbrel" / "tool.path"
        tool = Path(path_file.read_text(encoding="utf-8").strip())
        self.assert_done(run(tool, "newmigration", "add-email", cwd=self.project))
        self.assertEqual(len(list(migrations.iterdir())), 1)

        output = self.assert_done(self.build("migrations"))
        self.assertIn(f"1 migrations in {migrations}, 0 others", output)
        self.assertIn("Ran AddEmail", output)
        self.assertTrue((self.project / "app.db").exists())
        self.assertIn("Reverted AddEmail", self.assert_done(self.build("revertmigration")))


MIGRATION = """
#include <whimbrel/migration.h>

class Nothing1561981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override { query_runner.query("SELECT 1"); }
  void down(whimbrel::QueryRunner&) override {}
};

WHIMBREL_MIGRATION(Nothing1561981516514);
"""


@unittest.skipUnless(WAY == "find_package", "about what the installed package adds")
class Optimization(unittest.TestCase):
    def last_level(self, addition):
        with tempfile.TemporaryDirectory() as directory:
            project = Path(directory)
            (project / "migrations").mkdir()
            (project / "migrations" / "1561981516514-nothing.cpp").write_text(MIGRATION, encoding="utf-8")
            (project / "CMakeLists.txt").write_text(
                "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n"
                "find_package(whimbrel CONFIG REQUIRED)\n"
                f"whimbrel_add_migrations(app_migrations DIRECTORY migrations)\n{addition}\n", encoding="utf-8")
            build = project / "build"
            flags = "-D_FORTIFY_SOURCE=2 -Wall -Wextra -Wnon-virtual-dtor -Wmissing-declarations -Werror"
            configured = configure(project, build, "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_CXX_FLAGS={flags}",
                                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
            self.assertEqual(configured.returncode, 0, configured.stderr)
            built = run(CMAKE, "--build", build, "--target", "app_migrations")
            self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
            commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
            command = next(entry["command"] for entry in commands if entry["file"].endswith("nothing.cpp"))
            return re.findall(r" -O(\S+)", command)[-1]

    def test_migrations_are_not_optimized_in_a_release_build_and_compile_without_a_warning(self):
        self.assertEqual(self.last_level(""), "0")

    def test_a_project_can_optimize_them(self):
        self.assertEqual(self.last_level("target_compile_options(app_migrations PRIVATE -O2 -D_FORTIFY_SOURCE=2)"), "2")


TWO_LIBRARIES = {
    "CMakeLists.txt": """
cmake_minimum_required(VERSION 3.25)
project(p LANGUAGES CXX)
add_subdirectory(program)
""",
    # The package is found where it is used, and seen nowhere else.
    "program/CMakeLists.txt": """
find_package(whimbrel CONFIG REQUIRED COMPONENTS sqlite postgres)
add_library(stranger STATIC stranger.cpp)
target_link_libraries(stranger PRIVATE whimbrel::core)
add_library(keeper STATIC keeper.cpp)
target_link_libraries(keeper PRIVATE whimbrel::sqlite)
add_executable(program main.cpp)
target_link_libraries(program PRIVATE stranger keeper)
add_executable(strange_program main.cpp)
target_compile_definitions(strange_program PRIVATE WITHOUT_KEEPER)
target_link_libraries(strange_program PRIVATE stranger)
""",
    "program/stranger.cpp": """
#include <whimbrel/data_source.h>
int drivers_of_stranger() { return static_cast<int>(whimbrel::DataSourceOptions().drivers.size); }
""",
    "program/keeper.cpp": """
#include <whimbrel/data_source.h>
#include <whimbrel/query_runner.h>
int rows_of_keeper() {
  whimbrel::DataSourceOptions options;
  options.url = "sqlite::memory:";
  return static_cast<int>(whimbrel::DataSource(options).query_runner().query("SELECT 1").size());
}
""",
    "program/main.cpp": """
#include <cstdio>
int drivers_of_stranger();
int rows_of_keeper();
int main() {
  std::printf("%d drivers\\n", drivers_of_stranger());
#ifndef WITHOUT_KEEPER
  std::printf("%d rows\\n", rows_of_keeper());
#endif
}
""",
}


PACKAGES_FOR_ALL = {
    "CMakeLists.txt": """
cmake_minimum_required(VERSION 3.25)
project(p LANGUAGES CXX)
add_subdirectory(packages)
add_subdirectory(program)
""",
    "packages/CMakeLists.txt": """
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(whimbrel CONFIG REQUIRED)
""",
    "program/CMakeLists.txt": """
add_executable(program main.cpp)
target_link_libraries(program PRIVATE whimbrel::sqlite)
""",
    "program/main.cpp": """
#include <whimbrel/data_source.h>
int main() { return whimbrel::DataSourceOptions().drivers.size == 1 ? 0 : 1; }
""",
}


def build_project(directory, files):
    """Where its programs are."""
    for path, text in files.items():
        (directory / path).parent.mkdir(exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")
    for step in (configure(directory, directory / "build"), run(CMAKE, "--build", directory / "build")):
        if step.returncode != 0:
            raise AssertionError(step.stdout + step.stderr)
    return directory / "build" / "program"


@unittest.skipUnless(WAY == "find_package", "about what the installed package adds")
class Drivers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.programs = build_project(Path(temporary.name), TWO_LIBRARIES)

    def output_of(self, program):
        return run(self.programs / program).stdout.splitlines()

    def test_a_source_sees_the_drivers_of_its_program_whatever_its_own_library_links(self):
        self.assertEqual(self.output_of("program"), ["1 drivers", "1 rows"])

    def test_a_program_without_a_database_has_no_driver(self):
        self.assertEqual(self.output_of("strange_program"), ["0 drivers"])

    def test_a_program_that_links_sqlite_alone_loads_no_other_client_library(self):
        loaded = run("ldd", self.programs / "program").stdout
        self.assertIn("libsqlite3", loaded)
        self.assertNotIn("libpq", loaded)

    def test_the_package_may_be_found_in_another_directory_than_the_program(self):
        with tempfile.TemporaryDirectory() as directory:
            programs = build_project(Path(directory), PACKAGES_FOR_ALL)
            self.assertEqual(run(programs / "program").returncode, 0)


@unittest.skipUnless(WAY == "find_package", "about the installed package")
class Package(unittest.TestCase):
    def configure(self, call):
        with tempfile.TemporaryDirectory() as directory:
            project = f"cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n{call}\n"
            Path(directory, "CMakeLists.txt").write_text(project, encoding="utf-8")
            return configure(directory, f"{directory}/build")

    def assert_found(self, call):
        result = self.configure(call + "\nif(NOT TARGET whimbrel::sqlite)\n  message(FATAL_ERROR none)\nendif()")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_sqlite_is_a_component_and_the_default(self):
        self.assert_found("find_package(whimbrel CONFIG REQUIRED)")
        self.assert_found("find_package(whimbrel CONFIG REQUIRED COMPONENTS sqlite)")
        self.assert_found("find_package(whimbrel CONFIG REQUIRED COMPONENTS sqlite OPTIONAL_COMPONENTS oracle)")
        self.assert_found("find_package(whimbrel CONFIG REQUIRED)\nfind_package(whimbrel CONFIG REQUIRED)")

    def test_postgres_is_a_component_that_the_commands_bring_where_it_is_asked_for(self):
        check = ("\nget_target_property(linked whimbrel::manage INTERFACE_LINK_LIBRARIES)"
                 "\nif({} \"whimbrel::postgres\" IN_LIST linked)\n  message(FATAL_ERROR \"${{linked}}\")\nendif()")
        self.assert_found("find_package(whimbrel CONFIG REQUIRED COMPONENTS sqlite postgres)" + check.format("NOT"))
        self.assert_found("find_package(whimbrel CONFIG REQUIRED)" + check.format(""))

    def test_an_unknown_component_is_told_with_those_that_there_are(self):
        result = self.configure("find_package(whimbrel CONFIG REQUIRED COMPONENTS sqlite oracle)")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn('has no component "oracle"; it has: sqlite, postgres', " ".join(result.stderr.split()))

    def test_without_required_an_unknown_component_only_means_that_nothing_is_found(self):
        call = "find_package(whimbrel CONFIG QUIET COMPONENTS oracle)\nif(whimbrel_FOUND)\n  message(FATAL_ERROR)\nendif()"
        self.assertEqual(self.configure(call).returncode, 0)

    def test_another_minor_version_is_not_compatible(self):
        result = self.configure("find_package(whimbrel 0.99 CONFIG REQUIRED)")
        self.assertIn("requested version", " ".join(result.stderr.split()))
        self.assertNotEqual(result.returncode, 0)


if __name__ == "__main__":
    unittest.main()
