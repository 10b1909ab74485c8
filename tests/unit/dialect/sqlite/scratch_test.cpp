#include <doctest/doctest.h>
#include <sqlite3.h>

#include "dialect/sqlite/dialect.h"
#include "support/version.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::sqlite::broken_objects;
using dialect::sqlite::copy_schema;
using dialect::sqlite::inspect;

namespace {

std::string schema(dialect::Connection& connection) {
  std::string result;
  for (const auto& row :
       connection.run("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1").values) {
    result += row.at(1).text() + '\n';
  }
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a copy has the schema of the database and none of its rows") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE a(id integer PRIMARY KEY AUTOINCREMENT, x text UNIQUE);"
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES (1, 2); END;"
      "CREATE VIEW v AS SELECT y FROM b;"
      "CREATE INDEX ax ON a(x DESC) WHERE x > 'a';"
      "CREATE TABLE b(y integer PRIMARY KEY, z integer REFERENCES a) WITHOUT ROWID;"
      "CREATE TRIGGER w INSTEAD OF INSERT ON v BEGIN INSERT INTO b VALUES (NEW.y, 1); END;"
      "PRAGMA foreign_keys = OFF; INSERT INTO a(x) VALUES ('one'); ANALYZE;");
  Names left_out;
  const auto copy = copy_schema(*connection, left_out);
  CHECK(left_out.empty());
  CHECK(number(*copy, "SELECT count(*) FROM a") == 0);
  CHECK(number(*copy, "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'") == 0);
  connection->run("DROP TABLE sqlite_stat1");
  CHECK(schema(*copy) == schema(*connection));
  copy->run("DROP TABLE a");
  CHECK(number(*connection, "SELECT count(*) FROM a") == 1);
}

TEST_CASE("what needs a program's own function is copied with a stand-in, and that is said in words") {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
  const auto own_function = [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, 1); };
  sqlite3_create_function(handle, "own", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, own_function, nullptr,
                          nullptr);
  {
    const auto connection = sqlite::driver().attach(handle, {});
    connection->run(
        "CREATE TABLE a(x); CREATE INDEX ax ON a(own(x)); CREATE TABLE b(x CHECK (own(x) > 0)); CREATE INDEX bx ON "
        "b(x);"
        "CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT other(1); END; CREATE VIEW v AS SELECT own(x) FROM a;");
    Names left_out;
    const auto copy = copy_schema(*connection, left_out);
    REQUIRE(left_out.size() == 2);
    CHECK(
        left_out[0] ==
        "the effects of function \"own\" (it is not built into SQLite, and the scratch database has only a stand-in)");
    CHECK(schema(*copy) == schema(*connection));
    CHECK(broken_objects(*connection) == Names{"t"});
    CHECK(broken_objects(*copy) == Names{});
    // Only what is in the database is known to be the program's.
    CHECK_THROWS_AS(copy->run("CREATE VIEW mistaken AS SELECT 1; SELECT lenght('')"), Error);
    copy->run("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); ALTER TABLE a RENAME COLUMN x TO y");
  }
  sqlite3_close(handle);
}

TEST_CASE("a virtual table is copied with the tables that it makes, or left out") {
  const auto connection = open_memory();
  if (connection->run("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").values.empty()) return;
  connection->run("CREATE TABLE a(x); CREATE VIRTUAL TABLE found USING fts5(x); INSERT INTO found VALUES ('one')");
  Names left_out;
  const auto copy = copy_schema(*connection, left_out);
  CHECK(left_out.empty());
  CHECK(canonical(inspect(*copy)) == canonical(inspect(*connection)));
  CHECK(number(*copy, "SELECT count(*) FROM found") == 0);

  // An older SQLite does not say which tables are those of a module that is not known.
  if (!has_sqlite(37)) return;

  // As long as the schema is not read again, the connection has such a module, as a program's would.
  connection->run(
      "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'fts5', 'own_module') WHERE name = "
      "'found'");
  const auto other = copy_schema(*connection, left_out);
  CHECK(left_out ==
        Names{"the effects of module \"own_module\" (it is not built into SQLite, and the scratch database has only a "
              "stand-in)"});
  CHECK(number(*other, "SELECT count(*) FROM sqlite_master") == 2);
  other->run("ALTER TABLE found RENAME TO lost; SELECT * FROM lost; DROP TABLE lost");

  connection->run("PRAGMA writable_schema = RESET");
  left_out.clear();
  const auto last = copy_schema(*connection, left_out);
  CHECK(left_out.empty());
  CHECK(number(*last, "SELECT count(*) FROM sqlite_master WHERE name IN ('a', 'found')") == 1);
}

TEST_CASE("views that refer to what is not there are broken, also through other views") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE a(x); CREATE VIEW good AS SELECT x FROM a; CREATE VIEW no_table AS SELECT * FROM missing;"
      "CREATE VIEW no_column AS SELECT y FROM a; CREATE VIEW \"of \"\"it\" AS SELECT 1 FROM no_column;"
      "CREATE VIEW round AS SELECT * FROM circle; CREATE VIEW circle AS SELECT * FROM round");
  CHECK(broken_objects(*connection) == Names{"no_table", "no_column", "of \"it", "round", "circle"});
}

TEST_CASE("triggers whose bodies do not compile are broken, and are told by their event") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE a(x, y AS (x + 1), z NOT NULL); CREATE TABLE b(x); CREATE TABLE c(x); CREATE VIEW v AS SELECT x "
      "FROM a;"
      "CREATE TABLE d(x); CREATE TRIGGER through AFTER INSERT ON d BEGIN DELETE FROM c; END;"
      "CREATE TRIGGER inserts AFTER INSERT ON a BEGIN INSERT INTO missing VALUES (1); END;"
      "CREATE TRIGGER deletes BEFORE DELETE ON a BEGIN DELETE FROM b; END;"
      "CREATE TRIGGER updates AFTER UPDATE OF z ON a BEGIN UPDATE b SET y = 1; END;"
      "CREATE TRIGGER good AFTER UPDATE OF x ON b BEGIN DELETE FROM d WHERE x = OLD.x; END;"
      "CREATE TRIGGER columns AFTER INSERT ON b BEGIN SELECT NEW.missing; END;"
      "CREATE TRIGGER conditions AFTER DELETE ON c WHEN OLD.missing > 1 BEGIN SELECT 1; END;"
      "CREATE TRIGGER instead INSTEAD OF INSERT ON v BEGIN INSERT INTO c VALUES (NEW.x); END;"
      "CREATE TRIGGER change INSTEAD OF UPDATE ON v BEGIN INSERT INTO missing VALUES (NEW.x); END;");
  CHECK(broken_objects(*connection) == Names{"through", "inserts", "updates", "columns", "conditions", "change"});
  connection->run("DROP TABLE a");
  CHECK(broken_objects(*connection) == Names{"v", "through", "columns", "conditions", "instead", "change"});
}

TEST_CASE("looking for broken objects changes nothing") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE a(x); INSERT INTO a VALUES (1);"
      "CREATE TRIGGER t AFTER DELETE ON a BEGIN INSERT INTO a VALUES (2); END;"
      "CREATE TRIGGER u AFTER UPDATE ON a BEGIN INSERT INTO a VALUES (2); END;"
      "CREATE TRIGGER i AFTER INSERT ON a BEGIN DELETE FROM a; END;");
  CHECK(broken_objects(*connection).empty());
  CHECK(number(*connection, "SELECT count(*) FROM a") == 1);
}
