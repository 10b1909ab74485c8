#!/usr/bin/env python3
"""The guard of the wording, tried on small texts."""

import tempfile
import unittest
from pathlib import Path

import check_wording


def problems_in(name, text):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory).resolve() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return [problem.split(": better: ")[0] for problem in check_wording.check(Path(directory).resolve())]


class CheckWording(unittest.TestCase):
    def test_comments_and_literals_are_checked(self):
        self.assertEqual(problems_in("src/cli/a.cpp", "int a;  // Counts up.\n"), ['src/cli/a.cpp:1: "Counts up"'])
        self.assertEqual(problems_in("src/cli/a.cpp", '\nfail("It takes no NULL.");\n'),
                         ['src/cli/a.cpp:2: "takes no NULL"'])
        self.assertEqual(problems_in("src/cli/a.cpp", 'R"(the rows that are there)";\n'),
                         ['src/cli/a.cpp:1: "rows that are there"'])

    def test_a_phrase_can_continue_on_the_next_line(self):
        self.assertEqual(len(problems_in("src/cli/a.h", "/// The table is made\n/// anew.\n")), 1)
        self.assertEqual(len(problems_in("src/cli/a.cpp", 'f("the table is made "\n  "anew");\n')), 1)
        self.assertEqual(len(problems_in("README.md", "The table is made\nanew.\n")), 1)

    def test_code_is_not_checked(self):
        self.assertEqual(problems_in("src/cli/a.cpp", "bool counts_up = in_words(nobody);\n"), [])
        self.assertEqual(problems_in("docs/a.md", "`nobody`\n\n```console\n$ made anew\n```\n"), [])

    def test_layers_that_are_not_listed_are_not_checked(self):
        self.assertEqual(problems_in("src/other/a.cpp", "// Counts up.\n"), [])

    def test_parts_of_words_are_not_phrases(self):
        self.assertEqual(problems_in("README.md", "It accounts upward.\n"), [])


if __name__ == "__main__":
    unittest.main()
