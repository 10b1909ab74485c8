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

    def test_what_is_said_of_a_migration_or_a_run(self):
        for text, found in {"`status` says where it stands.": "where it stands",
                            "SHOW STATUS says how it stands.": "how it stands",
                            "It shows where the migration stands.": "where the migration stands",
                            "It shows where migrations stand.": "where migrations stand",
                            "After which statement the run stands:": "the run stands",
                            "`migrations` goes forward again.": "goes forward",
                            "It had gone forward before.": "gone forward",
                            "It waited for a lock in vain.": "in vain",
                            "The script has no part in it.": "has no part in",
                            "The commands have no part in this.": "have no part in",
                            "The lock is another one.": "is another one",
                            "The name is another than before.": "is another than"}.items():
            self.assertIn(f'docs/a.md:1: "{found}"', problems_in("docs/a.md", text + "\n"))

    def test_other_uses_of_these_words_are_no_phrases(self):
        for text in ("A macro stands at the beginning of a line.", "The option stands for a run.",
                     "It waits for another one.", "A part in it has no name.", "Moves forward in vaindom."):
            self.assertEqual(problems_in("docs/a.md", text + "\n"), [])

    def test_modules_and_scripts_are_checked(self):
        self.assertEqual(problems_in("scripts/a", "# It waits in\n# vain.\n"), ['scripts/a:1: "in # vain"'])
        self.assertEqual(problems_in("scripts/a.txt", "# Counts up.\n"), ['scripts/a.txt:1: "Counts up"'])
        self.assertEqual(problems_in("scripts/sub/a", "echo 'It is made anew.'\n"), ['scripts/sub/a:1: "made anew"'])
        self.assertEqual(problems_in("cmake/a.cmake", '\nmessage("its name is another than that")\n'),
                         ['cmake/a.cmake:2: "is another than"'])
        self.assertEqual(problems_in("cmake/a.cmake.in", "# Nobody knows.\n"), ['cmake/a.cmake.in:1: "Nobody"'])

    def test_the_user_nobody_is_no_actor(self):
        self.assertEqual(problems_in("scripts/a", "user = os.environ.get('USER', 'nobody')\n"), [])


if __name__ == "__main__":
    unittest.main()
