"""The commands about schemas, which need no project, as far as they are the same on every database. A test file gives
each class here a database, a script of a schema and one of what it becomes."""

import json

from whimbrel_case import WHIMBREL, WhimbrelCase, run, run_on_terminal


class Schemas(WhimbrelCase):
    """The file's own class has: shop and grown, scripts that make schemas; rows, a script that fills the first; new_url(),
    load(url, script), which fails at the first error, and rows_of(url, statements)."""

    def setUp(self):
        super().setUp()
        self.url = self.database("shop", self.shop + self.shop_rows)
        self.grown_file = self.file("grown", self.grown)

    def database(self, name, script):
        url = self.new_url(name)
        self.load(url, script)
        return url

    def file(self, name, text):
        (self.directory / f"{name}.sql").write_text(text, encoding="utf-8")
        return f"{name}.sql"

    def whimbrel(self, *arguments, code=0, **environment):
        return self.assert_code(run(WHIMBREL, *arguments, cwd=self.directory, **environment), code)


class Diff(Schemas):
    def test_the_output_run_in_the_shell_makes_the_one_the_other_and_back(self):
        script = self.whimbrel("diff", self.url, self.grown_file, "--rename", "item.title=heading").out
        back = self.whimbrel("diff", self.url, self.grown_file, "--rename", "item.title=heading", "--down").out
        self.load(self.url, script)
        equal = self.whimbrel("diff", self.url, self.grown_file, "--exit-code")
        self.assertEqual((equal.out, equal.error), ("", ""))
        self.assertEqual(self.rows_of(self.url, "SELECT heading FROM item"), [("pen",)])
        self.load(self.url, back)
        self.assertEqual(self.whimbrel("diff", self.url, self.file("shop", self.shop), "--exit-code").out, "")
        self.assertEqual(self.rows_of(self.url, "SELECT name, title FROM owned"), [("a;b", "pen")])

    def test_every_line_of_the_output_is_of_a_statement_and_remarks_go_elsewhere(self):
        result = self.whimbrel("diff", self.url, self.grown_file, "--exit-code", code=4)
        self.assertTrue(result.out.endswith(";\n"))
        self.load(self.url, result.out)
        self.assertIn('warning: data loss if there are rows: the values of column "title" of "item"', result.error)
        self.assertIn("if this is a rename, pass --rename item.title=heading\n", result.error)

    def test_equal_schemas_give_no_output(self):
        for arguments in ([], ["--exit-code"], ["--format", "human"], ["--format", "sql"], ["--down"]):
            result = self.whimbrel("diff", self.url, self.url, *arguments)
            self.assertEqual((result.out, result.error), ("", ""))
        self.assertTrue(json.loads(self.whimbrel("diff", self.url, self.url, "--json").out)["equal"])

    def test_changes_are_there_as_data_and_for_people(self):
        report = json.loads(self.whimbrel("diff", self.url, self.grown_file, "--json").out)
        self.assertFalse(report["equal"])
        kinds = {change["kind"] for change in report["changes"]}
        self.assertLessEqual({"add_column", "drop_column", "alter_column", "drop_view", "create_view"}, kinds)
        self.assertEqual(report["questions"][0]["options"][0], "--rename item.title=heading")
        human = self.whimbrel("diff", self.url, self.grown_file, "--format", "human").out
        self.assertIn('- drop column "title" from "item"\n', human)
        terminal = run_on_terminal([WHIMBREL, "diff", self.url, self.grown_file], [], cwd=self.directory)
        self.assertIn('\x1b[32m+ add column "heading" to "item"', terminal.out)

    def test_a_column_that_rows_have_no_value_for_is_told_and_can_be_given_one(self):
        stricter = self.file("stricter", self.shop.replace("title text", "title text, price integer NOT NULL"))
        self.assertIn("--backfill item.price=EXPR", self.whimbrel("diff", self.url, stricter).error)
        self.load(self.url, self.whimbrel("diff", self.url, stricter, "--backfill", "item.price=12").out)
        self.assertEqual(self.rows_of(self.url, "SELECT CAST(price AS text) FROM item"), [("12",)])

    def test_sides_that_make_no_sense_are_wrong_usage(self):
        self.assertIn("oracle", self.whimbrel("diff", "oracle:shop", self.grown_file, code=2).error)
        self.assertIn("whimbrel init", self.whimbrel("diff", self.url, "entities", code=2).error)
        self.assertIn("has no column \"tilte\"", self.whimbrel("diff", self.url, self.grown_file, "--rename",
                                                           "item.tilte=heading", code=2).error)
        self.assertIn("\"other\"", self.whimbrel("diff", self.url, self.grown_file, "--schema", "other", code=2).error)
        self.assertIn("whimbrel diff --help", self.whimbrel("diff", self.url, code=2).error)
        self.assertIn("--format", self.whimbrel("diff", self.url, self.grown_file, "--format", "xml", code=2).error)

    def test_what_cannot_be_read_is_an_error(self):
        self.assertIn("none.sql", self.whimbrel("diff", self.url, "none.sql", code=1).error)
        broken = self.file("broken", "CREATE TABLE a (b text);\nCREATE TABEL c (d text);\n")
        error = self.whimbrel("diff", self.url, broken, code=1).error
        self.assertIn("broken.sql cannot be loaded", error)
        self.assertIn("    CREATE TABEL c (d text)\n", error)


class Inspect(Schemas):
    def test_a_schema_is_printed_in_three_ways(self):
        human = self.whimbrel("inspect", self.url).out
        self.assertRegex(human, r"foreign key (\"\w+\" )?\(owner\) to person( \(id\))?, on delete cascade\n")
        self.assertNotIn("\x1b", human)
        data = json.loads(self.whimbrel("inspect", self.url, "--json").out)
        self.assertEqual(data, json.loads(self.whimbrel("inspect", self.url, "--format", "json").out))
        self.assertEqual([table["name"] for table in data["tables"]], ["item", "person"])
        self.assertEqual(data["tables"][0]["foreign_keys"][0]["on_delete"], "cascade")
        self.assertEqual(data["views"][0]["name"], "owned")

    def test_the_schema_as_sql_makes_an_equal_one(self):
        script = self.whimbrel("inspect", self.url, "--format", "sql").out
        copy = self.database("copy", script)
        self.assertEqual(self.whimbrel("diff", self.url, copy, "--exit-code").out, "")
        self.assertEqual(self.whimbrel("inspect", copy, "--format", "sql").out, script)

    def test_the_environment_names_the_database_too(self):
        self.assertIn("table item", self.whimbrel("inspect", WHIMBREL_URL=self.url).out)
        self.assertIn("project", self.whimbrel("inspect", code=2).error)
