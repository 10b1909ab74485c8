#!/usr/bin/env python3
"""A MariaDB or MySQL server of the tests' own, on a temporary directory, that is gone with whoever started it.

    mysql_server.py [--set NAME=VALUE]...

It prints a URL without a database when the server accepts connections. The server is stopped and its directory removed
when standard input is closed, or by SIGTERM or SIGINT. Nothing else that runs here is touched. The variables of the
environment name another server than the installed one:

    WHIMBREL_MYSQL_SERVER  the command, of which the first word may be a loader: "ld.so --library-path ... mysqld"
    WHIMBREL_MYSQL_SHARE   the directory with its messages and scripts, such as .../usr/share/mysql
    WHIMBREL_MYSQL_ROOT    the directory in which the server's own is made; by default it is in memory if there is
                           plenty, else in /tmp

    --set NAME=VALUE       an option of the server
"""

import argparse
import ctypes
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

# In memory, databases are made and removed much faster.
MEMORY = "/dev/shm"
PLENTY = 2 << 30


def default_root():
    """The path of a socket has at most 107 bytes, so the directory is not in TMPDIR, which may be long."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > PLENTY:
        return MEMORY
    return "/tmp"


ROOT = os.environ.get("WHIMBREL_MYSQL_ROOT") or default_root()

# Nothing here has to survive anything; the times of the tests are what matters.
SETTINGS = {
    "skip-networking": None,
    "skip-log-bin": None,
    "performance-schema": "OFF",
    "innodb-buffer-pool-size": "32M",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-flush-method": "nosync",
    "innodb-doublewrite": "OFF",
    "innodb-use-native-aio": "OFF",
    "character-set-server": "utf8mb4",
    "max-connections": "100",
    "secure-file-priv": "",
}
OF_MARIADB = {"innodb-log-file-size": "16M"}
OF_MYSQL = {"mysqlx": "OFF", "innodb-redo-log-capacity": "16M", "lc-messages": "en_US"}

PR_SET_PDEATHSIG = 1

LIBRARY = ctypes.CDLL(None)


def die_with_parent():
    """Called in a child: where this process is killed, it is killed as well. Linux only."""
    if hasattr(LIBRARY, "prctl"):
        LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Failure(Exception):
    pass


def find_command():
    if command := os.environ.get("WHIMBREL_MYSQL_SERVER"):
        return shlex.split(command)
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin:/usr/libexec"
    for name in ("mariadbd", "mysqld"):
        if program := shutil.which(name, path=path):
            return [program]
    raise Failure("the program of a MariaDB or MySQL server, mariadbd or mysqld, is not there; Debian's package is "
                  "mariadb-server-core. WHIMBREL_MYSQL_SERVER names another command.")


def find_share():
    if share := os.environ.get("WHIMBREL_MYSQL_SHARE"):
        return share
    for place in ("/usr/share/mariadb", "/usr/share/mysql"):
        if os.path.isdir(place):
            return place
    raise Failure("the scripts of the server are not there; WHIMBREL_MYSQL_SHARE names their directory")


class Server:
    """Runs while the object is used as a context."""

    def __init__(self, settings=None):
        self.command = find_command()
        self.share = find_share()
        version = subprocess.run([*self.command, "--no-defaults", "--version"], capture_output=True, text=True,
                                 check=False).stdout
        self.is_mariadb = "mariadb" in version.lower()
        self.settings = {**SETTINGS, **(OF_MARIADB if self.is_mariadb else OF_MYSQL), **(settings or {})}
        self.directory = tempfile.mkdtemp(prefix="whimbrel-my-", dir=ROOT)
        self.data = os.path.join(self.directory, "data")
        self.socket = os.path.join(self.directory, "socket")
        # A server removes the temporary files that it finds when it starts.
        self.temporary = os.path.join(self.directory, "tmp")
        os.mkdir(self.temporary)
        self.log = os.path.join(self.directory, "log")
        self.process = None

    @property
    def url(self):
        return f"mysql://root@localhost/?socket={self.socket}"

    def __enter__(self):
        try:
            self.make()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def options(self):
        user = ["--user=root"] if os.geteuid() == 0 else []
        return ["--no-defaults", *user, f"--datadir={self.data}", f"--tmpdir={self.temporary}", f"--lc-messages-dir={self.share}",
                f"--basedir={os.path.dirname(os.path.dirname(self.share))}",
                *(f"--{name}" if value is None else f"--{name}={value}" for name, value in self.settings.items())]

    def make(self):
        """MariaDB's own tables come from scripts, MySQL's from the server."""
        script = None
        if self.is_mariadb:
            os.mkdir(self.data)
            script = "CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\n"
            for name in ("system_tables", "performance_tables", "system_tables_data"):
                with open(self.script(name), encoding="utf-8") as file:
                    script += file.read()
        made = subprocess.run([*self.command, *self.options(), "--bootstrap" if script else "--initialize-insecure"],
                              cwd=self.directory, input=script or "", capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Failure(f"the tables of the server could not be made:\n{made.stdout}{made.stderr}")

    def script(self, name):
        """Before version 11 the files were called as MySQL's."""
        for prefix in ("mariadb", "mysql"):
            path = os.path.join(self.share, f"{prefix}_{name}.sql")
            if os.path.exists(path):
                return path
        raise Failure(f"{self.share} has no script {name}.sql")

    def start(self):
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([*self.command, *self.options(), f"--socket={self.socket}",
                                             f"--pid-file={self.directory}/pid"],
                                            cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, preexec_fn=die_with_parent)
        deadline = time.monotonic() + 120
        while not self.accepts():
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(self.log, encoding="utf-8", errors="replace") as log:
                    raise Failure(f"the server did not start:\n{log.read()}")
            time.sleep(0.02)

    def accepts(self):
        """The server greets a client when it is ready: MySQL's socket is there before."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(5)
            try:
                client.connect(self.socket)
                return len(client.recv(5)) == 5
            except OSError:
                return False

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()  # Nothing has to survive, and an orderly end takes longer.
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def stop(*_):
    raise KeyboardInterrupt


def setting(text):
    if not re.fullmatch(r"[a-z0-9_-]+(=.*)?", text):
        raise argparse.ArgumentTypeError("not NAME=VALUE")
    name, equals, value = text.partition("=")
    return name, value if equals else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], dest="settings", metavar="NAME=VALUE", type=setting)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        with Server(dict(arguments.settings)) as server:
            print(server.url, flush=True)
            while os.read(0, 4096):
                pass
    except KeyboardInterrupt:
        pass
    except (Failure, OSError) as error:
        sys.exit(f"mysql_server.py: {error}")


if __name__ == "__main__":
    main()
