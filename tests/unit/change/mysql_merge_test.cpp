#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// MERGE tables, which are not compared.

using namespace whimbrel;
using test::mysql::compare;
using test::mysql::Database;

namespace {

std::string schema(const std::string& type, const std::string& comment = {}) {
  return "CREATE TABLE a (id " + type + ") ENGINE = MyISAM; CREATE TABLE b (id int) ENGINE = MyISAM;" +
         "CREATE TABLE m (id " + type + ") ENGINE = MERGE UNION = (a) COMMENT = '" + comment + "';";
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a MERGE table is not changed") {
  const Database there;
  const Database wanted;
  there.query(schema("int"));
  wanted.query(schema("int", "other") + "ALTER TABLE b ADD x int");
  const change::SchemaChange change = compare(there.url(), wanted.url());
  CHECK(change.operations.size() == 1);
  test::mysql::run_all(there, change.script.up);
  there.query("SELECT * FROM m");
}

TEST_CASE("MariaDB and MySQL: the columns of a table do not change while a MERGE table has its rows") {
  const Database there;
  const Database wanted;
  there.query(schema("int"));
  wanted.query(schema("bigint"));
  const Error error = fixture::error_of([&] { static_cast<void>(compare(there.url(), wanted.url())); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "Columns of table \"a\" change, but MERGE table \"m\" has its rows"));
  there.query("DROP TABLE m");
  wanted.query("DROP TABLE m");
  CHECK(compare(there.url(), wanted.url()).operations.size() == 1);
}

TEST_CASE("MariaDB and MySQL: a MERGE table that lacks a member does not stop changes of other tables") {
  const Database first;
  const Database second;
  const std::string members = "CREATE TABLE a (id int) ENGINE = MyISAM; CREATE TABLE b (id int) ENGINE = MyISAM;";
  first.query(members +
              "CREATE TABLE m (id int) ENGINE = MERGE UNION = (a, b); CREATE TABLE o (id int PRIMARY KEY); "
              "DROP TABLE b");
  second.query(members +
               "CREATE TABLE m (id int) ENGINE = MERGE UNION = (a); CREATE TABLE o (id int PRIMARY KEY, d int); "
               "DROP TABLE b");
  const std::vector<sql::Statement> up = compare(first.url(), second.url()).script.up;
  CHECK(std::any_of(up.begin(), up.end(), [](const sql::Statement& statement) {
    return statement.sql.starts_with("ALTER TABLE `o` ADD COLUMN `d` int");
  }));
}

TEST_CASE("MariaDB and MySQL: a MERGE table is not changed, also if only one of two has all members") {
  const std::string tables =
      "CREATE TABLE a (id int, KEY k (id)) ENGINE = MyISAM; CREATE TABLE b (id int, KEY k (id)) ENGINE = MyISAM;"
      "CREATE TABLE m (id int, KEY k (id)) ENGINE = MERGE UNION = (a, b); CREATE TABLE o (id int PRIMARY KEY";
  for (const std::string broken : {"DROP TABLE b", "ALTER TABLE b ADD x int"}) {
    CAPTURE(broken);
    const Database first;
    const Database second;
    first.query(tables + "); " + broken);
    second.query(tables + ", d int); DROP TABLE m");
    second.query("CREATE TABLE m (id int, KEY k (id)) ENGINE = MERGE UNION = (a)");
    const change::SchemaChange change = compare(first.url(), second.url());
    CHECK(change.operations.size() == 2);  // Of o and of b.
    test::mysql::run_all(first, change.script.up);
    CHECK(compare(first.url(), second.url()).operations.empty());
    second.query("DROP TABLE b");
    CHECK(compare(second.url(), first.url()).operations.size() == 1);
  }
}
