#!/usr/bin/env python3
"""The guard of the rooms, tried on small wrong trees."""

import tempfile
import unittest
from pathlib import Path

import check_layers


def problems_in(files):
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve()
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        return check_layers.check(root)


class CheckLayers(unittest.TestCase):
    def assert_wrong(self, name, text, expected, line=1):
        self.assertEqual(problems_in({name: text}), [f"{name}:{line}: {expected}"])

    def assert_right(self, name, text):
        self.assertEqual(problems_in({name: text}), [])

    def test_a_room_does_not_see_the_rooms_to_its_right(self):
        self.assert_wrong("src/model/a.cpp", '#include "diff/diff.h"', "includes diff/diff.h: model does not see diff")
        self.assert_wrong("src/dialect/a.h", '#include "run/a.h"', "includes run/a.h: dialect does not see run")
        self.assert_wrong("src/run/a.h", '#include "cli/a.h"', "includes cli/a.h: run does not see cli")

    def test_the_line_of_the_include_is_reported(self):
        self.assert_wrong(
            "src/plan/a.cpp",
            '#include <vector>\n\n#  include "dialect/dialect.h"',
            "includes dialect/dialect.h: plan does not see dialect",
            line=3,
        )

    def test_neighbours_do_not_see_each_other(self):
        self.assert_wrong("src/diff/a.cpp", '#include "plan/plan.h"', "includes plan/plan.h: diff does not see plan")
        self.assert_wrong("src/entity/a.cpp", '#include "diff/diff.h"', "includes diff/diff.h: entity does not see diff")

    def test_only_the_command_line_sees_what_writes_files_and_what_lints(self):
        self.assert_wrong("src/run/a.cpp", '#include "write/a.h"', "includes write/a.h: run does not see write")
        self.assert_wrong("src/history/a.cpp", '#include "lint/a.h"', "includes lint/a.h: history does not see lint")
        self.assert_right("src/cli/a.cpp", '#include "write/a.h"\n#include "lint/a.h"\n#include "entity/a.h"')

    def test_a_room_sees_itself_and_the_rooms_to_its_left(self):
        self.assert_right("src/plan/a.cpp", '#include "plan/plan.h"\n#include "operation/operation.h"')
        self.assert_right("src/run/a.cpp", '#include "entity/a.h"\n#include "history/a.h"\n#include "dialect/dialect.h"')
        self.assert_right("src/dialect/sqlite/a.cpp", '#include "dialect/dialect.h"\n#include "sql/lexer.h"')

    def test_no_other_room_sees_the_room_of_one_database(self):
        message = "includes dialect/sqlite/dialect.h: {} does not see dialect/sqlite"
        for room in ("dialect", "run", "cli", "dialect/postgres"):
            self.assert_wrong(f"src/{room}/a.cpp", '#include "dialect/sqlite/dialect.h"', message.format(room))

    def test_a_client_library_is_included_by_its_connection_alone(self):
        message = "includes the client library's {}; only src/dialect/<database>/connection*.cpp may"
        self.assert_wrong("src/run/a.cpp", "#include <sqlite3.h>", message.format("sqlite3.h"))
        self.assert_wrong("src/dialect/sqlite/types.cpp", "#include <sqlite3.h>", message.format("sqlite3.h"))
        self.assert_wrong("include/whimbrel/data_source.h", "#include <libpq-fe.h>", message.format("libpq-fe.h"))
        self.assert_right("src/dialect/sqlite/connection.cpp", "#include <sqlite3.h>")
        self.assert_right("src/dialect/postgres/connection_run.cpp", "#include <libpq-fe.h>")
        self.assert_wrong("src/run/connection.cpp", "#include <libpq-fe.h>", message.format("libpq-fe.h"))

    def test_nobody_outside_the_dialects_compares_the_name_of_a_database(self):
        message = "compares the name of a database; ask the dialect a question instead"
        for text in (
            'if (dialect.name() == "sqlite") return;',
            'if ("MySQL" != name) return;',
            'if (name == std::string_view("postgresql")) return;',
            'if (sql::equal_ignoring_case(name, "mariadb")) return;',
        ):
            self.assert_wrong("src/run/a.cpp", text, message)
        self.assert_right("src/dialect/a.cpp", 'if (scheme == "sqlite") return;')
        self.assert_right("src/cli/init.cpp", 'text += "sqlite:app.db";')

    def test_public_headers_include_only_what_is_installed(self):
        self.assert_wrong(
            "include/whimbrel/model.h", '#include "model/type_mapping.h"',
            "includes model/type_mapping.h, which is not installed",
        )

    def test_public_headers_belong_to_rooms(self):
        self.assert_wrong(
            "src/model/a.cpp", '#include "whimbrel/data_source.h"',
            "includes whimbrel/data_source.h: model does not see run",
        )
        self.assert_wrong(
            "include/whimbrel/migration.h", '#include "whimbrel/model.h"',
            "includes whimbrel/model.h: public does not see model",
        )
        self.assert_right("include/whimbrel/manage.h", '#include "whimbrel/data_source.h"')

    def test_a_header_or_a_room_that_is_not_in_the_tables_is_reported(self):
        self.assert_wrong(
            "src/run/a.cpp", "#include <whimbrel/other.h>",
            "includes whimbrel/other.h, which check_layers.py does not know: add it to PUBLIC_HEADERS",
        )
        self.assert_wrong("src/util/a.cpp", "", "belongs to no room that check_layers.py knows")
        self.assert_wrong("src/run/a.cpp", '#include "util/a.h"', "includes util/a.h: there is no room util")

    def test_paths_do_not_climb(self):
        self.assert_wrong(
            "src/model/a.cpp", '#include "../run/a.h"', "includes ../run/a.h: write the path from src/"
        )

    def test_a_directory_without_sources_is_no_success(self):
        self.assertEqual(len(problems_in({"README.md": ""})), 1)


if __name__ == "__main__":
    unittest.main()
