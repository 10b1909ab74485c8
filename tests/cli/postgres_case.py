"""A PostgreSQL server for the tests of the command line."""

import os
import re
import subprocess
import sys
import unittest

from whimbrel_case import HERE, clean_environment

sys.path.insert(0, str(HERE.parent / "support"))
from postgres_server import Server


class OnPostgres:
    """The databases of a WhimbrelCase are on a server that the test file has for itself."""

    server = None
    count = 0

    @classmethod
    def start_server(cls):
        """For setUpModule."""
        OnPostgres.server = Server()
        OnPostgres.server.__enter__()
        unittest.addModuleCleanup(OnPostgres.server.__exit__)

    @classmethod
    def url_of(cls, database, role="postgres"):
        return cls.server.url.replace("postgres@/postgres", f"{role}@/{database}")

    @staticmethod
    def database_of(url):
        return url.partition("@/")[2].partition("?")[0]

    @classmethod
    def client(cls, name, *arguments, script=None):
        """What one of PostgreSQL's own programs prints."""
        result = subprocess.run([os.path.join(cls.server.programs, name), *map(str, arguments)], input=script or "",
                                capture_output=True, text=True, check=False, env=clean_environment())
        if result.returncode != 0:
            raise AssertionError(f"{name}: {result.stderr}")
        return result.stdout

    @classmethod
    def run_script(cls, url, script):
        return cls.client("psql", "-XqAtv", "ON_ERROR_STOP=1", url, script=script)

    @classmethod
    def new_url(cls, name="program", template="template1"):
        """Of a database that nobody else has, empty or as the template."""
        OnPostgres.count += 1
        database = f"{name}_{OnPostgres.count}"
        cls.run_script(cls.url_of("postgres"), f"CREATE DATABASE {database} TEMPLATE {template}")
        return cls.url_of(database)

    @classmethod
    def rows_of(cls, url, *statements):
        """The rows of the last statement; their values are text."""
        if len(statements) > 1:
            cls.run_script(url, ";\n".join(statements[:-1]))
        output = cls.client("psql", "-XqAtF\x1f", "-v", "ON_ERROR_STOP=1", "-c", statements[-1], url)
        return [tuple(line.split("\x1f")) for line in output.splitlines()]

    @classmethod
    def tables_of(cls, url):
        """The tables and views that are no extension's."""
        return [name for name, in cls.rows_of(url, """
            SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e') ORDER BY relname""")]

    @classmethod
    def dump(cls, url, *options):
        """The schema as pg_dump writes it."""
        # Since a minor version of 2025 there is a random word in two lines.
        text = cls.client("pg_dump", "--schema-only", *options, url)
        return re.sub(r"(?m)^\\(un)?restrict .*\n", "", text)

    @classmethod
    def dump_without_history(cls, url):
        """Which remains when all migrations are reverted."""
        return cls.dump(url, "--exclude-table=migrations", "--exclude-table=migrations_id_seq")
