#include "write/migration_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "temporary_directory.h"
#include "whimbrel/error.h"
#include "write/new_file.h"

using namespace whimbrel::write;
using whimbrel::Error;
using whimbrel::ErrorKind;
using whimbrel::test::read_text;
using whimbrel::test::TemporaryDirectory;

namespace {

namespace fs = std::filesystem;

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename().string());
  return names;
}

NewMigration migration_in(const fs::path& directory) {
  NewMigration migration;
  migration.directory = directory.string();
  migration.now = 1561981516514;
  migration.script.up.push_back({"SELECT 1", ""});
  return migration;
}

template <class Function>
ErrorKind kind_of_error(Function function) {
  try {
    function();
  } catch (const Error& error) {
    CHECK_FALSE(std::string(error.what()).empty());
    CHECK_FALSE(error.remedy().empty());
    return error.kind();
  }
  FAIL("no error");
  return ErrorKind::internal;
}

}  // namespace

TEST_CASE("a migration is written into a directory that is made for it") {
  const TemporaryDirectory directory;
  const MigrationFile file = write_migration(migration_in(directory.path() / "src" / "my migrations"));
  CHECK(file.path == (directory.path() / "src" / "my migrations" / "1561981516514-migration.cpp").string());
  CHECK(file.class_name == "Migration1561981516514");
  CHECK(read_text(file.path) == file.text);
  CHECK(names_in(directory.path() / "src" / "my migrations") == std::set<std::string>{"1561981516514-migration.cpp"});
  struct stat status {};
  REQUIRE(::stat(file.path.c_str(), &status) == 0);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  CHECK((status.st_mode & 0777u) == (0666u & ~mask));
}

TEST_CASE("a new migration is later than every file and every known migration") {
  const TemporaryDirectory directory;
  NewMigration migration = migration_in(directory.path());
  CHECK(write_migration(migration).class_name == "Migration1561981516514");
  CHECK(write_migration(migration).class_name == "Migration1561981516515");
  std::ofstream(directory.path() / "1900000000000-from-tomorrow.sql");
  CHECK(write_migration(migration).class_name == "Migration1900000000001");
  migration.timestamps = {5, 1900000000007};
  CHECK(write_migration(migration).class_name == "Migration1900000000008");
  CHECK(prepare_migration(migration).class_name == "Migration1900000000009");
}

TEST_CASE("migrations that belong together are written one after the other, or none of them") {
  const TemporaryDirectory directory;
  NewMigration second = migration_in(directory.path());
  second.name = "second";
  const std::vector<MigrationFile> files = write_migrations({migration_in(directory.path()), second});
  REQUIRE(files.size() == 2);
  CHECK(files[0].class_name == "Migration1561981516514");
  CHECK(files[1].class_name == "Second1561981516515");
  CHECK(fs::exists(files[0].path));
  CHECK(fs::exists(files[1].path));
  second.name = "no name";
  second.name += '\n';
  CHECK(kind_of_error([&] { write_migrations({migration_in(directory.path()), second}); }) == ErrorKind::usage);
  CHECK(timestamps_of_files(directory.path().string()).size() == 2);
}

TEST_CASE("a migration after the last timestamp of 13 digits is refused") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "9999999999999-last.cpp");
  CHECK(kind_of_error([&] { write_migration(migration_in(directory.path())); }) == ErrorKind::migration);
}

TEST_CASE("migrations written at the same time never share a timestamp") {
  const TemporaryDirectory directory;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      NewMigration migration = migration_in(directory.path());
      migration.name = "thread-" + std::to_string(i);
      write_migration(migration);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> timestamps;
  for (const std::string& name : names_in(directory.path())) timestamps.insert(name.substr(0, 13));
  CHECK(timestamps.size() == 8);
}

TEST_CASE("a file that is there is never overwritten") {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "a.cpp";
  write_new_file(path, "first");
  CHECK(kind_of_error([&] { write_new_file(path, "second"); }) == ErrorKind::file);
  CHECK(read_text(path) == "first");
  CHECK(names_in(directory.path()) == std::set<std::string>{"a.cpp"});
}

TEST_CASE("when the disk takes no more, nothing of the migration is left") {
  const TemporaryDirectory directory;
  NewMigration migration = migration_in(directory.path() / "migrations");
  migration.script.up.push_back({std::string(100'000, 'x'), ""});
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const ErrorKind kind = kind_of_error([&] { write_migration(migration); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(kind == ErrorKind::file);
  CHECK(names_in(directory.path()).empty());
}

TEST_CASE("a migrations directory that cannot be made or written is an error") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "x";
  CHECK(kind_of_error([&] { write_migration(migration_in(directory.path() / "file")); }) == ErrorKind::file);
  CHECK(kind_of_error([&] { write_migration(migration_in(directory.path() / "file" / "below")); }) == ErrorKind::file);
  // A directory in which nobody can make files, root included; a chroot may lack it.
  if (!fs::exists("/proc/self")) return;
  CHECK(kind_of_error([&] { write_migration(migration_in("/proc/self")); }) == ErrorKind::file);
  CHECK(kind_of_error([&] { write_migration(migration_in("/proc/self/new")); }) == ErrorKind::file);
}

TEST_CASE("no directory is made for a wrong name") {
  const TemporaryDirectory directory;
  NewMigration migration = migration_in(directory.path() / "migrations");
  migration.name = "1st";
  CHECK(kind_of_error([&] { write_migration(migration); }) == ErrorKind::usage);
  CHECK(names_in(directory.path()).empty());
}

TEST_CASE("migrations take the place of others, or neither is changed") {
  const TemporaryDirectory directory;
  const MigrationFile old = write_migration(migration_in(directory.path()));
  const std::string missing = (directory.path() / "missing.cpp").string();
  CHECK(kind_of_error([&] {
          replace_migrations({migration_in(directory.path())}, {old.path, missing});
        }) == ErrorKind::file);
  CHECK(names_in(directory.path()) == std::set<std::string>{"1561981516514-migration.cpp"});
  CHECK(read_text(old.path) == old.text);
  const std::vector<MigrationFile> made = replace_migrations({migration_in(directory.path())}, {old.path});
  REQUIRE(made.size() == 1);
  CHECK(names_in(directory.path()) == std::set<std::string>{"1561981516515-migration.cpp"});
  replace_migrations({}, {made.front().path});
  CHECK(names_in(directory.path()).empty());
}

TEST_CASE("the file of a migration has hyphens for the spaces of its name") {
  const TemporaryDirectory directory;
  NewMigration migration = migration_in(directory.path());
  migration.name = "rename title";
  const MigrationFile file = write_migration(migration);
  CHECK(file.class_name == "RenameTitle1561981516514");
  CHECK(names_in(directory.path()) == std::set<std::string>{"1561981516514-rename-title.cpp"});
}
