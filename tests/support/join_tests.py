#!/usr/bin/env python3
"""Writes a source that includes tests, each in a namespace of its own: join_tests.py OUTPUT TEST...

A test has its helpers in an unnamed namespace, and they are called what they are in other tests, too. What the tests
include comes first, outside of the namespaces. A test that is in a namespace of the library stays there.
"""

import re
import sys
from pathlib import Path


def main(output, *tests):
    includes = {}
    parts = []
    for number, test in enumerate(tests):
        text = Path(test).read_text(encoding="utf-8")
        includes.update(dict.fromkeys(re.findall(r"^#include .*", text, re.MULTILINE)))
        part = f'#include "{test}"\n'
        is_wrapped = not re.search(r"^namespace whimbrel\b", text, re.MULTILINE)
        parts.append(f"namespace test_{number} {{\n{part}}}\n" if is_wrapped else part)
    Path(output).write_text("\n".join([*includes, "", *parts]), encoding="utf-8")


main(*sys.argv[1:])
