#!/usr/bin/env python3
"""Runs the commands of a document and compares what they print with what the document says.

    replay.py [--accept] --repository DIR [--prefix DIR] DOCUMENT.md

A document is run from top to bottom in an empty directory, with the programs of the installed copy in --prefix.

    ```console                 the lines after `$ ` are run, the lines below are what they must print;
    $ command                  a line `...` stands for any lines. A command that fails must be followed by
    expected output            `$ echo $?`. Directory and variables last until the end of the document.
    ```

    ```cpp file=src/user.h     the text is written to that file, seen from the current directory.

    <!-- ends like: examples/complete -->    every file of that directory of the repository is here and is the same.

    <!-- part of: tests/a.cpp -->    the next block stands in that file of the repository, line for line.

    <!-- needs: postgresql -->   the commands have a PostgreSQL server of their own, where the environment says, and
                                 PostgreSQL's programs.

    <!-- needs: mariadb -->      the same with a MariaDB server.

What differs from run to run may differ from the document: points in time, durations, checksums. The timestamps of
migrations (13 digits) may differ as well, but two of them are equal in the document where they are equal in the
output; in commands and files the document's timestamps become the real ones. The directory that the document runs in
is /home/ada, the prefix is /usr/local.

--accept writes what the commands print into the document, for review.
"""

import argparse
import contextlib
import difflib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import mysql_server
import postgres_server

HOME_IN_DOCUMENTS = "/home/ada"
PREFIX_IN_DOCUMENTS = "/usr/local"
TIMEOUT_SECONDS = 600

FENCE = re.compile(r"^```(\S*)\s*(.*)$")
ENDS_LIKE = re.compile(r"^<!-- ends like: (\S+) -->$")
PART_OF = re.compile(r"^<!-- part of: (\S+) -->$")
NEEDS_POSTGRESQL = "<!-- needs: postgresql -->"
NEEDS_MARIADB = "<!-- needs: mariadb -->"
VOLATILE = re.compile(
    r"(?P<timestamp>(?<!\d)\d{13}(?!\d))"
    r"|(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)"
    r"|(?P<duration>\d+(?:\.\d+)? ?(?:ms|s)\b)"
    r"|(?P<checksum>\b[0-9a-f]{64}\b)"
)


class Mismatch(Exception):
    """The document and the run differ."""


@dataclass
class Command:
    line: int
    text: str
    first_output_line: int  # index into the document's lines
    expected: list = field(default_factory=list)


@dataclass
class File:
    line: int
    path: str
    text: str


@dataclass
class EndsLike:
    line: int
    directory: str


@dataclass
class PartOf:
    line: int
    path: str
    lines: list


def parse_console(lines, first):
    commands = []
    continued = False
    for index, line in enumerate(lines, first):
        if continued:
            commands[-1].text += "\n" + line
            commands[-1].first_output_line = index + 1
        elif line.startswith("$ "):
            commands.append(Command(index + 1, line[2:], index + 1))
        elif commands:
            commands[-1].expected.append(line)
            continue
        else:
            raise Mismatch(f"line {index + 1}: a console block begins with a command, `$ ...`")
        continued = line.endswith("\\")
    return commands


def parse(text):
    """The steps of a document in their order."""
    steps = []
    lines = text.splitlines()
    index = 0
    part_of = None
    while index < len(lines):
        ends_like = ENDS_LIKE.match(lines[index])
        part_of = PART_OF.match(lines[index]) or part_of
        fence = FENCE.match(lines[index])
        index += 1
        if ends_like:
            steps.append(EndsLike(index, ends_like.group(1)))
        if not fence:
            continue
        first = index
        while index < len(lines) and lines[index] != "```":
            index += 1
        if index == len(lines):
            raise Mismatch(f"line {first}: the block is not closed")
        block = lines[first:index]
        index += 1
        language, attributes = fence.groups()
        if part_of:
            steps.append(PartOf(first, part_of.group(1), block))
            part_of = None
            continue
        if language == "console":
            steps += parse_console(block, first)
        elif attributes.startswith("file="):
            steps.append(File(first, attributes.removeprefix("file="), "".join(line + "\n" for line in block)))
    if part_of:
        raise Mismatch(f"no block after {part_of.group()}")
    return steps


