#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

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

TEST_CASE("columns that take each other's names are refused if a full-text index reads them") {
  const std::string swap =
      "ALTER TABLE item RENAME COLUMN a TO c; ALTER TABLE item RENAME COLUMN b TO a; ALTER TABLE item RENAME COLUMN c "
      "TO "
      "b;";
  const std::string replacement = "ALTER TABLE item RENAME COLUMN a TO c; ALTER TABLE item ADD COLUMN a;";
  const std::string rebuild =
      "ALTER TABLE item RENAME COLUMN a TO c; CREATE TABLE temporary_item (id integer PRIMARY KEY, a, b, c);"
      "INSERT INTO temporary_item(id, b, c) SELECT id, b, c FROM item; DROP TABLE item;"
      "ALTER TABLE temporary_item RENAME TO item;";
  const std::string fts5 = "fts5(a, content='item', content_rowid='id')";
  const std::string fts4 = "fts4(a, content=\"item\")";
  const std::string view = "fts5(a, content='items', content_rowid='id')";
  for (const auto& one : std::initializer_list<std::pair<std::string, std::string>>{
           {fts5, swap}, {fts5, replacement}, {fts5, rebuild}, {fts4, swap}, {fts4, replacement}, {view, swap}}) {
    const std::string& index = one.first;
    const std::string& moves = one.second;
    CAPTURE(index);
    CAPTURE(moves);
    const Database database(
        "CREATE TABLE item (id integer PRIMARY KEY, a, b); INSERT INTO item VALUES (1, 'one', 'two')");
    if (index == view) database->run("CREATE VIEW items AS SELECT id, a, b FROM item");
    database->run("CREATE VIRTUAL TABLE item_fts USING " + index);
    database->run("INSERT INTO item_fts(item_fts) VALUES ('rebuild')");
    const auto error = error_of([&] { migrate(*database, moves); });
    REQUIRE(error);
    CHECK(contains(error->what(), "full-text index \"item_fts\""));
    CHECK(number(*database, "SELECT count(*) FROM item WHERE a = 'one'") == 1);
    migrate(*database, moves + "INSERT INTO item_fts(item_fts) VALUES ('rebuild')");
  }
}

TEST_CASE("a column that hides the row number of a view's table is refused if a full-text index reads it") {
  const Database database(
      "CREATE TABLE post (title); INSERT INTO post VALUES ('one'), ('two');"
      "CREATE VIEW posts AS SELECT rowid AS id, title FROM post;"
      "CREATE VIRTUAL TABLE f USING fts5(title, content='posts', content_rowid='id');"
      "INSERT INTO f(f) VALUES ('rebuild')");
  const auto error = error_of([&] { migrate(*database, "ALTER TABLE post ADD COLUMN rowid"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "full-text index \"f\""));
  CHECK_NOTHROW(migrate(*database, "ALTER TABLE post ADD COLUMN rowing"));
}
