#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "temporary_directory.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::test;

namespace {

void write(const std::string& file, const std::string& content) { std::ofstream(file) << content; }

}  // namespace

TEST_CASE("a database that is not there is made") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  open_sqlite("sqlite:" + file)->run("CREATE TABLE a(x)");
  CHECK(std::filesystem::exists(file));
  CHECK(open_sqlite("sqlite://" + file)->description() == "SQLite database \"" + file + '"');
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
  const auto error = error_of([&] { open_sqlite("sqlite:" + directory.file("a/b/app.db")); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(contains(error->what(), "there is no directory \"" + directory.file("a/b") + '"'));
  CHECK_FALSE(std::filesystem::exists(directory.file("a")));
}

TEST_CASE("a directory is no database") {
  const TemporaryDirectory directory;
  const auto error = error_of([&] { open_sqlite("sqlite:" + directory.path().string()); });
  REQUIRE(error);
  CHECK(contains(error->what(), "it is a directory"));
}

TEST_CASE("a file that is no database is told apart when it is opened, and stays as it is") {
  const TemporaryDirectory directory;
  const std::string content = "Dear diary, " + std::string(5000, 'x');
  write(directory.file("diary.txt"), content);
  const auto error = error_of([&] { open_sqlite("sqlite:" + directory.file("diary.txt")); });
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
  open_sqlite("sqlite:" + file)->run("CREATE TABLE a(x)");
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(100) << std::string(3000, '\xff');
  const auto error = error_of([&] { open_sqlite("sqlite:" + file); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK((error->native_code() & 0xff) == SQLITE_CORRUPT);
  CHECK(contains(error->what(), "is damaged"));
}

TEST_CASE("writing what was opened to be read is an error with a remedy") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  open_sqlite("sqlite:" + file)->run("CREATE TABLE a(x)");
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
  open_sqlite("sqlite:" + file)->run("CREATE TABLE a(x)");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  CHECK(error_of([&] { open_sqlite("sqlite:" + file)->run("INSERT INTO a VALUES (1)"); })->kind() ==
        ErrorKind::connection);
  std::filesystem::permissions(file, std::filesystem::perms::none);
  const auto error = error_of([&] { open_sqlite("sqlite:" + file); });
  REQUIRE(error);
  CHECK(contains(error->what(), "Permission denied"));
}

TEST_CASE("a file that the system does not open is an error with the system's reason") {
  const TemporaryDirectory directory;
  const auto error = error_of([&] { open_sqlite("sqlite:" + directory.file(std::string(300, 'a'))); });
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
  const auto error = error_of([&] { open_sqlite("sqlite:" + (path / "app.db").string()); });
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
  const auto error = error_of([&] { open_sqlite("sqlite:" + inner + "/app.db"); });
  if (user == 0) REQUIRE(seteuid(user) == 0);
  REQUIRE(error);
  CHECK(contains(error->what(), "Permission denied"));
}

TEST_CASE("reading a database that a crashed program left says how it is recovered") {
  const TemporaryDirectory directory;
  const auto writer = open_sqlite("sqlite:" + directory.file("app.db"));
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
  CHECK(
      open_sqlite("sqlite:" + directory.file("left.db"))->run("SELECT count(*) FROM t").values.at(0).at(0).integer() ==
      0);
}

TEST_CASE("a file that cannot be written further is an error and keeps what it had") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("app.db");
  const auto connection = open_sqlite("sqlite:" + file);
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
