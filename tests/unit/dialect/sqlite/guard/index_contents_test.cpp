#include <doctest/doctest.h>

#include "unit/dialect/sqlite/guard/guarded_database.h"

using namespace whimbrel;
using namespace whimbrel::test;

namespace {

const char* const schema =
    "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY, \"zip\" varchar, \"name\" varchar);"
    "INSERT INTO \"user\" VALUES (1, '00501', 'Ann'), (2, '99', 'Bob');"
    "CREATE VIEW \"zips\" AS SELECT \"id\", \"zip\" FROM \"user\";";

std::string rebuild(const std::string& zip, bool backwards) {
  const std::string columns = " (\"id\" integer PRIMARY KEY, \"zip\" " + zip + ", \"name\" varchar);";
  const auto copy = [](const std::string& to, const std::string& from) {
    return "INSERT INTO \"" + to + "\"(\"id\", \"zip\", \"name\") SELECT \"id\", \"zip\", \"name\" FROM \"" + from +
           "\"; DROP TABLE \"" + from + "\";";
  };
  if (backwards) {
    return "ALTER TABLE \"user\" RENAME TO \"temporary_user\"; CREATE TABLE \"user\"" + columns +
           copy("user", "temporary_user");
  }
  return "CREATE TABLE \"temporary_user\"" + columns + copy("temporary_user", "user") +
         "ALTER TABLE \"temporary_user\" RENAME TO \"user\";";
}

}  // namespace

TEST_CASE("a rebuild that changes values in a full-text index is refused, unless it fills the index again") {
  for (const char* const index : {"fts5(zip, content='user', content_rowid='id')",
                                  "fts5(zip, content='zips', content_rowid='id')", "fts4(zip, content=\"user\")"}) {
    for (const bool backwards : {false, true}) {
      CAPTURE(index);
      CAPTURE(backwards);
      const Database database(schema);
      database->run("CREATE VIRTUAL TABLE zf USING " + std::string(index));
      database->run("INSERT INTO zf(zf) VALUES ('rebuild')");
      const auto error = error_of([&] { migrate(*database, rebuild("integer", backwards)); });
      REQUIRE(error);
      CHECK(error->kind() == ErrorKind::unsafe);
      CHECK(contains(error->what(), "full-text index \"zf\""));
      CHECK_FALSE(database->is_transaction_active());
      CHECK(number(*database, "SELECT count(*) FROM \"user\" WHERE zip = '00501'") == 1);

      migrate(*database, rebuild("integer", backwards) + "INSERT INTO zf(zf) VALUES ('rebuild');");
      CHECK(number(*database, "SELECT count(*) FROM \"user\" WHERE zip = '501'") == 1);
    }
  }
}

TEST_CASE("a rebuild that keeps the values in a full-text index is run") {
  const Database database(schema);
  database->run("CREATE VIRTUAL TABLE names USING fts5(name, content='user', content_rowid='id')");
  database->run("INSERT INTO names(names) VALUES ('rebuild')");
  migrate(*database, rebuild("integer", false));
  migrate(*database, rebuild("varchar", true));
  CHECK(number(*database, "SELECT count(*) FROM names WHERE names MATCH 'bob'") == 1);
}

TEST_CASE("a full-text index that did not fit its table before may stay so") {
  const Database database(schema);
  database->run("CREATE VIRTUAL TABLE zf USING fts5(zip, content='user', content_rowid='id')");
  migrate(*database, rebuild("integer", false));
  CHECK(number(*database, "SELECT typeof(zip) = 'integer' FROM \"user\" WHERE id = 1") == 1);
}
