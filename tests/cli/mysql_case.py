"""A MariaDB or MySQL server for the tests of the command line."""

import re
import shutil
import subprocess
import sys
import unittest

from whimbrel_case import HERE, clean_environment

sys.path.insert(0, str(HERE.parent / "support"))
from mysql_server import Server


class OnMysql:
    """The databases of a WhimbrelCase are on a server that the test file has for itself."""

    server = None
    count = 0

    @classmethod
    def start_server(cls):
        """For setUpModule."""
        OnMysql.server = Server()
        OnMysql.server.__enter__()
        unittest.addModuleCleanup(OnMysql.server.__exit__)

    @classmethod
    def run_script(cls, database, script):
        """What the client prints: a line for each row, with tabs between the values."""
        client = shutil.which("mariadb") or "mysql"
        result = subprocess.run(
            [client, "--no-defaults", "--user=root", f"--socket={cls.server.socket}", "--batch", "--skip-column-names",
             *([f"--database={database}"] if database else [])],
            input=script, capture_output=True, text=True, check=False, env=clean_environment())
        if result.returncode != 0:
            raise AssertionError(f"{client}: {result.stderr}")
        return result.stdout

    @classmethod
    def new_url(cls, name="program"):
        """Of a database that nobody else has."""
        OnMysql.count += 1
        database = f"{name}_{OnMysql.count}"
        cls.run_script("", f"CREATE DATABASE {database}")
        return cls.server.url.replace("localhost/", f"localhost/{database}")

    @classmethod
    def rows_of(cls, url, *statements):
        """The rows of the last statement; their values are text."""
        database = url.partition("localhost/")[2].partition("?")[0]
        if len(statements) > 1:
            cls.run_script(database, ";\n".join(statements[:-1]))
        return [tuple(line.split("\t")) for line in cls.run_script(database, statements[-1]).splitlines()]

    @classmethod
    def tables_of(cls, url):
        return [name for name, in cls.rows_of(url, """
            SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY table_name""")]

    @classmethod
    def dump_without_history(cls, url):
        """The tables and views that are no history's, as the server shows them, without how far they have counted."""
        text = ""
        for name in cls.tables_of(url):
            if not name.startswith("migrations"):
                shown = cls.rows_of(url, f"SHOW CREATE TABLE `{name}`")[0][1].replace("\\n", "\n")
                text += re.sub(r" AUTO_INCREMENT=\d+", "", shown) + "\n"
        return text