class Timestamps:
    """Which timestamp of the document is which one of this run."""

    def __init__(self, pairs=()):
        self.pairs = dict(pairs)

    def bind(self, in_document, real):
        """Another Timestamps with the pair, or None if it contradicts what is known."""
        if self.pairs.get(in_document, real) != real:
            return None
        if any(known == real and name != in_document for name, known in self.pairs.items()):
            return None
        return Timestamps({**self.pairs, in_document: real})

    def to_real(self, text):
        return re.sub(r"(?<!\d)\d{13}(?!\d)", lambda match: self.pairs.get(match.group(), match.group()), text)

    def to_document(self, text):
        names = {real: name for name, real in self.pairs.items()}
        return re.sub(r"(?<!\d)\d{13}(?!\d)", lambda match: names.get(match.group(), match.group()), text)


def match_line(expected, actual, timestamps):
    """The timestamps after the match, None if the lines differ."""
    expected_parts = list(VOLATILE.finditer(expected))
    actual_parts = list(VOLATILE.finditer(actual))
    if VOLATILE.sub("\0", expected) != VOLATILE.sub("\0", actual):
        return None
    for wanted, found in zip(expected_parts, actual_parts):
        if wanted.lastgroup != found.lastgroup:
            return None
        if wanted.lastgroup == "timestamp":
            timestamps = timestamps.bind(wanted.group(), found.group())
            if timestamps is None:
                return None
    return timestamps


def match_lines(expected, actual, timestamps):
    if not expected:
        return None if actual else timestamps
    if expected[0] == "...":
        for skipped in range(len(actual) + 1):
            matched = match_lines(expected[1:], actual[skipped:], timestamps)
            if matched is not None:
                return matched
        return None
    if not actual:
        return None
    timestamps = match_line(expected[0], actual[0], timestamps)
    return None if timestamps is None else match_lines(expected[1:], actual[1:], timestamps)


