#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/version.h"
#include "temporary_directory.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace std::chrono_literals;

namespace {

void write(const std::string& file, const std::string& content) { std::ofstream(file) << content; }

}  // namespace

TEST_CASE("every kind of value goes in and comes out as it was") {
  const auto connection = open_memory();
  const std::string text("a\0b", 3);
  const Bytes bytes{std::byte{0}, std::byte{255}, std::byte{0}};
  const std::vector<Value> values{nullptr, std::int64_t{-9'000'000'000}, 0.5, text, bytes, Bytes{}, "", true};
  const Rows::Data rows = connection->run("SELECT ? AS a, ?, ?, ?, ?, ?, ?, ?", values);
  REQUIRE(rows.values.size() == 1);
  CHECK(rows.columns.at(0) == "a");
  CHECK(rows.values[0].at(0) == Value(nullptr));
  CHECK(rows.values[0].at(1) == Value(std::int64_t{-9'000'000'000}));
  CHECK(rows.values[0].at(2) == Value(0.5));
  CHECK(rows.values[0].at(3) == Value(text));
  CHECK(rows.values[0].at(4) == Value(bytes));
  CHECK(rows.values[0].at(5) == Value(Bytes{}));
  CHECK(rows.values[0].at(6) == Value(""));
  CHECK(rows.values[0].at(7) == Value(1));
}

TEST_CASE("several statements run in their order, and the last that has rows gives them") {
  const auto connection = open_memory();
  const Rows::Data rows = connection->run(
      "CREATE TABLE a(x); -- one; two\n"
      "INSERT INTO a VALUES (1), (2);\n"
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = x + 10; DELETE FROM a WHERE x = 11; END;\n"
      "SELECT x FROM a ORDER BY x;\n"
      "INSERT INTO a VALUES (3);;");
  REQUIRE(rows.values.size() == 2);
  CHECK(rows.values[1][0] == Value(2));
  CHECK(number(*connection, "SELECT count(*) FROM a") == 2);
}

TEST_CASE("text without a statement does nothing") {
  const auto connection = open_memory();
  CHECK(connection->run("").values.empty());
  CHECK(connection->run(" ; -- nothing\n /* at all */ ;").columns.empty());
}

TEST_CASE("an error has the failing statement's own text and the place in it") {
  const auto connection = open_memory();
  const auto error = error_of(
      [&] { connection->run("CREATE TABLE a(x);\n -- of all things\n SELECT 1, missing FROM a; CREATE TABLE b(x)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->statement() == "SELECT 1, missing FROM a");
  CHECK(error->statement_offset() == (has_sqlite(38) ? 10 : -1));
  CHECK(error->native_code() == SQLITE_ERROR);
  CHECK(contains(error->what(), "no such column: missing"));
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 1);
}

TEST_CASE("an error of syntax has the whole statement") {
  const auto connection = open_memory();
  const auto error = error_of([&] { connection->run("SELECT 1; SELECT * FORM a WHERE x = ';' ; SELECT 2"); });
  REQUIRE(error);
  CHECK(error->statement() == "SELECT * FORM a WHERE x = ';'");
  CHECK(error->statement_offset() == (has_sqlite(38) ? 9 : -1));
}

TEST_CASE("a constraint that fails is named, with the extended code") {
  const auto connection = open_memory();
  connection->run("CREATE TABLE a(x NOT NULL)");
  const auto error = error_of([&] { connection->run("INSERT INTO a VALUES (NULL)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->native_code() == SQLITE_CONSTRAINT_NOTNULL);
  CHECK(contains(error->what(), "NOT NULL constraint failed: a.x"));
  CHECK(error->statement() == "INSERT INTO a VALUES (NULL)");
}

TEST_CASE("the number of values must be the number of placeholders") {
  const auto connection = open_memory();
  CHECK(error_of([&] { connection->run("SELECT ?, ?", {Value(1)}); })->kind() == ErrorKind::statement);
  CHECK(error_of([&] { connection->run("SELECT 1", {Value(1)}); })->kind() == ErrorKind::statement);
  const auto error = error_of([&] { connection->run("SELECT ?"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "placeholders for 1"));
  CHECK(error->statement() == "SELECT ?");
}

TEST_CASE("parameters go with one statement, and nothing of several is run") {
  const auto connection = open_memory();
  const auto error = error_of([&] { connection->run("CREATE TABLE a(x); SELECT ?", {Value(1)}); });
  REQUIRE(error);
  CHECK(error->statement_offset() == 19);
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 0);
  CHECK(connection->run("SELECT ? ; -- that is all", {Value(1)}).values.size() == 1);
}

TEST_CASE("a NUL character in SQL text is an error and does not cut it short") {
  const auto connection = open_memory();
  const auto error = error_of([&] { connection->run(std::string_view("SELECT 1\0; SELECT 2", 19)); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->statement_offset() == 8);
}

TEST_CASE("an observer sees every statement before and after it, and can stop it") {
  const auto connection = open_memory();
  Recorder recorder;
  recorder.refuse = "DROP TABLE a";
  CHECK_THROWS_AS(connection->run(" CREATE TABLE a(x) ; DROP TABLE a;", nullptr, recorder), Error);
  CHECK(recorder.told ==
        std::vector<std::string>{"before CREATE TABLE a(x)", "after CREATE TABLE a(x)", "before DROP TABLE a"});
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 1);
}

TEST_CASE("a connection enforces foreign keys") {
  const auto connection = open_memory();
  CHECK(number(*connection, "PRAGMA foreign_keys") == 1);
  CHECK(number(*connection->open_scratch(), "PRAGMA foreign_keys") == 1);
}

TEST_CASE("whether a transaction is active follows the statements") {
  const auto connection = open_memory();
  CHECK_FALSE(connection->is_transaction_active());
  connection->run("BEGIN");
  CHECK(connection->is_transaction_active());
  connection->run("COMMIT");
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("the version is the library's") {
  const int version = open_memory()->version();
  CHECK(version / 10000 == 3);
  CHECK(version / 100 % 100 == sqlite3_libversion_number() / 1000 % 1000);
}

TEST_CASE("a database that is not there is made") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  open("sqlite:" + file)->run("CREATE TABLE a(x)");
  CHECK(std::filesystem::exists(file));
  CHECK(open("sqlite://" + file)->description() == "SQLite database \"" + file + '"');
}

TEST_CASE("a database that is not there is empty and not made when it is only read") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  const auto connection = sqlite::driver().open({.url = "sqlite:" + file, .read_only = true});
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 0);
  CHECK(contains(connection->description(), file));
  CHECK_FALSE(std::filesystem::exists(file));
  const auto error =
      error_of([&] { sqlite::driver().open({.url = "sqlite:" + directory.file("none/app.db"), .read_only = true}); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(contains(error->what(), "there is no directory"));
}

TEST_CASE("a missing directory is named and not made") {
  const TemporaryDirectory directory;
  const auto error = error_of([&] { open("sqlite:" + directory.file("a/b/app.db")); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(contains(error->what(), "there is no directory \"" + directory.file("a/b") + '"'));
  CHECK_FALSE(std::filesystem::exists(directory.file("a")));
}

TEST_CASE("a directory is no database") {
  const TemporaryDirectory directory;
  const auto error = error_of([&] { open("sqlite:" + directory.path().string()); });
  REQUIRE(error);
  CHECK(contains(error->what(), "it is a directory"));
}

TEST_CASE("a file that is no database is told apart when it is opened, and stays as it is") {
  const TemporaryDirectory directory;
  const std::string content = "Dear diary, " + std::string(5000, 'x');
  write(directory.file("diary.txt"), content);
  const auto error = error_of([&] { open("sqlite:" + directory.file("diary.txt")); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(error->native_code() == SQLITE_NOTADB);
  CHECK(contains(error->what(), "is not an SQLite database"));
  CHECK(error->statement().empty());
  CHECK(std::filesystem::file_size(directory.file("diary.txt")) == content.size());
}

TEST_CASE("a damaged database is told apart") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  open("sqlite:" + file)->run("CREATE TABLE a(x)");
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(100) << std::string(3000, '\xff');
  const auto error = error_of([&] { open("sqlite:" + file); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK((error->native_code() & 0xff) == SQLITE_CORRUPT);
  CHECK(contains(error->what(), "is damaged"));
}

TEST_CASE("writing what was opened to be read is an error with a remedy") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  open("sqlite:" + file)->run("CREATE TABLE a(x)");
  const auto connection = sqlite::driver().open({.url = "sqlite:" + file, .read_only = true});
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
  const auto error = error_of([&] { connection->run("INSERT INTO a VALUES (1)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK((error->native_code() & 0xff) == SQLITE_READONLY);
  CHECK(contains(error->what(), "cannot be written"));
  CHECK(contains(error->remedy(), "permissions"));
}

TEST_CASE("files that may not be written or read are errors that say so") {
  if (geteuid() == 0) return;  // Root may do everything.
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  open("sqlite:" + file)->run("CREATE TABLE a(x)");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  CHECK(error_of([&] { open("sqlite:" + file)->run("INSERT INTO a VALUES (1)"); })->kind() == ErrorKind::connection);
  std::filesystem::permissions(file, std::filesystem::perms::none);
  const auto error = error_of([&] { open("sqlite:" + file); });
  REQUIRE(error);
  CHECK(contains(error->what(), "Permission denied"));
}

TEST_CASE("a file that the system does not open is an error with the system's reason") {
  const TemporaryDirectory directory;
  const auto error = error_of([&] { open("sqlite:" + directory.file(std::string(300, 'a'))); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(error->native_code() != 0);
  CHECK(contains(error->what(), std::strerror(ENAMETOOLONG)));
}

TEST_CASE("a path that is too long is an error that says so, whatever failed before") {
  const TemporaryDirectory directory;
  std::filesystem::path path = directory.file("a");
  for (int i = 0; i < 10; ++i) path /= std::string(100, 'a');
  std::filesystem::create_directories(path);
  errno = ENOTTY;
  const auto error = error_of([&] { open("sqlite:" + (path / "app.db").string()); });
  REQUIRE(error);
  CHECK(contains(error->what(), std::strerror(ENAMETOOLONG)));
}

TEST_CASE("a directory that may not be written is the reason, not the file that is not in it") {
  const TemporaryDirectory directory;
  const std::string inner = directory.file("inner");
  std::filesystem::create_directory(inner);
  std::filesystem::permissions(inner, std::filesystem::perms(0555));
  std::filesystem::permissions(std::filesystem::path(inner).parent_path(), std::filesystem::perms(0755));
  const uid_t user = geteuid();
  constexpr uid_t nobody = 65534;
  if (user == 0) REQUIRE(seteuid(nobody) == 0);  // Root may do everything.
  const auto error = error_of([&] { open("sqlite:" + inner + "/app.db"); });
  if (user == 0) REQUIRE(seteuid(user) == 0);
  REQUIRE(error);
  CHECK(contains(error->what(), "Permission denied"));
}

TEST_CASE("reading a database that a crashed program left says how it is recovered") {
  const TemporaryDirectory directory;
  const auto writer = open("sqlite:" + directory.file("app.db"));
  writer->run(
      "CREATE TABLE t (a); PRAGMA cache_size = 1; BEGIN;"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
      "INSERT INTO t SELECT zeroblob(2000) FROM n");
  std::filesystem::copy_file(directory.file("app.db"), directory.file("left.db"));
  std::filesystem::copy_file(directory.file("app.db-journal"), directory.file("left.db-journal"));
  const auto error = error_of([&] {
    sqlite::driver().open({.url = "sqlite:" + directory.file("left.db"), .read_only = true})->run("SELECT * FROM t");
  });
  REQUIRE(error);
  CHECK(contains(error->what(), "unfinished changes of a crashed program"));
  CHECK(open("sqlite:" + directory.file("left.db"))->run("SELECT count(*) FROM t").values.at(0).at(0).integer() == 0);
}

TEST_CASE("a file that cannot be written further is an error and keeps what it had") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  const auto connection = open("sqlite:" + file);
  connection->run("CREATE TABLE a(x)");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit tight = before;
  tight.rlim_cur = 50'000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto error = error_of([&] { connection->run("INSERT INTO a VALUES (zeroblob(1000000))"); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK((error->native_code() & 0xff) == SQLITE_IOERR);
  CHECK(contains(error->what(), "cannot be read or written"));
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
}

TEST_CASE("a full database is an error with a remedy, and the transaction can be rolled back") {
  const auto connection = open_memory();
  connection->run("CREATE TABLE a(x); PRAGMA max_page_count = 4");
  const auto error = error_of([&] { connection->run("INSERT INTO a VALUES (zeroblob(100000))"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(error->native_code() == SQLITE_FULL);
  CHECK(contains(error->what(), "full"));
  CHECK(contains(error->remedy(), "Free space"));
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
}

TEST_CASE("another connection's lock is an error after the timeout, with the file and the wait") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto writer = open(url);
  writer->run("CREATE TABLE a(x); BEGIN IMMEDIATE");
  const auto other = open(url, 60ms);
  const auto start = std::chrono::steady_clock::now();
  const auto error = error_of([&] { other->run("INSERT INTO a VALUES (1)"); });
  CHECK(std::chrono::steady_clock::now() - start >= 60ms);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::busy);
  CHECK(error->native_code() == SQLITE_BUSY);
  CHECK(contains(error->what(), "app.db"));
  CHECK(contains(error->what(), "60 ms"));
  CHECK(contains(error->remedy(), "busy_timeout"));
  writer->run("COMMIT");
  other->run("INSERT INTO a VALUES (1)");
}

TEST_CASE("a lock that is given up in time is waited for, at open, at BEGIN and at COMMIT") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto holder = open(url);
  holder->run("CREATE TABLE a(x)");
  const auto release_after = [&](std::string_view lock, std::string_view release) {
    holder->run(lock);
    return std::thread([&holder, release] {
      std::this_thread::sleep_for(40ms);
      holder->run(release);
    });
  };

  std::thread release = release_after("BEGIN EXCLUSIVE", "COMMIT");
  const auto connection = open(url, 10s);
  release.join();

  release = release_after("BEGIN IMMEDIATE", "COMMIT");
  connection->run("BEGIN IMMEDIATE");
  release.join();

  connection->run("INSERT INTO a VALUES (1)");
  release = release_after("BEGIN; SELECT * FROM a", "COMMIT");
  connection->run("COMMIT");
  release.join();
  CHECK(number(*holder, "SELECT count(*) FROM a") == 1);
}

TEST_CASE("a lock that waiting cannot bring is not waited for") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto writer = open(url);
  writer->run("CREATE TABLE a(x)");
  const auto reader = open(url, 10min);
  reader->run("BEGIN; SELECT * FROM a");
  writer->run("BEGIN IMMEDIATE");
  const auto error = error_of([&] { reader->run("INSERT INTO a VALUES (1)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::busy);
  CHECK_FALSE(contains(error->what(), "waited"));
}

TEST_CASE("a statement is interrupted from another thread") {
  const auto connection = open_memory();
  Interrupter interrupter(*connection);
  const auto error = error_of([&] {
    connection->run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  });
  interrupter.stop();
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::interrupted);
  CHECK(number(*connection, "SELECT 1") == 1);
}

TEST_CASE("waiting for a lock is interrupted from another thread") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("app.db");
  const auto writer = open(url);
  writer->run("CREATE TABLE a(x); BEGIN IMMEDIATE");
  const auto connection = open(url, 10min);
  Interrupter interrupter(*connection);
  const auto error = error_of([&] { connection->run("BEGIN IMMEDIATE"); });
  interrupter.stop();
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::interrupted);
}

TEST_CASE("a program's own connection is used as it is, and stays open and unchanged") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  sqlite3_busy_timeout(handle, 1234);
  {
    const auto connection = sqlite::driver().attach(handle, {.busy_timeout = 5ms});
    CHECK(connection->description() == "SQLite database in memory");
    CHECK(number(*connection, "PRAGMA foreign_keys") == 0);
    CHECK(number(*connection, "PRAGMA busy_timeout") == 1234);
    connection->run("CREATE TABLE a(x UNIQUE); INSERT INTO a VALUES (1)");
    CHECK(error_of([&] { connection->run("INSERT INTO a VALUES (1)"); })->native_code() == SQLITE_CONSTRAINT_UNIQUE);
  }
  CHECK(sqlite3_exec(handle, "INSERT INTO a VALUES (1)", nullptr, nullptr, nullptr) == SQLITE_CONSTRAINT);
  CHECK(sqlite3_close(handle) == SQLITE_OK);
}

TEST_CASE("a program's own connection must be there and outside a transaction") {
  CHECK(error_of([] { sqlite::driver().attach(nullptr, {}); })->kind() == ErrorKind::usage);
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr);
  const auto error = error_of([&] { sqlite::driver().attach(handle, {}); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::usage);
  CHECK(contains(error->what(), "inside a transaction"));
  sqlite3_close(handle);
}

TEST_CASE("a table that the program's own connection uses is an error that says so") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  const auto connection = sqlite::driver().attach(handle, {.busy_timeout = 5ms});
  connection->run("CREATE TABLE a(x); INSERT INTO a VALUES (1), (2)");
  sqlite3_stmt* reading = nullptr;
  sqlite3_prepare_v2(handle, "SELECT * FROM a", -1, &reading, nullptr);
  REQUIRE(sqlite3_step(reading) == SQLITE_ROW);
  const auto error = error_of([&] { connection->run("DROP TABLE a"); });
  sqlite3_finalize(reading);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::busy);
  CHECK(contains(error->remedy(), "the program's running statements"));
  connection->run("DROP TABLE a");
  sqlite3_close(handle);
}

TEST_CASE("a scratch database takes collations that only the program knows") {
  const auto scratch = open_memory()->open_scratch();
  scratch->run("CREATE TABLE a(x COLLATE \"program's own\"); INSERT INTO a VALUES ('b'), ('a')");
  CHECK(value(*scratch, "SELECT x FROM a ORDER BY x") == Value("a"));
}

TEST_CASE("the schemes end with a null pointer") {
  CHECK(std::string(sqlite::driver().schemes[0]) == "sqlite");
  CHECK(sqlite::driver().schemes[1] == nullptr);
}
