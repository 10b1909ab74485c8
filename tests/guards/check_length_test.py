#!/usr/bin/env python3
"""The guard of the length of files, tried on small trees."""

import tempfile
import unittest
from pathlib import Path

import check_length


def problems_in(**lines_of):
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve()
        for name, lines in lines_of.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("// A line.\n" * lines, encoding="utf-8")
        return check_length.check(root)


class CheckLength(unittest.TestCase):
    def test_a_file_may_have_400_lines_and_no_more(self):
        self.assertEqual(problems_in(**{"src/a/b.cpp": 400, "include/a.h": 1}), [])
        self.assertEqual(problems_in(**{"src/a/b.cpp": 401, "include/a.h": 1}), ["src/a/b.cpp: 401 lines; at most 400"])

    def test_headers_tests_scripts_and_build_files_are_checked(self):
        for name in ("include/whimbrel/a.h", "tests/unit/a_test.cpp", "tests/cli/a_test.py", "cmake/a.cmake",
                     "tests/CMakeLists.txt", "bench/a.cpp"):
            self.assertEqual(problems_in(**{name: 401}), [f"{name}: 401 lines; at most 400"])

    def test_a_script_without_a_suffix_is_known_by_its_first_line(self):
        with tempfile.TemporaryDirectory() as directory:
            script = Path(directory) / "scripts" / "run"
            script.parent.mkdir()
            script.write_text("#!/bin/sh\n" + ":\n" * 400, encoding="utf-8")
            (script.parent / "list.txt").write_text("a\n" * 1000, encoding="utf-8")
            (script.parent / "notes").write_text("a\n" * 1000, encoding="utf-8")
            self.assertEqual(check_length.check(Path(directory)), ["scripts/run: 401 lines; at most 400"])

    def test_data_is_not_checked(self):
        self.assertEqual(problems_in(**{"tests/data/a.sql": 2000, "docs/a.md": 2000, "src/a.cpp": 1}), [])

    def test_a_tree_without_code_is_a_mistake(self):
        self.assertEqual(len(problems_in(**{"docs/a.md": 1})), 1)


if __name__ == "__main__":
    unittest.main()
