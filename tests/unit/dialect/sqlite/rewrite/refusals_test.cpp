#include <doctest/doctest.h>

#include "unit/fixture/schema_file.h"

using namespace whimbrel;
using fixture::way;
using File = fixture::SchemaFile;

TEST_CASE("SQLite: a table that a foreign key references does not become a view") {
  const std::string child = "CREATE TABLE c(id INTEGER PRIMARY KEY, p_id REFERENCES p(id));";
  const File old("CREATE TABLE p(id INTEGER PRIMARY KEY);" + child);
  const std::string view = "CREATE VIEW p AS SELECT 1 AS id;";
  const Error error = fixture::error_of([&] { static_cast<void>(way(old, File(view + child))); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "\"p\" would become a view"));
  CHECK(!way(old, File(view + "CREATE TABLE c(id INTEGER PRIMARY KEY, p_id);")).empty());
}

TEST_CASE("SQLite: a backfill names columns that exist") {
  const File old("CREATE TABLE t(id INTEGER PRIMARY KEY, name); CREATE TABLE u(x)");
  const File made("CREATE TABLE t(id INTEGER PRIMARY KEY, name, a text NOT NULL); CREATE TABLE u(x)");
  const auto with = [&](const std::string& backfill) {
    diff::Answers answers;
    answers.backfills[{"t", "a"}] = backfill;
    static_cast<void>(way(old, made, answers));
  };
  const Error error = fixture::error_of([&] { with("\"nope\" || name"); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(fixture::mentions(error, "no such column: nope"));
  for (const char* const right : {"\"name\" || 'nope'", "'\"nope\"'", "(SELECT \"x\" FROM u)", "\"rowid\""}) {
    CAPTURE(right);
    CHECK_NOTHROW(with(right));
  }
}
