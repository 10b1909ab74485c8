#!/usr/bin/env python3
"""Kills migrations at random times, and lets the next command finish or undo them: scripts/kills builds what it takes.

    kills.py [--rounds N] [--seed N] [--only ROUND]... [--verbose]

    --rounds N      how many (200)
    --seed N        what the rounds are drawn from; by default another one each time, which is printed
    --only ROUND    this round of the seed, or several
    --verbose       a line for each command

Each round has a new database with tables and rows, on which one of the migrations of tests/kills/migrations runs. At a
random time the runner, the server or the connection is killed; the next run may be killed, too. At the end, schema, rows
and history must be those of a database on which nothing was killed. It exits with 1 if they are not.

KILLS_PROGRAM is the program of program.cpp; tests/support/mysql_server.py says how another server is chosen.
"""

import argparse
import collections
import dataclasses
import difflib
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from mysql_server import Failure, Server, die_with_parent, stop  # noqa: E402

PROGRAM = os.environ.get("KILLS_PROGRAM", "")
DATABASE = "shop"
FIRST = "Shop1700000000001"
COMMANDS = {"migrations": ["migrations"], "revertmigration": ["revertmigration", "--to", FIRST]}
KINDS = ("runner", "server", "connection")
LONGEST_RUN = 180  # Seconds; a runner that takes more hangs.
REFUSAL = re.compile(r"whimbrel cannot undo what it did: (.*?)\. Nothing was changed\..*Complete it with `(\w+)`",
                     re.DOTALL)
SHOWN_LINES = 60
OWN_TABLES = {"migrations", "migrations_journal"}
TRIGGERS = ("SELECT TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_STATEMENT, ACTION_TIMING, ACTION_ORDER, "
            "SQL_MODE, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION FROM information_schema.TRIGGERS WHERE "
            "TRIGGER_SCHEMA = DATABASE()")


class Wrong(Exception):
    """A round that did not end as it must."""


