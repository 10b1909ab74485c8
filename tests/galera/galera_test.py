#!/usr/bin/env python3
"""Migrations on a MariaDB Galera cluster of three nodes: scripts/galera installs what it takes, and runs this.

GALERA_PROGRAM is the program of program.cpp.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from galera import Cluster  # noqa: E402

PROGRAM = os.environ.get("GALERA_PROGRAM", "")
HISTORY = "SELECT GROUP_CONCAT(name ORDER BY id) FROM migrations"
JOURNAL = "SELECT COUNT(*) FROM migrations_journal"
ALL = "Accounts1700000000001,Orders1700000000002,Slow1700000000003\n"


class Client(threading.Thread):
    """Writes rows through a node, as programs do that know nothing of a migration."""

    def __init__(self, node, database):
        super().__init__()
        self.node, self.database = node, database
        self.inserted = self.updated = self.refused = 0
        self.ends = threading.Event()

    def run(self):
        while not self.ends.is_set():
            email = f"client{self.inserted}@example.org"
            self.inserted += self.tries(f"INSERT INTO account (email, balance) VALUES ('{email}', 1)")
            self.updated += self.tries("UPDATE account SET balance = balance + 1 WHERE email = 'hot@example.org'")

    def tries(self, sql):
        done = subprocess.run(self.node.client(sql, self.database), capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return 1
        if "ERROR 1213" not in done.stderr and "ERROR 1205" not in done.stderr:
            raise AssertionError(done.stderr)
        self.refused += 1
        return 0


class GaleraTest(unittest.TestCase):
    maxDiff = None
    databases = 0

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())
        cls.nodes = cls.cluster.nodes

    def setUp(self):
        for node in self.nodes:
            if node.process.poll() is not None:
                self.cluster.join(node)
        GaleraTest.databases += 1
        self.database = f"shop{GaleraTest.databases}"
        self.nodes[0].ask(f"CREATE DATABASE {self.database} CHARACTER SET utf8mb4")
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def start(self, node, *arguments, migrations=3, busy=60000, statement=None):
        environment = {**os.environ, "GALERA_URL": node.url_of(self.database), "GALERA_MIGRATIONS": str(migrations),
                       "GALERA_BUSY": str(busy), "GALERA_DIRECTORY": self.directory}
        if statement is not None:
            environment |= {"GALERA_STATEMENT": statement, "GALERA_PORT": str(node.port),
                            "GALERA_DATABASE": self.database}
        return subprocess.Popen([PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def finish(self, runner, code=0):
        output, _ = runner.communicate(timeout=120)
        self.assertEqual(runner.returncode, code, output)
        return output

    def run_program(self, node, *arguments, code=0, **options):
        return self.finish(self.start(node, *arguments, **options), code)

    def ask(self, node, sql):
        return node.ask("SET SESSION wsrep_sync_wait = 15; " + sql, self.database)

    def wait_for(self, node, sql, answer):
        deadline = time.monotonic() + 30
        while node.ask(sql, self.database, check=False) != answer:
            self.assertLess(time.monotonic(), deadline, f"{sql} does not become {answer!r}")
            time.sleep(0.02)

    def wait_until(self, holds):
        deadline = time.monotonic() + 30
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def contents(self, node):
        """Definitions and rows; the journal and the lock are tables, too. Each node has a next number of its own."""
        result = {}
        for table in self.ask(node, "SHOW TABLES").split():
            definition = re.sub(r" AUTO_INCREMENT=\d+", "", self.ask(node, f"SHOW CREATE TABLE {table}"))
            result[table] = definition, self.ask(node, f"SELECT * FROM {table} ORDER BY 1, 2")
        return result

    def require_equal_nodes(self, nodes=None):
        first, *others = nodes or self.nodes
        contents = self.contents(first)
        self.assertTrue(contents)
        for other in others:
            found = self.contents(other)
            self.assertEqual(found.keys(), contents.keys(), other.name)
            for table, content in contents.items():
                self.assertEqual(found[table], content, f"{table} on {other.name}")
        self.assertEqual(contents["whimbrel_lock"][1], "")
        self.assertEqual(contents["migrations_journal"][1], "")

    def start_slow(self, node):
        """A runner that is between two statements of the last migration."""
        self.run_program(node, "migrations", migrations=2)
        runner = self.start(node, "migrations")
        self.addCleanup(runner.stdout.close)
        self.wait_for(node, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(3)'", "1\n")
        return runner

    def require_complete(self):
        self.assertEqual(self.ask(self.nodes[0], HISTORY), ALL)
        self.assertEqual(self.ask(self.nodes[0], "SELECT place, at_night FROM place_visit ORDER BY id"), "1\t0\n2\t0\n")

    def test_a_client_writes_through_another_node_meanwhile(self):
        self.run_program(self.nodes[0], "migrations", migrations=1)
        client = Client(self.nodes[1], self.database)
        client.start()
        runs = 0
        try:
            self.wait_until(lambda: client.inserted >= 5)
            for command in "migrations", "revertmigration", "migrations":
                while True:
                    runs += 1
                    runner = self.start(self.nodes[0], command, migrations=2)
                    output, _ = runner.communicate(timeout=120)
                    if runner.returncode == 0:
                        break
                    self.assertIn("Run it again", output)
                    self.assertLess(runs, 300, output)
            meanwhile = client.inserted - 5
            self.wait_until(lambda: client.inserted >= meanwhile + 10)
        finally:
            client.ends.set()
            client.join()
        self.assertGreater(meanwhile, 0)
        print(f"\n{runs} runs; meanwhile {meanwhile} rows; the client inserted {client.inserted} rows, updated {client.updated} and was refused "
              f"{client.refused} times")
        self.assertEqual(self.ask(self.nodes[2], HISTORY), "Accounts1700000000001,Orders1700000000002\n")
        rows = "SELECT COUNT(*), SUM(email LIKE 'client%'), SUM(domain IS NULL AND email NOT LIKE 'client%') FROM account"
        self.assertEqual(self.ask(self.nodes[2], rows), f"{2001 + client.inserted}\t{client.inserted}\t0\n")
        self.assertEqual(self.ask(self.nodes[2], "SELECT balance FROM account WHERE id = (SELECT MIN(id) FROM account)"),
                         f"{client.updated}\n")
        self.require_equal_nodes()

    def test_a_migration_does_not_go_on_after_it_has_lost_its_rows(self):
        self.run_program(self.nodes[0], "migrations", migrations=3)
        runner = self.start(self.nodes[0], "migrations", migrations=4)
        self.addCleanup(runner.stdout.close)
        self.wait_for(self.nodes[0], "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; SELECT MIN(balance) FROM "
                                     "account", "-1\n")
        time.sleep(0.3)  # The journal gets its entry.
        self.ask(self.nodes[1], "UPDATE account SET balance = 7 WHERE email = 'hot@example.org'")
        self.assertIn("rolled back", self.finish(runner, code=1))
        self.assertEqual(self.ask(self.nodes[0], HISTORY), ALL)
        self.assertNotIn("went_on", self.ask(self.nodes[0], "SHOW CREATE TABLE account"))
        self.run_program(self.nodes[1], "migrations", migrations=4)
        self.assertIn("`caught`", self.ask(self.nodes[0], "SHOW CREATE TABLE account"))
        self.assertEqual(self.ask(self.nodes[0], "SELECT MIN(balance) FROM account"), "-1\n")
        self.require_equal_nodes()

    def test_sixteen_runners_at_once_apply_each_migration_once(self):
        runners = [self.start(self.nodes[i % 3], "migrations", busy=120000) for i in range(16)]
        outputs = [self.finish(runner) for runner in runners]
        self.assertEqual(sum(output.count("Ran Slow") for output in outputs), 1, outputs)
        self.require_complete()
        self.assertEqual(self.ask(self.nodes[1], "SELECT COUNT(*) FROM account"), "2001\n")
        self.require_equal_nodes()

    def test_a_runner_waits_for_one_on_another_node(self):
        runner = self.start_slow(self.nodes[0])
        output = self.run_program(self.nodes[1], "migrations", code=1, busy=300)
        self.assertRegex(output, r'Another process is running migrations .*: session \d+ of the node "node1" '
                                 r'\(root@localhost, for \d+ s\)\.')
        waiting = self.start(self.nodes[2], "migrations")
        self.assertIn("1 migration run", self.finish(runner))
        self.assertNotIn("Ran ", self.finish(waiting))
        self.require_complete()
        self.require_equal_nodes()

    def test_a_runner_that_waits_is_told_for_whom_even_if_its_node_is_behind(self):
        runner = self.start_slow(self.nodes[0])
        waiting = self.start(self.nodes[1], "migrations", busy=1500)
        self.wait_for(self.nodes[1], "SELECT COUNT(*) > 0 FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND "
                                     "ID <> CONNECTION_ID()", "1\n")
        time.sleep(0.2)  # It has read the history.
        stops = subprocess.Popen(self.nodes[1].client("FLUSH TABLES WITH READ LOCK; SELECT SLEEP(6)", self.database),
                                 stdout=subprocess.DEVNULL)
        begin = time.monotonic()
        self.assertIn('of the node "node1"', self.finish(waiting, code=1))
        self.assertLess(time.monotonic() - begin, 4)
        self.assertEqual(stops.wait(), 0)
        self.finish(runner)
        self.require_complete()
        self.require_equal_nodes()

    def test_the_next_run_on_another_node_continues_after_a_killed_runner(self):
        for other in self.nodes[1], self.nodes[0]:
            runner = self.start_slow(self.nodes[0])
            runner.kill()
            runner.wait()
            self.assertIn("ended after 3 statements", self.run_program(other, "status"))
            self.run_program(other, "migrations")
            self.require_complete()
            self.require_equal_nodes()
            self.run_program(other, "revertmigration")
            self.require_equal_nodes()

    def test_a_node_is_killed_and_comes_back(self):
        runner = self.start_slow(self.nodes[2])
        self.nodes[2].kill()
        self.assertIn("ended the connection", self.finish(runner, code=1))
        self.nodes[0].wait_until_synced(2)
        # The node may have been cut off only, so that its runner is there.
        output = self.run_program(self.nodes[0], "migrations", code=1, busy=300)
        self.assertRegex(output, r'session \d+ of the node "node3" \(.*\); the node is not reached at 127\.0\.0\.1:\d+, '
                                 r"so only you can tell whether that run has ended: then run DELETE FROM whimbrel_lock")
        self.cluster.join(self.nodes[2])
        self.run_program(self.nodes[1], "migrations")
        self.require_complete()
        self.require_equal_nodes()

    def test_a_node_is_killed_for_good(self):
        runner = self.start_slow(self.nodes[2])
        self.nodes[2].kill()
        self.finish(runner, code=1)
        self.nodes[0].wait_until_synced(2)
        self.ask(self.nodes[0], "DELETE FROM whimbrel_lock")
        self.run_program(self.nodes[1], "migrations")
        self.require_complete()
        self.require_equal_nodes(self.nodes[:2])
        self.cluster.join(self.nodes[2])
        self.require_equal_nodes()

    def test_a_node_without_the_majority_is_refused(self):
        self.run_program(self.nodes[0], "migrations", migrations=1)
        others = self.nodes[1:]
        for node in others:
            node.process.send_signal(signal.SIGSTOP)
        try:
            deadline = time.monotonic() + 30
            while self.nodes[0].status("ready") != "OFF":
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)
            for command in "status", "migrations":
                output = self.run_program(self.nodes[0], command, code=1)
                self.assertIn("is on a node that is not part of the cluster's majority", output)
        finally:
            for node in others:
                node.process.send_signal(signal.SIGCONT)
            for node in self.nodes:
                node.wait_until_synced(3)
        self.run_program(self.nodes[0], "migrations")
        self.require_complete()
        self.require_equal_nodes()

    def test_a_connection_of_the_program_reaches_all_nodes_and_gets_its_settings_back(self):
        output = self.run_program(self.nodes[0], "migrations", code=2, statement="SET SESSION wsrep_on = OFF")
        self.assertIn("wsrep_on is off", output)
        self.assertEqual(self.ask(self.nodes[0], "SHOW TABLES"), "")
        output = self.run_program(self.nodes[0], "migrations",
                                  statement="SET SESSION wsrep_OSU_method = 'RSU', SESSION wsrep_sync_wait = 3")
        self.assertIn("settings: 3 RSU", output)
        self.require_complete()
        self.require_equal_nodes()

    def scratch_databases(self, node):
        return node.ask(r"SHOW DATABASES LIKE 'whimbrel\_scratch\_%'").split()

    def test_scratch_databases_are_dropped_by_their_own_node_only(self):
        left = []
        for _ in range(100):
            runner = self.start(self.nodes[1], "makemigrations", migrations=0)
            while runner.poll() is None and not left:
                left = self.scratch_databases(self.nodes[1])
            runner.kill()
            runner.communicate()
            if left := self.scratch_databases(self.nodes[1]):
                break
        self.assertTrue(left)
        self.assertIn("Verified", self.run_program(self.nodes[0], "makemigrations", migrations=0))
        self.assertEqual(self.scratch_databases(self.nodes[2]), left)
        self.assertIn("Verified", self.run_program(self.nodes[1], "makemigrations", migrations=0))
        self.wait_for(self.nodes[2], r"SHOW DATABASES LIKE 'whimbrel\_scratch\_%'", "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
