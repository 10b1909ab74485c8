#!/usr/bin/env python3
"""What check_messages.py finds in files that do not say what they expect."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import check_messages  # noqa: E402

COMPILER = sys.argv.pop()


class Messages(unittest.TestCase):
    def problem(self, text):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "case.cpp"
            path.write_text(text, encoding="utf-8")
            return check_messages.problem(COMPILER, directory, path)

    def test_the_expected_message_is_no_problem(self):
        text = '// expected: whimbrel: use\n// another\nstatic_assert(false, "whimbrel: use another");\n'
        self.assertIsNone(self.problem(text))

    def test_a_file_that_compiles_is_one(self):
        self.assertIn("takes it, but must say", self.problem("// expected: whimbrel: no\nint a;\n"))

    def test_another_message_is_one(self):
        text = '// expected: whimbrel: b\nstatic_assert(false, "whimbrel: a");\n'
        self.assertIn("must say: whimbrel: b", self.problem(text))

    def test_the_message_must_be_the_first_of_ours(self):
        text = '// expected: whimbrel: b\nstatic_assert(false, "whimbrel: a");\nstatic_assert(false, "whimbrel: b");\n'
        self.assertIn("but says", self.problem(text))

    def test_an_error_of_the_compiler_alone_is_one(self):
        self.assertIn("must say: whimbrel: b", self.problem("// expected: whimbrel: b\nint a = b;\n"))

    def test_a_file_that_must_compile_and_does_not_is_one(self):
        self.assertIn("must take it", self.problem("// expected: nothing\nint a = b;\n"))
        self.assertIsNone(self.problem("// expected: nothing\nint a;\n"))

    def test_a_file_that_expects_nothing_in_particular_is_refused(self):
        with self.assertRaises(ValueError):
            self.problem("int a;\n")


if __name__ == "__main__":
    unittest.main()
