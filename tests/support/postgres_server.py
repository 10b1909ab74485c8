#!/usr/bin/env python3
"""A PostgreSQL server of the tests' own, on a temporary directory, that is gone with whoever started it.

    postgres_server.py [--standby] [--pooler MODE [--pool-size NUMBER]] [--set NAME=VALUE]...

It prints the URL of the database `postgres` when the server accepts connections. The server is stopped and its
directory removed when standard input is closed, or by SIGTERM or SIGINT. WHIMBREL_POSTGRES_BIN names the directory of
the server's programs; without it the newest that is installed is taken. WHIMBREL_POSTGRES_ROOT names the directory in
which the server's own is made; by default it is in memory if there is plenty, else in /tmp. Nothing else that runs here is
touched.

    --standby           a server that only reads, as a replica does
    --pooler MODE       PgBouncer stands between, with this pool_mode; the URL is its own
    --pool-size NUMBER  how many connections to the server it has for a database
    --set NAME=VALUE    a setting of postgresql.conf
"""

import argparse
import ctypes
import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# In memory, databases are made and removed in two thirds of the time; the last ones, which are kept, take up to 4 GiB.
MEMORY = "/dev/shm"
PLENTY = 8 << 30


def default_root():
    """The path of a socket has at most 107 bytes, so the directory is not in TMPDIR, which may be long."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            available = int(re.search(r"^MemAvailable: +(\d+) kB", file.read(), re.MULTILINE)[1]) << 10
        if min(available, shutil.disk_usage(MEMORY).free) > PLENTY and os.access(MEMORY, os.W_OK):
            return MEMORY
    except (OSError, TypeError):
        pass  # It is not Linux.
    return "/tmp"


ROOT = os.environ.get("WHIMBREL_POSTGRES_ROOT") or default_root()

# Nothing here has to survive anything; the times of the tests are what matters.
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
    "max_prepared_transactions": "5",
    "max_locks_per_transaction": "1024",
    "timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "lc_messages": "C",
    "jit": "off",
    # A new connection plans the long queries of the catalog anew, which takes longer than running them.
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "enable_mergejoin": "off",
    "enable_material": "off",
}

# A role of this name has to give its password; everybody else is let in.
ACCESS = "local all whimbrel_password scram-sha-256\nlocal all all trust\nlocal replication all trust\n"

PR_SET_PDEATHSIG = 1

# A socket's name, in the directory of the server.
POOLER_PORT = 6432

LIBRARY = ctypes.CDLL(None)


def die_with_parent():
    """Called in a child: where this process is killed, it shuts down as well. Linux only."""
    if hasattr(LIBRARY, "prctl"):
        LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Failure(Exception):
    pass


def find_programs():
    """The directory with initdb and postgres."""
    places = [os.environ["WHIMBREL_POSTGRES_BIN"]] if "WHIMBREL_POSTGRES_BIN" in os.environ else installed_programs()
    for place in places:
        if all(os.access(os.path.join(place, name), os.X_OK) for name in ("initdb", "postgres")):
            return place
    raise Failure("the programs of a PostgreSQL server, initdb and postgres, are not there; Debian's package is "
                  f"postgresql. Looked in: {', '.join(places) or 'the usual places'}. WHIMBREL_POSTGRES_BIN names "
                  "another directory.")


def installed_programs():
    """Where they may be: the newest version first, then what the search path leads to."""
    def version(path):
        return [int(number) for number in re.findall(r"\d+", path)]
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin"), key=version, reverse=True)
    if postgres := shutil.which("postgres"):
        places.append(os.path.dirname(os.path.realpath(postgres)))
    if pg_config := shutil.which("pg_config"):
        places.append(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    return places


def identity():
    """Options of subprocess with which a server runs: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError as error:
        raise Failure("PostgreSQL does not run as root, and there is no user postgres, whom the package makes") from error
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """Runs while the object is used as a context."""

    def __init__(self, standby=False, settings=None, pool_mode=None, pool_size=20):
        self.programs = find_programs()
        self.identity = identity()
        self.standby = standby
        # A replica must not have fewer connections than the server whose data it has, here a new one with the default.
        self.settings = {**SETTINGS, **({"max_connections": "100"} if standby else {}), **(settings or {})}
        self.directory = tempfile.mkdtemp(prefix="whimbrel-pg-", dir=ROOT)
        self.data = os.path.join(self.directory, "data")
        self.process = None
        self.pool_mode = pool_mode
        self.pool_size = pool_size
        self.pooler = None
        if self.identity:
            os.chown(self.directory, self.identity["user"], self.identity["group"])

    @property
    def url(self):
        port = f"&port={POOLER_PORT}" if self.pool_mode else ""
        return f"postgresql://postgres@/postgres?host={self.directory}{port}"

    def __enter__(self):
        try:
            self.make()
            self.start()
            if self.pool_mode:
                self.start_pooler()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def make(self):
        command = [os.path.join(self.programs, "initdb"), "--no-sync", "--auth=trust", "--username=postgres",
                   "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", self.data]
        made = subprocess.run(command, cwd=self.directory, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False, env=self.environment(), **self.identity)
        if made.returncode != 0:
            raise Failure(f"initdb failed:\n{made.stdout}{made.stderr}")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.settings.items())
            file.write(f"unix_socket_directories = '{self.directory}'\n")
        with open(os.path.join(self.data, "pg_hba.conf"), "w", encoding="utf-8") as file:
            file.write(ACCESS)
        if self.standby:
            with open(os.path.join(self.data, "standby.signal"), "w", encoding="utf-8"):
                pass

    @staticmethod
    def environment():
        """The caller's without the variables of PostgreSQL, which mean servers of the caller's."""
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}

    def start(self):
        path = os.path.join(self.directory, "log")
        with open(path, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([os.path.join(self.programs, "postgres"), "-D", self.data],
                                            cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment(), start_new_session=True, preexec_fn=die_with_parent,
                                            **self.identity)
        self.wait_for("PostgreSQL server", self.process, self.accepts, path)

    @staticmethod
    def wait_for(name, process, is_ready, path):
        deadline = time.monotonic() + 60
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                with open(path, encoding="utf-8", errors="replace") as log:
                    raise Failure(f"the {name} did not start:\n{log.read()}")
            time.sleep(0.02)

    def start_pooler(self):
        program = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if program is None:
            raise Failure("the program pgbouncer is not there; Debian's package is pgbouncer")
        path = os.path.join(self.directory, "pooler")
        with open(path + ".ini", "w", encoding="utf-8") as file:
            file.write(f"[databases]\n* = host={self.directory} user=postgres\n"
                       f"[pgbouncer]\npool_mode = {self.pool_mode}\nauth_type = any\n"
                       f"default_pool_size = {self.pool_size}\nlisten_port = {POOLER_PORT}\n"
                       f"unix_socket_dir = {self.directory}\nlogfile = {path}.log\n")
        with open(path + ".out", "w", encoding="utf-8") as out:
            self.pooler = subprocess.Popen([program, "-q", path + ".ini"], cwd=self.directory, stdin=subprocess.DEVNULL,
                                           stdout=out, stderr=out, env=self.environment(), start_new_session=True,
                                           preexec_fn=die_with_parent, **self.identity)
        socket = os.path.join(self.directory, f".s.PGSQL.{POOLER_PORT}")
        self.wait_for("pooler", self.pooler, lambda: os.path.exists(socket), path + ".out")

    def accepts(self):
        """The last line of the file says so. https://www.postgresql.org/docs/current/storage-file-layout.html"""
        try:
            with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() in ("ready", "standby")

    def remove(self):
        for process in (self.pooler, self.process):
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGINT)  # Fast: open transactions are rolled back.
            try:
                process.wait(1 if process is self.pooler else 30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def stop(*_):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--standby", action="store_true")
    parser.add_argument("--pooler", choices=["session", "transaction", "statement"], metavar="MODE")
    parser.add_argument("--pool-size", type=int, default=20, metavar="NUMBER")
    parser.add_argument("--set", action="append", default=[], dest="settings", metavar="NAME=VALUE")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        settings = dict(setting.split("=", 1) for setting in arguments.settings)
        with Server(arguments.standby, settings, arguments.pooler, arguments.pool_size) as server:
            print(server.url, flush=True)
            while os.read(0, 4096):
                pass
    except KeyboardInterrupt:
        pass
    except (Failure, OSError) as error:
        sys.exit(f"postgres_server.py: {error}")


if __name__ == "__main__":
    main()
