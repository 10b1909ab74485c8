#!/usr/bin/env python3
"""Checks that the rooms of the source tree include only the rooms that they may see.

    check_layers.py ROOT    ROOT holds src/ and include/; prints what is wrong, exits with 1 if anything is

The rooms and who sees whom are the table below; CONTRIBUTING.md says what each room is for.
"""

import re
import sys
from pathlib import Path

# What is seen by whoever works with entities and a database.
BOTH_SIDES = ["model", "operation", "diff", "plan", "sql", "dialect", "history", "entity"]

# A room sees itself and what stands here. `public` is what everybody may see.
SEES = {
    "public": [],
    "model": [],
    "sql": [],
    "operation": ["model", "sql"],
    "diff": ["model", "operation", "sql"],
    "plan": ["model", "operation", "sql"],
    "dialect": ["model", "operation", "diff", "plan", "sql"],
    "entity": ["model", "operation", "sql"],
    "write": ["model", "operation", "sql"],
    "history": ["model", "operation", "diff", "plan", "sql", "dialect"],
    "session": BOTH_SIDES,
    "change": [*BOTH_SIDES, "session"],
    "query_runner": [*BOTH_SIDES, "session", "change"],
    "run": [*BOTH_SIDES, "session", "change"],
    "data_source": [*BOTH_SIDES, "session", "change", "query_runner", "run"],
    "cli": [*BOTH_SIDES, "session", "change", "query_runner", "run", "data_source", "write"],
}

# The rooms in the folder of a database. They see each other and what `dialect` sees; but only `client` sees `client`.
DIALECT_ROOMS = ["client", "inspect", "compare", "rewrite", "generate", "guard", "text"]

# The public headers belong to rooms as well: model/ cannot include the run-time API either.
PUBLIC_HEADERS = {
    "text.h": "public",
    "error.h": "public",
    "migration.h": "public",
    "query_runner.h": "public",
    "schema.h": "query_runner",
    "entities.h": "entity",
    "model.h": "model",
    "naming_strategy.h": "entity",
    "entity.h": "entity",
    "entity_options.h": "entity",
    "entity_parts.h": "entity",
    "detail/entity_builder.h": "entity",
    "detail/member.h": "entity",
    "detail/enum_names.h": "entity",
    "driver.h": "dialect",  # And one header for each database, named as its folder.
    "data_source.h": "session",
    "manage.h": "cli",
}

CLIENT_HEADERS = re.compile(r"^(sqlite3(ext)?\.h|libpq-fe\.h|libpq/.*|postgresql/.*|mysql\.h|mysql/.*|mariadb/.*)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')

DIALECT_NAME = r'"(?:sqlite3?|postgres|postgresql|pg|mysql|mariadb)"'
DIALECT_COMPARISON = re.compile(
    rf'[=!]=\s*(?:std::string(?:_view)?\s*[({{]\s*)?{DIALECT_NAME}'
    rf'|{DIALECT_NAME}\s*[=!]='
    rf'|(?:compare|equal_ignoring_case|strcmp|starts_with)\s*\([^;]*{DIALECT_NAME}',
    re.IGNORECASE,
)


def public_room(name, root):
    """The room of a public header; None if it is not known."""
    if (root / "src" / "dialect" / name.removesuffix(".h")).is_dir():
        return "dialect"
    return PUBLIC_HEADERS.get(name)


def room_of(path, root):
    """The room of a file: `dialect/sqlite` for a database's own, the header's room for a public header."""
    parts = path.relative_to(root).parts
    if parts[:2] == ("include", "whimbrel"):
        return public_room("/".join(parts[2:]), root)
    rooms = parts[1:-1]
    if not rooms:
        return None
    if rooms[0] == "dialect" and len(rooms) > 1:
        return "/".join(rooms[:2])
    return rooms[0]


def dialect_room_of(path, root):
    """`client` for a file in dialect/sqlite/client; None for a file in dialect/sqlite itself, or anywhere else."""
    rooms = path.relative_to(root).parts[1:-1]
    return rooms[2] if rooms[:1] == ("dialect",) and len(rooms) > 2 else None


def is_known(path, root):
    room = room_of(path, root)
    if room is None:
        return False
    if room.startswith("dialect/"):
        return dialect_room_of(path, root) in (None, *DIALECT_ROOMS)
    return room in SEES


def may_see(room, other):
    if room == other or other == "public":
        return True
    if other.startswith("dialect/"):
        return False
    if room.startswith("dialect/"):
        return other == "dialect" or other in SEES["dialect"]
    return other in SEES[room]


def included_file(name, delimiter, path, root):
    """What is included; None if it is not ours."""
    if name.startswith("whimbrel/"):
        return root / "include" / name
    if delimiter == "<":
        return None
    if "/" not in name:
        return path.parent / name
    return root / "src" / name


def check_include(path, root, room, name, delimiter):
    if CLIENT_HEADERS.match(name):
        if dialect_room_of(path, root) != "client":
            yield f"includes the client library's {name}; only src/dialect/<database>/client/ may"
        return
    if ".." in name.split("/"):
        yield f"includes {name}: write the path from src/"
        return
    if name.startswith("whimbrel/") and public_room(name.removeprefix("whimbrel/"), root) is None:
        yield f"includes {name}, which check_layers.py does not know: add it to PUBLIC_HEADERS"
        return
    file = included_file(name, delimiter, path, root)
    other = room_of(file, root) if file else None
    if other is None:
        return
    if path.is_relative_to(root / "include") and not name.startswith("whimbrel/"):
        yield f"includes {name}, which is not installed"
    elif not other.startswith("dialect/") and other not in SEES:
        yield f"includes {name}: there is no room {other}"
    elif not may_see(room, other):
        yield f"includes {name}: {room} does not see {other}"
    elif dialect_room_of(file, root) == "client" != dialect_room_of(path, root):
        yield f"includes {name}: only {other}/client sees what is in it"


def check_file(path, root):
    room = room_of(path, root)
    if not is_known(path, root):
        yield 1, "belongs to no room that check_layers.py knows"
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        include = INCLUDE.match(line)
        if include:
            for message in check_include(path, root, room, include.group(2), include.group(1)):
                yield number, message
        elif not room.startswith("dialect") and DIALECT_COMPARISON.search(line):
            yield number, "compares the name of a database; ask the dialect a question instead"


def check(root):
    problems = []
    files = sorted(path for top in ("include", "src") for path in (root / top).rglob("*") if path.suffix in (".h", ".cpp"))
    if not files:
        problems.append(f"{root}: no sources here")
    for path in files:
        for number, message in check_file(path, root):
            problems.append(f"{path.relative_to(root)}:{number}: {message}")
    return problems


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    problems = check(Path(sys.argv[1]).resolve())
    print("\n".join(problems) if problems else "Every room includes only what it sees.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
