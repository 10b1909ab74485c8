#!/usr/bin/env python3
"""Checks what including a header costs: its lines after preprocessing, and the standard headers that it includes.

    check_budget.py --compiler CXX --lines N --standard-headers a,b -- INCLUDE_DIRECTORY HEADER

Lines and not seconds, because they are the same on every machine.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)


def preprocessed_lines(compiler, directory, header):
    command = [compiler, "-std=c++20", "-E", "-P", "-x", "c++", "-I", str(directory), "-"]
    result = subprocess.run(command, input=f"#include <{header}>\n", capture_output=True, text=True, check=True)
    return sum(1 for line in result.stdout.splitlines() if line.strip())


def standard_headers(directory, header, seen):
    """The headers that are not in the directory, by way of all that are."""
    if header in seen:
        return set()
    seen.add(header)
    path = Path(directory) / header
    if not path.exists():
        return {header}
    found = set()
    for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        found |= standard_headers(directory, name, seen)
    return found


def problems(compiler, directory, header, lines, allowed):
    count = preprocessed_lines(compiler, directory, header)
    if count > lines:
        yield f"{header} is {count} lines after preprocessing; its budget is {lines}"
    for name in sorted(standard_headers(directory, header, set()) - set(allowed)):
        yield f"{header} includes <{name}>; it may include {', '.join(allowed) or 'none'}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--lines", type=int, required=True)
    parser.add_argument("--standard-headers", required=True, type=lambda text: list(filter(None, text.split(","))))
    parser.add_argument("directory", type=Path)
    parser.add_argument("header")
    options = parser.parse_args()
    found = list(
        problems(options.compiler, options.directory, options.header, options.lines, options.standard_headers)
    )
    print("\n".join(found) if found else f"{options.header} keeps its budget.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
