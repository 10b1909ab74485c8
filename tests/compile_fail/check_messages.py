#!/usr/bin/env python3
"""Compiles files that must not compile, and looks for the message that each of them says it expects.

    check_messages.py --include DIRECTORY --compiler CXX [--compiler CXX ...] FILE ...

A file begins with the comment `// expected: MESSAGE`, or `// expected: nothing` if it compiles. Compilers that are not
installed are left out, but for the first.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MARK = "expected: "


def expectation(path):
    comment = itertools.takewhile(lambda line: line.startswith("//"), path.read_text(encoding="utf-8").splitlines())
    text = " ".join(line.removeprefix("//").strip() for line in comment)
    if not text.startswith(MARK):
        raise ValueError(f"{path}: the file must begin with `// {MARK}MESSAGE`")
    return text.removeprefix(MARK)


def errors(compiler, directory, path):
    command = [compiler, "-std=c++20", "-fsyntax-only", "-I", str(directory), str(path)]
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return [line for line in result.stderr.splitlines() if "error:" in line]


def problem(compiler, directory, path):
    expected = expectation(path)
    found = errors(compiler, directory, path)
    if expected == "nothing":
        return f"{path.name}: {compiler} must take it, but says: {found[0]}" if found else None
    if not found:
        return f"{path.name}: {compiler} takes it, but must say: {expected}"
    # What follows from the first mistake is noise, but the first must be the one that helps.
    if expected not in next((line for line in found if "whimbrel: " in line), ""):
        return f"{path.name}: {compiler} must say: {expected}\n  but says:\n    " + "\n    ".join(found)
    return None


def installed(compilers):
    first, *others = compilers
    names = {Path(first).resolve()}
    yield first
    for compiler in others:
        found = shutil.which(compiler)
        if found and Path(found).resolve() not in names:
            names.add(Path(found).resolve())
            yield compiler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--include", required=True, type=Path)
    parser.add_argument("--compiler", required=True, action="append")
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    compilers = list(installed(options.compiler))
    runs = [(compiler, options.include, path) for path in options.files for compiler in compilers]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(lambda run: problem(*run), runs) if text]
    print("\n".join(found) if found else f"{len(options.files)} files, {', '.join(compilers)}: as expected.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
