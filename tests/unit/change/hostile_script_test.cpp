#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "change/baseline.h"
#include "change/generate.h"
#include "change/schema_source.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/sqlite.h"

// A file that is compared makes a schema in a scratch database in memory, and reaches nothing else.

using namespace whimbrel;
using namespace whimbrel::change;

TEST_CASE("statements of a file that reach beyond its scratch database are refused by line") {
  const fixture::Database other;
  other.query("CREATE TABLE precious (a); INSERT INTO precious VALUES (1)");
  const std::string file = other.url().substr(std::string("sqlite:").size());
  const test::TemporaryDirectory directory;
  const std::string path = directory.file("file.sql");
  const std::string copy = directory.file("copy.db");
  for (const std::string& statement : {
           "ATTACH '" + file + "' AS other; DROP TABLE other.precious",
           "ATTACH 'file:" + file + "' AS other; DROP TABLE other.precious",
           "ATTACH '" + file + "' || '' AS other; DROP TABLE other.precious",
           "VACUUM INTO '" + copy + "'",
           "PRAGMA temp_store_directory = '" + directory.file("") + "'",
           std::string("PRAGMA hard_heap_limit = 1000000"),
           std::string("SELECT load_extension('evil')"),
           std::string("CREATE VIEW v AS SELECT load_extension('evil'); SELECT * FROM v"),
       }) {
    CAPTURE(statement);
    std::ofstream(path, std::ios::binary) << "CREATE TABLE a (b);\n\n" + statement + ";\n";
    const Error error = fixture::error_of([&] { static_cast<void>(read_script(sqlite::driver(), "", path)); });
    CHECK(fixture::mentions(error, "file.sql cannot be loaded. Line 3: "));
    CHECK((fixture::mentions(error, "would reach outside it") || fixture::mentions(error, "not authorized") ||
           fixture::mentions(error, "unsafe use")));
  }
  CHECK_FALSE(std::filesystem::exists(copy));
  CHECK(other.query("SELECT a FROM precious") == "1");
}

TEST_CASE("what is private to the connection is no reason to refuse a file") {
  const test::TemporaryDirectory directory;
  const std::string path = directory.file("file.sql");
  std::ofstream(path, std::ios::binary)
      << "PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE a (b); COMMIT; VACUUM; ATTACH ':memory:' AS m; DETACH m";
  CHECK(read_script(sqlite::driver(), "", path).schema.tables.size() == 1);
}

TEST_CASE("what a hostile database hides behind its definitions is neither printed nor run by any command") {
  for (const char* edit : {"UPDATE sqlite_master SET sql = sql || '; DROP TABLE precious' WHERE name = 'v'",
                           "UPDATE sqlite_master SET sql = sql || '; DROP TABLE precious' WHERE name = 'r'",
                           "UPDATE sqlite_master SET sql = sql || '; DROP TABLE precious' WHERE name = 'i'",
                           "UPDATE sqlite_master SET sql = sql || '; DROP TABLE precious' WHERE name = 'search'"}) {
    CAPTURE(std::string(edit));
    const fixture::Database database;
    database.query(
        "CREATE TABLE precious (a); INSERT INTO precious VALUES (1); CREATE VIEW v AS SELECT a FROM precious;"
        "CREATE INDEX i ON precious (a); CREATE TRIGGER r DELETE ON precious BEGIN SELECT 1; END;"
        "CREATE VIRTUAL TABLE search USING fts5(a); PRAGMA writable_schema = ON;" +
        std::string(edit));
    const auto refuses = [](const auto& command) {
      CHECK(fixture::error_of([&] { static_cast<void>(command()); }).kind() == ErrorKind::unsafe);
    };
    session::Session session(database.options(fixture::Program({})));
    refuses([&] { return generate_baseline(session); });
    refuses([&] { return generate(session); });
    refuses([&] { return read_database(detail::linked_drivers(), database.url()); });
    CHECK(database.query("SELECT a FROM precious") == "1");
  }
}
