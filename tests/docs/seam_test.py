#!/usr/bin/env python3
"""docs/adding-a-database.md names every function that a database must implement: seam_test.py REPOSITORY"""

import re
import sys
import unittest
from pathlib import Path

REPOSITORY = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
DOCUMENT = "docs/adding-a-database.md"

# Where the document lists them: by the heading of a section.
CLASSES = {
    "Connection": "src/dialect/connection.h",
    "TypeMapping": "src/model/type_mapping.h",
    "Dialect": "src/dialect/dialect.h",
    "Comparison": "src/diff/diff.h",
    "Rewriter": "src/plan/plan.h",
    "SafetyGuard": "src/dialect/dialect.h",
    "Samples": "src/dialect/samples.h",
}

COMMENT = re.compile(r"//[^\n]*")
PURE_FUNCTION = re.compile(r"virtual\s[^;{}]*?(\w+)\([^;{}]*\)\s*(?:const)?\s*(?:noexcept)?\s*=\s*0\s*;")


def body_of(name, text):
    begin = re.search(rf"^class {name}\b[^;{{]*\{{", text, re.MULTILINE).end()
    return text[begin : text.index("\n};", begin)]


def pure_functions(name, text):
    """In their order; those of one name once."""
    return list(dict.fromkeys(PURE_FUNCTION.findall(body_of(name, COMMENT.sub("", text)))))


def sections(text):
    """What stands under each heading that ends with the name of a class: `## Types and values: TypeMapping`."""
    parts = re.split(r"^## .*\b(\w+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


class Seam(unittest.TestCase):
    def test_the_document_lists_what_a_database_must_implement_and_nothing_else(self):
        listed = sections((REPOSITORY / DOCUMENT).read_text(encoding="utf-8"))
        for name, header in CLASSES.items():
            with self.subTest(name):
                wanted = pure_functions(name, (REPOSITORY / header).read_text(encoding="utf-8"))
                self.assertTrue(wanted)
                rows = re.findall(r"^\| (`.*?`) +\|", listed[name], re.MULTILINE)
                found = [function for row in rows for function in re.findall(r"`(\w+)`", row)]
                self.assertEqual(sorted(found), sorted(wanted))

    def test_the_document_says_how_many_there_are(self):
        count = {name: len(pure_functions(name, (REPOSITORY / header).read_text(encoding="utf-8")))
                 for name, header in CLASSES.items()}
        text = " ".join((REPOSITORY / DOCUMENT).read_text(encoding="utf-8").split())
        said = re.search(r"The tables list the (\d+) functions without a default implementation: ([^.]*)\.", text)
        self.assertEqual(int(said[1]), sum(count.values()))
        self.assertEqual({name: int(number) for number, name in re.findall(r"(\d+) of (\w+)", said[2])}, count)

    def test_a_function_of_several_lines_is_found_and_one_with_a_default_is_not(self):
        text = ("class A {\n  virtual int\n      one(int a) const = 0;\n  virtual void two() {}\n"
                "  // virtual void three() = 0;\n  virtual void four() noexcept = 0;\n};\n")
        self.assertEqual(pure_functions("A", text), ["one", "four"])


if __name__ == "__main__":
    unittest.main()
