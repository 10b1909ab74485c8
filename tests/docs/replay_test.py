#!/usr/bin/env python3
"""The runner of documents, tried on small documents."""

import tempfile
import unittest
from pathlib import Path

import replay


def block(*lines, info="console"):
    return "\n".join([f"```{info}", *lines, "```", ""])


class Replay(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.repository = Path(self.directory.name)

    def tearDown(self):
        self.directory.cleanup()

    def run_document(self, *blocks, accept=False):
        return replay.replay("\n".join(blocks), self.repository, None, accept)

    def assert_passes(self, *blocks):
        self.run_document(*blocks)

    def assert_fails(self, *blocks, message):
        with self.assertRaisesRegex(replay.Mismatch, message):
            self.run_document(*blocks)

    def test_the_output_must_be_the_documents(self):
        self.assert_passes(block("$ echo one; echo two", "one", "two"))
        self.assert_fails(block("$ echo one", "two"), message="(?s)line 2: .*-two.*[+]one")
        self.assert_fails(block("$ echo one; echo two", "one"), message="[+]two")
        self.assert_fails(block("$ echo one", "one", "two"), message="-two")

    def test_what_is_printed_as_an_error_counts_as_output(self):
        self.assert_passes(block("$ echo oops >&2", "oops"))

    def test_dots_stand_for_any_lines(self):
        self.assert_passes(block("$ seq 5", "1", "...", "5"), block("$ seq 3", "...", "1", "2", "3", "..."))
        self.assert_fails(block("$ seq 5", "1", "...", "4"), message="line 2")

    def test_a_failing_command_must_show_its_exit_code(self):
        self.assert_passes(block("$ (exit 3)", "$ echo $?", "3"))
        self.assert_fails(block("$ (exit 3)"), message="exit code 3")

    def test_directory_and_variables_last(self):
        self.assert_passes(
            block("$ mkdir shop && cd shop", "$ export NAME='a b'"), block("$ echo $NAME; pwd", "a b", "/home/ada/shop")
        )

    def test_a_command_can_go_on_in_the_next_line(self):
        self.assert_passes(block("$ echo one \\", "  two", "one two"))

    def test_files_are_written_where_the_document_is(self):
        self.assert_passes(
            block("$ mkdir shop && cd shop"), block("int a;", info="cpp file=src/a.h"), block("$ cat src/a.h", "int a;")
        )

    def test_times_durations_and_checksums_may_differ(self):
        self.assert_passes(block("$ echo at 2030-01-02 03:04:05 in 12 ms", "at 2025-11-22 19:00:00 in 3.5 ms"))
        self.assert_passes(block("$ printf '%064d\\n' 0", "1" * 64))
        self.assert_fails(block("$ echo 12 ms", "2030-01-02 03:04"), message="line 2")

    def test_timestamps_may_differ_but_stay_the_same_ones(self):
        self.assert_passes(
            block("$ echo 1700000000001-a.cpp", "1561981516514-a.cpp"),
            block("$ echo 1561981516514 1700000000002", "1561981516514 1561981516515"),
        )
        self.assert_fails(block("$ echo 1700000000001 1700000000002", "1561981516514 1561981516514"), message="line 2")
        self.assert_fails(block("$ echo 1700000000001 1700000000001", "1561981516514 1561981516515"), message="line 2")

    def test_accepting_writes_the_output_in_the_documents_terms(self):
        text = block("$ echo 1700000000001", "1561981516514") + block("$ echo new 1700000000001; pwd", "old") + "end\n"
        accepted = self.run_document(text, accept=True)
        self.assertEqual(
            accepted,
            block("$ echo 1700000000001", "1561981516514")
            + block("$ echo new 1700000000001; pwd", "new 1561981516514", "/home/ada")
            + "end\n",
        )

    def test_the_end_can_be_compared_with_a_directory_of_the_repository(self):
        (self.repository / "example").mkdir()
        (self.repository / "example" / "a.h").write_text("int a;\n", encoding="utf-8")
        end = "<!-- ends like: example -->"
        self.assert_passes(block("int a;", info="cpp file=a.h"), block("$ true"), end)
        self.assert_fails(block("int b;", info="cpp file=a.h"), block("$ true"), end, message="(?s)-int a;.*[+]int b;")
        self.assert_fails(block("$ true"), end, message="a.h is in example, but not here")

    def test_a_block_can_be_a_part_of_a_file_of_the_repository(self):
        (self.repository / "a.h").write_text("int a;\nint b;\nint c;\n", encoding="utf-8")
        part = "<!-- part of: a.h -->"
        self.assert_passes(part, block("int b;", "int c;", info="cpp"))
        self.assert_fails(part, block("int a;", "int c;", info="cpp"), message="line 2: these lines do not stand in a.h")
        self.assert_fails("<!-- part of: none.h -->", block("int a;", info="cpp"), message="do not stand in none.h")
        self.assert_fails(block("$ true"), part, message="no block after")

    def test_a_document_can_have_a_postgresql_server(self):
        self.assert_passes("<!-- needs: postgresql -->\n", block("$ createdb shop", "$ psql -Atc 'SELECT 1' shop", "1"))

    def test_a_document_without_commands_or_with_an_open_block_is_an_error(self):
        self.assert_fails("Text.", message="no commands")
        self.assert_fails("```console\n$ true", message="not closed")


if __name__ == "__main__":
    unittest.main()
