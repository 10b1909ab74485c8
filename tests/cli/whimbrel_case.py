"""What the tests of the command line share: a directory, the commands, and terminals."""

import fcntl
import os
import pty
import re
import select
import sqlite3
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

PREFIX = Path(os.environ["PREFIX"]).resolve()
WHIMBREL = PREFIX / "bin" / "whimbrel"
HERE = Path(__file__).resolve().parent

# The entity of the complete example after its fourth step.
USER_WITH_EMAIL = """#pragma once

#include <whimbrel/entity.h>

#include <cstdint>
#include <string>

struct User {
  std::int32_t id{};
  std::string email;
  std::string password;

  static void describe(whimbrel::Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
    user.column<&User::password>();
  }
};
"""


def clean_environment(**more):
    """The caller's, without what would change what the commands do."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("WHIMBREL_URL", "DATABASE_URL", "NO_COLOR", "SOURCE", "PREFIX")
                   and not name.startswith("PG")}
    # The compiler's cache shall know a project again that is in another temporary directory.
    return {**environment, "TERM": "xterm", "LC_ALL": "C.UTF-8", "CCACHE_BASEDIR": tempfile.gettempdir(), **more}


class Result:
    def __init__(self, code, out, error):
        self.code = code
        self.out = out
        self.error = error


def run(*arguments, cwd, **environment):
    result = subprocess.run([str(argument) for argument in arguments], cwd=cwd, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, check=False, env=clean_environment(**environment))
    return Result(result.returncode, result.stdout, result.stderr)


def run_on_terminal(arguments, answers, cwd, **environment):
    """Runs with a terminal; gives each answer when its question, a part of the output, has appeared."""
    try:
        master, slave = pty.openpty()
    except OSError as error:  # A system without /dev/pts, a bare chroot.
        raise unittest.SkipTest(f"no terminal can be opened: {error}") from error
    process = subprocess.Popen([str(argument) for argument in arguments], cwd=cwd, stdin=slave, stdout=slave,
                               stderr=slave, env=clean_environment(**environment), start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)
    output = ""
    answers = list(answers)
    seen = 0
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if answers and answers[0][0] in output[seen:]:
            seen = len(output)
            os.write(master, answers.pop(0)[1].encode() + b"\n")
        ready, _, _ = select.select([master], [], [], 0.1)
        if not ready:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:  # Linux says so when the other end is closed.
            break
        if not data:
            break
        output += data.decode()
    os.close(master)
    if process.poll() is None:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return Result(process.returncode, output.replace("\r\n", "\n"), "")


def statements(text):
    """The statements of a migration file, up and down."""
    up, down = text.split("void down(")
    literal = re.compile(r'query_runner\.query\(R"sql\((.*?)\)sql"\);', re.S)
    return {"up": literal.findall(up), "down": literal.findall(down)}


class WhimbrelCase(unittest.TestCase):
    """A test in a directory of its own."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name).resolve()

    def assert_code(self, result, code):
        self.assertEqual(result.code, code, result.out + result.error)
        return result

    @staticmethod
    def sql(database, *statements):
        """The rows of the last statement."""
        connection = sqlite3.connect(database)
        try:
            rows = []
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            connection.commit()
            return rows
        finally:
            connection.close()


class OnSqlite:
    """The databases of a WhimbrelCase are files in its directory."""

    def new_url(self, name):
        """Of a database that nobody else has."""
        return f"sqlite:{self.directory}/{name}.db"

    @staticmethod
    def path_of(url):
        return Path(url.removeprefix("sqlite:"))

    def rows_of(self, url, *statements):
        """The rows of the last statement."""
        return WhimbrelCase.sql(self.path_of(url), *statements)

    def tables_of(self, url):
        """All that has a name of its own."""
        if not self.path_of(url).exists():
            return []
        names = self.rows_of(url, "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name")
        return [name for name, in names]
