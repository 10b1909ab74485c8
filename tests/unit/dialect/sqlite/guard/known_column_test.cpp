#include "dialect/sqlite/guard/known_column.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "support/version.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::test;

namespace {

/// Is the column `note` of the table `a` known to who runs these?
bool knows(const std::vector<std::string>& statements, const std::string& column = "note") {
  const auto connection = open_sqlite("sqlite::memory:");
  connection->run(
      "CREATE TABLE a(id integer PRIMARY KEY, note text NOT NULL, \"key\" text); CREATE TABLE c(id, other);"
      "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT OLD.note; END; CREATE TABLE b(id, note); CREATE VIRTUAL TABLE f "
      "USING fts5(x); CREATE INDEX i ON a(id)");
  const model::Schema schema = dialect::sqlite::inspect(*connection, {"a"});
  return dialect::sqlite::know_column(*connection, statements, schema.tables.at(0), "c", column);
}

}  // namespace

TEST_CASE("a column is known to a statement that cannot do without it") {
  for (const char* sql :
       {"INSERT INTO c(id, other) SELECT id, note FROM a",
        "INSERT INTO c(id, other) SELECT \"id\", \"note\" FROM \"a\"", "UPDATE a SET id = id WHERE upper(note) = 'A'",
        "UPDATE a SET note = ''", "ALTER TABLE a RENAME COLUMN note TO x", "CREATE INDEX j ON a(note)",
        "SELECT own(note) FROM a", "CREATE TEMP TABLE x AS SELECT * FROM a; ",
        "CREATE TABLE x AS SELECT note FROM a"}) {
    CAPTURE(std::string(sql));
    CHECK(knows({sql, "SELECT note FROM temp.x"}));
  }
  if (test::has_sqlite(35)) CHECK(knows({"ALTER TABLE a DROP COLUMN note", "SELECT note FROM temp.x"}));
}

TEST_CASE("a column is known where it is given to the table or its copy") {
  CHECK(knows({"ALTER TABLE a ADD COLUMN note text"}));
  CHECK(knows({"ALTER TABLE c ADD COLUMN NOTE text"}));
  CHECK(knows({"CREATE TABLE x(id, note)", "DROP TABLE a", "ALTER TABLE x RENAME TO a"}));
  CHECK(knows({"DROP TABLE a", "CREATE TABLE a(note)"}));
  CHECK_FALSE(knows({"CREATE TABLE x(id, note)"}));
}

TEST_CASE("a column is not known because of its name, nor to what takes all columns") {
  for (const char* sql :
       {"CREATE TABLE x(id integer PRIMARY KEY)", "SELECT id AS key, 'key' FROM a", "SELECT \"key\" FROM b",
        "CREATE TABLE x AS SELECT * FROM a", "DELETE FROM a", "INSERT INTO b SELECT id, note FROM a ORDER BY 1",
        "INSERT INTO a(id, note) VALUES (1, '')"}) {
    CAPTURE(std::string(sql));
    CHECK_FALSE(knows({sql}, "key"));
  }
  for (const char* sql : {"DELETE FROM a", "INSERT INTO a(id) VALUES (1)", "SELECT note FROM b", "SELECT * FROM a",
                          "UPDATE a SET id = 1", "DROP TABLE a", "not even SQL: note"}) {
    CAPTURE(std::string(sql));
    CHECK_FALSE(knows({sql}));
  }
}

TEST_CASE("statements about transactions and settings do not stand in the way, and none reaches another file") {
  CHECK(knows({"BEGIN", "PRAGMA foreign_keys = ON", "COMMIT", "ATTACH 'other.db' AS other", "VACUUM INTO 'other.db'",
               "SELECT note FROM a"}));
}