class Session:
    """A shell that keeps its directory, its variables and the last exit code from one command to the next."""

    def __init__(self, home, prefix):
        self.home = home
        self.prefix = prefix
        self.directory = home
        self.state = home.parent / "state"
        self.state.write_text("", encoding="utf-8")
        self.code = 0
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("WHIMBREL_", "PG")) and name not in ("DATABASE_URL", "CMAKE_GENERATOR", "CDPATH")
        }
        self.environment.update(HOME=str(home), LC_ALL="C.UTF-8", TERM="dumb")
        if prefix:
            self.environment["PATH"] = f"{prefix}/bin:{self.environment['PATH']}"
            self.environment["CMAKE_PREFIX_PATH"] = str(prefix)
            # As if it were installed where compilers look.
            self.environment["CPLUS_INCLUDE_PATH"] = f"{prefix}/include"

    def use(self, server):
        """Lets PostgreSQL's programs and libpq find the server."""
        self.environment.update(PGHOST=server.directory, PGUSER="postgres")
        self.environment["PATH"] += f":{server.programs}"

    def run(self, text):
        """What the command prints, in lines."""
        script = f"""
            source '{self.state}'
            cd '{self.directory}'
            finish() {{ code=$?; export -p >'{self.state}'; pwd >'{self.state}.directory'; exit $code; }}
            trap finish EXIT
            (exit {self.code})
        """
        result = subprocess.run(
            ["bash", "-c", script + "\n" + text],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        self.code = result.returncode
        self.directory = Path(Path(f"{self.state}.directory").read_text(encoding="utf-8").rstrip("\n"))
        output = result.stdout.replace(str(self.home), HOME_IN_DOCUMENTS)
        if self.prefix:
            output = output.replace(str(self.prefix), PREFIX_IN_DOCUMENTS)
        return [line.rstrip() for line in output.splitlines()]


def difference(command, actual):
    diff = difflib.unified_diff(command.expected, actual, "the document", "this run", lineterm="", n=3)
    return f"line {command.line}: $ {command.text}\n" + "\n".join(diff)


def write_file(step, session, timestamps):
    path = session.directory / timestamps.to_real(step.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(timestamps.to_real(step.text), encoding="utf-8")


def check_ends_like(step, session, repository):
    model = repository / step.directory
    files = [path for path in sorted(model.rglob("*")) if path.is_file()]
    if not files:
        raise Mismatch(f"line {step.line}: {step.directory} has no files")
    for path in files:
        here = session.directory / path.relative_to(model)
        if not here.exists():
            raise Mismatch(f"line {step.line}: {path.relative_to(model)} is in {step.directory}, but not here")
        wanted, found = (file.read_text(encoding="utf-8").splitlines() for file in (path, here))
        if wanted != found:
            diff = difflib.unified_diff(wanted, found, str(path.relative_to(repository)), "this run", lineterm="")
            raise Mismatch(f"line {step.line}:\n" + "\n".join(diff))


def check_part_of(step, repository):
    path = repository / step.path
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    count = len(step.lines)
    if not any(lines[first : first + count] == step.lines for first in range(len(lines) - count + 1)):
        raise Mismatch(f"line {step.line}: these lines do not stand in {step.path}")


def check_exit_codes(steps, index, session):
    """A failure that the document does not speak of is an error."""
    following = steps[index + 1] if index + 1 < len(steps) else None
    if session.code != 0 and not (isinstance(following, Command) and following.text.startswith("echo $?")):
        raise Mismatch(f"line {steps[index].line}: $ {steps[index].text}\nexit code {session.code}, which the document does not show")


def replay(text, repository, prefix, accept=False):
    """Runs the document and returns it, with the real output if that is accepted. Throws Mismatch."""
    steps = parse(text)
    commands = [step for step in steps if isinstance(step, Command)]
    if not commands and not any(isinstance(step, PartOf) for step in steps):
        raise Mismatch("the document has no commands, and quotes no file")
    timestamps = Timestamps()
    replacements = []
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="whimbrel-docs-"))).resolve() / "home"
        home.mkdir()
        session = Session(home, prefix)
        if NEEDS_POSTGRESQL in text.splitlines():
            session.use(stack.enter_context(postgres_server.Server()))
        if NEEDS_MARIADB in text.splitlines():
            server = stack.enter_context(mysql_server.Server())
            session.environment.update(MYSQL_UNIX_PORT=server.socket)
            # The settings of the system name a socket, too.
            (session.directory / ".my.cnf").write_text(f"[client]\nsocket={server.socket}\nuser=root\n", encoding="utf-8")
        for index, step in enumerate(steps):
            if isinstance(step, File):
                write_file(step, session, timestamps)
                continue
            if isinstance(step, EndsLike):
                check_ends_like(step, session, repository)
                continue
            if isinstance(step, PartOf):
                check_part_of(step, repository)
                continue
            actual = session.run(timestamps.to_real(step.text))
            matched = match_lines(step.expected, actual, timestamps)
            if matched is None and not accept:
                raise Mismatch(difference(step, [timestamps.to_document(line) for line in actual]))
            if matched is None:
                replacements.append((step, [timestamps.to_document(line) for line in actual]))
            else:
                timestamps = matched
            check_exit_codes(steps, index, session)
    lines = text.splitlines()
    for command, output in reversed(replacements):
        lines[command.first_output_line : command.first_output_line + len(command.expected)] = output
    return "".join(line + "\n" for line in lines)


def main():
    parser = argparse.ArgumentParser(description="Runs the commands of a document.")
    parser.add_argument("--accept", action="store_true", help="write what the commands print into the document")
    parser.add_argument("--repository", type=Path, required=True)
    parser.add_argument("--prefix", type=Path, help="where whimbrel is installed")
    parser.add_argument("document", type=Path)
    options = parser.parse_args()
    prefix = options.prefix.resolve() if options.prefix else None
    text = options.document.read_text(encoding="utf-8")
    try:
        accepted = replay(text, options.repository.resolve(), prefix, options.accept)
    except Mismatch as mismatch:
        print(f"{options.document}: {mismatch}")
        return 1
    if options.accept and accepted != text:
        options.document.write_text(accepted, encoding="utf-8")
        print(f"{options.document}: rewritten")
    else:
        print(f"{options.document}: as written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
