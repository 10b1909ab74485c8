"""A MariaDB Galera cluster of the tests' own: nodes on loopback, on temporary directories, gone with whoever started it.

Besides the server and its client, it takes Debian's packages galera-4 and rsync, and from mariadb-server the scripts
wsrep_sst_*. The variables of the environment say where they are if they are not installed:

    WHIMBREL_GALERA_PROVIDER  the library
    WHIMBREL_GALERA_SCRIPTS   the directory with the scripts
"""

import os
import pwd
import shutil
import socket
import subprocess
import time

from mysql_server import Failure, Server

PROVIDERS = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so")


def find_provider():
    for place in (os.environ.get("WHIMBREL_GALERA_PROVIDER", ""), *PROVIDERS):
        if os.path.isfile(place):
            return place
    raise Failure("the library of Galera is not there; Debian's package is galera-4")


def find_scripts():
    directory = os.environ.get("WHIMBREL_GALERA_SCRIPTS") or os.path.dirname(shutil.which("wsrep_sst_rsync") or "")
    names = ("wsrep_sst_rsync", "wsrep_sst_common")
    if not all(os.path.isfile(os.path.join(directory, name)) for name in names):
        raise Failure("wsrep_sst_rsync is not there; Debian's package is mariadb-server")
    return [os.path.join(directory, name) for name in names]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Node(Server):
    """The ports are those of its clients, of the group, and of the two ways in which it gets what it missed."""

    def __init__(self, number, ports, addresses):
        super().__init__()
        self.name = f"node{number}"
        self.port, group, changes, state = ports
        self.new_cluster = False
        # The program that sends the state of a node does not run as root.
        self.user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        del self.settings["skip-networking"]
        self.settings |= {"port": str(self.port), "bind-address": "127.0.0.1", "binlog-format": "ROW",
                          "innodb-autoinc-lock-mode": "2"}
        self.cluster_settings = {
            "wsrep-on": "ON", "wsrep-provider": find_provider(), "wsrep-cluster-name": "whimbrel",
            "wsrep-cluster-address": "gcomm://" + ",".join(addresses), "wsrep-node-name": self.name,
            "wsrep-node-address": f"127.0.0.1:{group}", "wsrep-node-incoming-address": f"127.0.0.1:{self.port}",
            "wsrep-sst-method": "rsync", "wsrep-sst-receive-address": f"127.0.0.1:{state}",
            "wsrep-provider-options": f"gmcast.listen_addr=tcp://127.0.0.1:{group};ist.recv_addr=127.0.0.1:{changes};"
                                      "gcache.size=16M;evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S"}

    def url_of(self, database):
        return f"mysql://root@127.0.0.1:{self.port}/{database}"

    def start(self):
        self.settings |= self.cluster_settings
        if os.geteuid() == 0:
            for directory, _, files in os.walk(self.directory):
                for path in (directory, *(os.path.join(directory, file) for file in files)):
                    shutil.chown(path, self.user)
        super().start()

    def options(self):
        options = [f"--user={self.user}" if option == "--user=root" and "wsrep-on" in self.settings else option
                   for option in super().options()]
        return options + (["--wsrep-new-cluster"] if self.new_cluster else [])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def status(self, name):
        """Empty: it does not answer."""
        answer = self.ask(f"SHOW STATUS LIKE 'wsrep_{name}'", check=False).split("\t")
        return answer[1].strip() if len(answer) == 2 else ""

    def client(self, sql, database):
        return ["mariadb", "--no-defaults", "--user=root", f"--socket={self.socket}", "--batch", "--skip-column-names",
                "--execute", sql, database]

    def ask(self, sql, database="mysql", check=True):
        """The rows as lines, with tabs between columns."""
        done = subprocess.run(self.client(sql, database), capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise Failure(f"{self.name}: {done.stderr}")
        return done.stdout

    def wait_until_synced(self, size=0):
        """In a cluster of this size, if one is given."""
        deadline = time.monotonic() + 60
        while (self.status("local_state_comment") != "Synced" or self.status("ready") != "ON" or
               (size and self.status("cluster_size") != str(size))):
            if time.monotonic() > deadline:
                with open(self.log, encoding="utf-8", errors="replace") as log:
                    raise Failure(f"{self.name} did not join the cluster:\n{log.read()}")
            time.sleep(0.05)


class Cluster:
    """Runs while the object is used as a context."""

    def __init__(self, size=3):
        ports = free_ports(4 * size)
        groups = [ports[4 * i:4 * i + 4] for i in range(size)]
        addresses = [f"127.0.0.1:{group[1]}" for group in groups]
        self.nodes = []
        for i, group in enumerate(groups):
            self.nodes.append(Node(i + 1, group, addresses))
        # Where every user may read them.
        scripts = os.path.join(self.nodes[0].directory, "scripts")
        os.mkdir(scripts)
        for script in find_scripts():
            os.chmod(shutil.copy(script, scripts), 0o755)
        os.chmod(self.nodes[0].directory, 0o755)
        os.environ["PATH"] = scripts + os.pathsep + os.environ.get("PATH", os.defpath)

    def __enter__(self):
        try:
            first = self.nodes[0]
            first.make()
            first.new_cluster = True
            first.start()
            first.new_cluster = False
            first.wait_until_synced()
            for node in self.nodes[1:]:
                os.mkdir(node.data)
                self.join(node)
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    @staticmethod
    def join(node):
        """Starts a node, which gets the state of the others."""
        node.start()
        node.wait_until_synced()

    def remove(self):
        for node in self.nodes:
            node.remove()
