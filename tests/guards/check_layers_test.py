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
        for left, right in (
            ("session", "change"),
            ("change", "query_runner"),
            ("change", "run"),
            ("query_runner", "data_source"),
            ("run", "data_source"),
        ):
            message = f"includes {right}/a.h: {left} does not see {right}"
            self.assert_wrong(f"src/{left}/a.cpp", f'#include "{right}/a.h"', message)
            self.assert_right(f"src/{right}/a.cpp", f'#include "{left}/a.h"\n#include "session/a.h"')

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
        message = "includes {}/a.h: {} does not see {}"
        for one, other in (("run", "query_runner"), ("query_runner", "run")):
            self.assert_wrong(f"src/{one}/a.cpp", f'#include "{other}/a.h"', message.format(other, one, other))

    def test_the_public_header_of_a_database_is_known_by_its_folder(self):
        files = {"src/dialect/oracle/a.cpp": '#include "whimbrel/oracle.h"', "include/whimbrel/oracle.h": ""}
        self.assertEqual(problems_in(files), [])
        self.assertEqual(len(problems_in({"src/dialect/a.cpp": '#include "whimbrel/oracle.h"'})), 1)

    def test_only_the_command_line_sees_what_writes_files(self):
        self.assert_wrong("src/run/a.cpp", '#include "write/a.h"', "includes write/a.h: run does not see write")
        self.assert_right("src/cli/a.cpp", '#include "write/a.h"\n#include "entity/a.h"')

    def test_a_room_sees_itself_and_the_rooms_to_its_left(self):
        self.assert_right("src/plan/a.cpp", '#include "plan/plan.h"\n#include "operation/operation.h"')
        self.assert_right("src/run/a.cpp", '#include "entity/a.h"\n#include "history/a.h"\n#include "dialect/dialect.h"')
        self.assert_right("src/dialect/sqlite/a.cpp", '#include "dialect/dialect.h"\n#include "sql/lexer.h"')

    def test_no_other_room_sees_the_room_of_one_database(self):
        message = "includes dialect/sqlite/dialect.h: {} does not see dialect/sqlite"
        for room in ("dialect", "run", "cli", "dialect/postgres"):
            self.assert_wrong(f"src/{room}/a.cpp", '#include "dialect/sqlite/dialect.h"', message.format(room))

    def test_a_client_library_is_included_in_its_room_alone(self):
        message = "includes the client library's {}; only src/dialect/<database>/client/ may"
        for name in (
            "src/run/client.cpp",
            "src/run/client/a.cpp",
            "src/dialect/client/a.cpp",
            "src/dialect/sqlite/types.cpp",
            "src/dialect/sqlite/client.cpp",
            "src/dialect/sqlite/guard/client.cpp",
            "include/whimbrel/data_source.h",
        ):
            self.assert_wrong(name, "#include <sqlite3.h>", message.format("sqlite3.h"))
            self.assert_wrong(name, "#include <libpq-fe.h>", message.format("libpq-fe.h"))
        self.assert_right("src/dialect/sqlite/client/connection.cpp", "#include <sqlite3.h>")
        self.assert_right("src/dialect/postgres/client/run.cpp", "#include <libpq-fe.h>")

    def test_the_rooms_of_a_database_see_each_other_but_for_its_client(self):
        location = '#include "dialect/sqlite/client/location.h"'
        message = "includes dialect/sqlite/client/location.h: only dialect/sqlite/client sees what is in it"
        self.assert_wrong("src/dialect/sqlite/dialect.cpp", location, message)
        self.assert_wrong("src/dialect/sqlite/guard/guard.cpp", location, message)
        self.assert_right("src/dialect/sqlite/client/connection.cpp", location)
        self.assert_right("src/dialect/sqlite/client/connection.cpp", '#include "location.h"')
        self.assert_right("src/dialect/sqlite/client/connection.cpp", '#include "dialect/sqlite/text/a.h"')
        self.assert_right("src/dialect/sqlite/guard/guard.cpp", '#include "dialect/sqlite/inspect/reader.h"')

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
            "includes whimbrel/data_source.h: model does not see session",
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
        self.assert_wrong("src/dialect/sqlite/util/a.cpp", "", "belongs to no room that check_layers.py knows")
        self.assert_wrong("src/run/a.cpp", '#include "util/a.h"', "includes util/a.h: there is no room util")

    def test_paths_do_not_climb(self):
        self.assert_wrong(
            "src/model/a.cpp", '#include "../run/a.h"', "includes ../run/a.h: write the path from src/"
        )

    def test_a_directory_without_sources_is_no_success(self):
        self.assertEqual(len(problems_in({"README.md": ""})), 1)


if __name__ == "__main__":
    unittest.main()
