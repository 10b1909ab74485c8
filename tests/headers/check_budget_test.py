#!/usr/bin/env python3
"""The budget of a header, tried on headers that exceed it."""

import sys
import tempfile
import unittest
from pathlib import Path

import check_budget

COMPILER = sys.argv.pop() if len(sys.argv) > 1 else "c++"


class CheckBudget(unittest.TestCase):
    def problems(self, files, lines=10, allowed=("cstddef",)):
        with tempfile.TemporaryDirectory() as directory:
            for name, text in files.items():
                path = Path(directory) / name
                path.write_text(text, encoding="utf-8")
            return list(check_budget.problems(COMPILER, directory, "a.h", lines, list(allowed)))

    def test_a_small_header_passes(self):
        self.assertEqual(self.problems({"a.h": "struct A;\n"}), [])

    def test_too_many_lines_are_reported(self):
        text = "".join(f"struct A{i};\n" for i in range(11))
        self.assertEqual(self.problems({"a.h": text}), ["a.h is 11 lines after preprocessing; its budget is 10"])

    def test_a_standard_header_behind_another_header_is_found(self):
        files = {"a.h": '#include "b.h"\n', "b.h": "#include <cstdint>\n"}
        self.assertIn("a.h includes <cstdint>; it may include cstddef", self.problems(files, lines=10000))


if __name__ == "__main__":
    unittest.main()
