"""A program that is built once, and its commands as tests run them."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from whimbrel_case import HERE, WHIMBREL, WhimbrelCase, clean_environment, run, run_on_terminal

project = None
program = None


def build_program():
    """For setUpModule."""
    global project, program
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    project = Path(temporary.name).resolve() / "program"
    shutil.copytree(HERE / "program", project)
    built = run(WHIMBREL, "version", cwd=project)
    assert built.code == 0, built.error
    built = run(WHIMBREL, "status", cwd=project / "src", WHIMBREL_URL="sqlite::memory:")
    assert built.code == 0, built.error
    program = (project / "build" / "whimbrel" / "manage.path").read_text(encoding="utf-8").strip()


class Commands(WhimbrelCase):
    """A test with a database, which the file's own class has: new_url(), rows_of(url, statements), tables_of(url)."""

    def setUp(self):
        super().setUp()
        self.url = self.new_url("program")
        self.migrations = self.directory / "migrations"
        self.environment = {"PROGRAM_URL": self.url, "MIGRATIONS_DIRECTORY": str(self.migrations)}

    def manage(self, *arguments, code=0, **environment):
        return self.assert_code(run(program, *arguments, cwd=self.directory, **self.environment, **environment), code)

    def whimbrel(self, *arguments, code=0, **environment):
        """In the program's own directory."""
        return self.assert_code(run(WHIMBREL, *arguments, cwd=project, **environment), code)

    def on_terminal(self, arguments, answers, code=0, **environment):
        result = run_on_terminal([program, *arguments], answers, cwd=self.directory, **self.environment, **environment)
        return self.assert_code(result, code)

    def start(self, *arguments, **environment):
        return subprocess.Popen([program, *arguments], cwd=self.directory, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True,
                                env=clean_environment(**self.environment, **environment))

    def rows(self, *statements):
        """The rows of the last statement."""
        return self.rows_of(self.url, *statements)

    def tables(self):
        return self.tables_of(self.url)

    def make_first(self, *statements):
        self.manage("synchronize")
        if statements:
            self.rows(*statements)

    def files(self):
        return sorted(self.migrations.iterdir()) if self.migrations.exists() else []
