#!/usr/bin/env python3
"""Checks that no file of code is longer than a reader can keep in mind.

    check_length.py ROOT    prints each file that is too long, exits with 1 if there is any

A longer file has more than one subject: split it where the subjects meet.
"""

import sys
from pathlib import Path

MOST_LINES = 400
FOLDERS = ["bench", "cmake", "include", "scripts", "src", "tests"]
SUFFIXES = {".h", ".cpp", ".cmake", ".py"}


def is_script(path):
    return not path.suffix and path.is_file() and path.read_bytes()[:2] == b"#!"


def is_code(path):
    return path.suffix in SUFFIXES or path.name == "CMakeLists.txt" or is_script(path)


def check(root):
    problems = []
    files = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if is_code(path)]
    if not files:
        problems.append(f"{root}: no code here")
    for path in files:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            problems.append(f"{path.relative_to(root)}: {lines} lines; at most {MOST_LINES}")
    return problems


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    problems = check(Path(sys.argv[1]).resolve())
    print("\n".join(problems) if problems else f"No file has more than {MOST_LINES} lines.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