class DurableServer(Server):
    """What was committed survives a kill."""

    def __init__(self):
        super().__init__({"innodb-flush-log-at-trx-commit": "1", "innodb-flush-method": "fsync",
                          "innodb-doublewrite": "ON"})

    def restart(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def ask(self, *statements, database=DATABASE):
        """The rows as lines, with tabs between columns."""
        command = ["mariadb", "--no-defaults", "--user=root", f"--socket={self.socket}", "--batch",
                   "--skip-column-names", "--default-character-set=utf8mb4", database]
        done = subprocess.run(command, input=";\n".join(statements), capture_output=True, text=True, check=False,
                              timeout=LONGEST_RUN)
        if done.returncode != 0:
            raise Failure(f"{'; '.join(statements)[:200]}: {done.stderr}")
        return done.stdout.splitlines()

    def make_database(self):
        self.ask(f"DROP DATABASE IF EXISTS {DATABASE}",
                 f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", database="")

    def contents(self):
        """Each definition, and the rows of each table and view in an order of their own, as lines."""
        tables = [line.split("\t") for line in self.ask("SHOW FULL TABLES")]
        lines = sorted(self.ask(TRIGGERS))
        for name, kind in sorted(tables):
            [definition] = self.ask(f"SHOW CREATE {'VIEW' if kind == 'VIEW' else 'TABLE'} `{name}`")
            lines += re.sub(r" AUTO_INCREMENT=\d+", "", definition).split("\\n")
            if name not in OWN_TABLES:
                lines += sorted(f"{name}: {row}" for row in self.ask(f"SELECT * FROM `{name}`"))
        return lines

    def kill_connections(self):
        """Those of the runner; returns whether it had one."""
        # MySQL's information_schema fails if any session runs a statement with characters of four bytes.
        sessions = [line.split("\t") for line in self.ask("SHOW PROCESSLIST", database="")]
        numbers = [one[0] for one in sessions if one[1] == "root" and one[7] != "SHOW PROCESSLIST"]
        killed = False
        for number in numbers:
            try:
                self.ask(f"KILL {number}", database="")
                killed = True
            except Failure as error:  # It has ended.
                if "ERROR 1094" not in str(error):
                    raise
        return killed


@dataclasses.dataclass
class Course:
    """A migration, the seconds that it takes in each direction, and what a database is like before and after it."""

    name: str
    seconds: dict
    contents: dict


class Program:
    """Runs commands with one of the migrations."""

    def __init__(self, server, migration, log):
        self.environment = {**os.environ, "KILLS_URL": server.url.replace("/?", f"/{DATABASE}?"),
                            "KILLS_MIGRATION": migration}
        self.migration, self.log = migration, log

    def start(self, *arguments):
        return subprocess.Popen([PROGRAM, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent)

    def finish(self, runner, what, quiet=False):
        """Its output and exit code, also of one that was killed."""
        try:
            output, _ = runner.communicate(timeout=LONGEST_RUN)
        except subprocess.TimeoutExpired:
            runner.kill()
            output, _ = runner.communicate()
            raise Wrong(f"{what} did not end:\n{output}") from None
        self.log(f"{what}: exit code {runner.returncode}" + ("" if quiet else "\n" + output))
        return output, runner.returncode

    def run(self, *arguments, quiet=False):
        return self.finish(self.start(*arguments), arguments[0], quiet)

    def must_run(self, *arguments, quiet=False):
        output, code = self.run(*arguments, quiet=quiet)
        if code != 0:
            raise Wrong(f"{arguments[0]} failed with {code}:\n{output}")
        return output

    def status(self):
        """Of the second migration."""
        output = self.must_run("status", "--json", quiet=True)
        try:
            status = {one["name"]: one for one in json.loads(output)["migrations"]}[self.migration]
            self.log(f"applied: {status['applied']}, statements in the journal: {status['partial']}")
            return status
        except (ValueError, KeyError, TypeError):
            raise Wrong(f"status does not say where the migration stands:\n{output}") from None


def measure(server, name):
    """Runs the migration in both directions without kills."""
    server.make_database()
    Program(server, "", lambda _: None).must_run("migrations")
    course = Course(name, {}, {})
    course.contents["revertmigration"] = server.contents()
    program = Program(server, name, lambda _: None)
    for command, arguments in COMMANDS.items():
        begin = time.monotonic()
        program.must_run(*arguments)
        course.seconds[command] = time.monotonic() - begin
        found = server.contents()
        require_equal(course.contents.setdefault(command, found), found, f"{command} of {name} without kills")
    return course


def require_equal(expected, found, what):
    if expected == found:
        return
    lines = [line if len(line) <= 300 else line[:300] + " ..."
             for line in difflib.unified_diff(expected, found, "expected", "found", lineterm="", n=0)]
    if len(lines) > SHOWN_LINES:
        lines[SHOWN_LINES:] = [f"... {len(lines) - SHOWN_LINES} more lines"]
    raise Wrong(f"{what}: schema or rows differ:\n" + "\n".join(lines))


class Round:
    def __init__(self, server, courses, name, counts, verbose):
        self.server, self.counts, self.verbose = server, counts, verbose
        self.random = random.Random(name)
        self.course = self.random.choice(courses)
        self.events = []
        self.program = Program(server, self.course.name, self.log)

    def log(self, text):
        self.events.append(text.strip())
        if self.verbose:
            print("  " + text.strip().replace("\n", "\n    "), flush=True)

    def run(self):
        self.log(self.course.name)
        self.server.make_database()
        Program(self.server, "", lambda _: None).must_run("migrations")
        command = "migrations"
        for _ in range(self.random.choice((1, 1, 2, 3))):
            status = self.run_and_kill(command)
            command = self.random.choice(list(COMMANDS))
            if status["partial"] is None:  # The one that has something to do.
                command = "revertmigration" if status["applied"] else "migrations"
        self.finish(self.random.choice(list(COMMANDS)))

    def run_and_kill(self, command):
        """Returns where the migration stands then."""
        kind = self.random.choice(KINDS)
        seconds = self.course.seconds[command] * self.random.uniform(0, 1.1)
        if command == "revertmigration":  # It runs both directions on a scratch database before.
            seconds *= 2
        what = f"{command}, {kind} killed after {seconds:.3f} s"
        runner = self.program.start(*COMMANDS[command])
        try:
            runner.wait(seconds)
            what = f"{command}, not killed"
            was_killed = False
        except subprocess.TimeoutExpired:
            was_killed = self.kill(kind, runner)
        output, code = self.program.finish(runner, what)
        if code < 0 and not (was_killed and kind == "runner"):
            raise Wrong(f"{what}: the runner crashed with {code}:\n{output}")
        if code > 0 and not was_killed and not self.is_refused(output):
            raise Wrong(f"{what}: it failed with {code}:\n{output}")
        status = self.program.status()
        self.counts["inside"] += was_killed and status["partial"] is not None
        return status

    def kill(self, kind, runner):
        """Returns whether there was one."""
        if kind == "runner":
            runner.kill()
        elif kind == "server":
            self.server.restart()
        elif not self.server.kill_connections():
            return False
        self.counts[kind] += 1
        return True

    def is_refused(self, output):
        refusal = REFUSAL.search(output)
        if refusal is None:
            return None
        self.counts["refused"] += 1
        return refusal[2]

    def finish(self, command):
        output, code = self.program.run(*COMMANDS[command])
        if code != 0:
            other = self.is_refused(output)
            if other not in COMMANDS or other == command:
                raise Wrong(f"{command} failed with {code}:\n{output}")
            command = other
            self.program.must_run(*COMMANDS[command])
        self.require(command)
        self.counts["continued" if command == "migrations" else "reverted"] += 1

    def require(self, command):
        """The database is as after this command without kills."""
        require_equal(self.course.contents[command], self.server.contents(), f"after {command}")
        status = self.program.status()
        if status["partial"] is not None or status["applied"] != (command == "migrations"):
            raise Wrong(f"after {command}, the status is {status}")
        names = [FIRST] + [self.course.name] * status["applied"]
        history = self.server.ask("SELECT name FROM migrations ORDER BY id")
        if history != names:
            raise Wrong(f"after {command}, the history is {history}")
        journal = self.server.ask("SELECT COUNT(*) FROM migrations_journal")
        if journal != ["0"]:
            raise Wrong(f"after {command}, the journal has {journal} rows")


def run_rounds(server, arguments):
    names = subprocess.run([PROGRAM], capture_output=True, text=True, check=True).stdout.split()
    [version] = server.ask("SELECT version()", database="")
    print(f"{'MariaDB' if server.is_mariadb else 'MySQL'} {version}, seed {arguments.seed}", flush=True)
    other = "Mysql" if server.is_mariadb else "Mariadb"  # What was generated for the other server.
    courses = [measure(server, name) for name in names if other not in name]
    for course in courses:
        print(f"  {course.name}: up {course.seconds['migrations']:.2f} s, down {course.seconds['revertmigration']:.2f} s",
              flush=True)
    counts = collections.Counter()
    try:
        try_rounds(server, courses, arguments, counts)
    finally:
        print(f"{counts['rounds']} rounds; killed: {counts['runner']} runners, {counts['server']} servers, "
              f"{counts['connection']} connections, {counts['inside']} of them inside the migration; "
              f"{counts['continued']} continued, {counts['reverted']} reverted, {counts['refused']} refused, "
              f"{counts['failed']} failed", flush=True)
    return 1 if counts["failed"] else 0


def try_rounds(server, courses, arguments, counts):
    for number in arguments.only or range(1, arguments.rounds + 1):
        counts["rounds"] += 1
        one = Round(server, courses, f"{arguments.seed}:{number}", counts, arguments.verbose)
        try:
            one.run()
        except Wrong as wrong:
            counts["failed"] += 1
            print(f"\nRound {number} of seed {arguments.seed} failed (--seed {arguments.seed} --only {number}):\n{wrong}\n"
                  "What was done:\n  " + "\n".join(one.events).replace("\n", "\n  "), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1000000))
    parser.add_argument("--only", type=int, action="append", metavar="ROUND")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    try:
        with DurableServer() as server:
            return run_rounds(server, arguments)
    except KeyboardInterrupt:
        return 130
    except (Failure, Wrong, OSError) as error:
        print(f"kills.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
