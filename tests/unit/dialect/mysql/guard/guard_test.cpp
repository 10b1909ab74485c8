#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/samples.h"
#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;

namespace {

std::unique_ptr<const dialect::Dialect> dialect_of(dialect::Connection& connection) {
  return whimbrel::mysql::driver().make_dialect(connection.server());
}

}  // namespace

TEST_CASE("MySQL: one connection at a time has the migration lock of a database") {
  const std::string url = fresh_url();
  const auto one = open(url);
  const auto other = open(url);
  const auto elsewhere = open_fresh();
  const auto dialect = dialect_of(*one);
  CHECK(dialect->try_lock(*one));
  CHECK_FALSE(dialect->try_lock(*other));
  CHECK(dialect->try_lock(*elsewhere));
  const std::string session = value(*one, "SELECT connection_id()").text();
  CHECK(contains(dialect->lock_holder(*other), "session " + session + " (root, localhost"));
  one->run("START TRANSACTION; COMMIT; CREATE TABLE a(x int)");
  CHECK_FALSE(dialect->try_lock(*other));
  dialect->unlock(*one);
  CHECK(dialect->lock_holder(*other).empty());
  CHECK(dialect->try_lock(*other));
}

TEST_CASE("MySQL: views that lack something are broken") {
  const auto connection = open_fresh();
  const auto dialect = dialect_of(*connection);
  connection->run(
      "CREATE TABLE a(x int, y int); CREATE VIEW v AS SELECT y FROM a; CREATE VIEW w AS SELECT x FROM a; "
      "CREATE VIEW u AS SELECT * FROM v");
  CHECK(dialect->broken_objects(*connection).empty());
  connection->run("ALTER TABLE a DROP COLUMN y");
  CHECK(dialect->broken_objects(*connection) == std::vector<std::string>{"u", "v"});
  CHECK_FALSE(dialect->query_if_there(*connection, "SELECT * FROM nothing"));
  CHECK(dialect->query_if_there(*connection, "SELECT * FROM a"));
}

TEST_CASE("MySQL: a migration cannot end the transaction that it runs in, and its settings end with it") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int)");
  const auto guard = dialect_of(*connection)->guard(*connection);
  connection->run("START TRANSACTION");
  for (const char* const sql :
       {"COMMIT", "ROLLBACK", "START TRANSACTION", "BEGIN", "SET autocommit = 0", "XA START 'a'"}) {
    CAPTURE(sql);
    const auto error = error_of([&] { guard->run(sql, nullptr); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::migration);
  }
  guard->run("SAVEPOINT s; INSERT INTO a VALUES (1); ROLLBACK TO s; SET foreign_key_checks = 0, sql_mode = ''",
             nullptr);
  CHECK(contains(error_of([&] { guard->run("LOCK TABLES a WRITE", nullptr); })->what(), "locks tables"));
  CHECK(connection->is_transaction_active());
  guard->before_commit();
  CHECK(connection->is_transaction_active());
  CHECK(number(*connection, "SELECT @@foreign_key_checks") == 1);
  CHECK(contains(value(*connection, "SELECT @@sql_mode").text(), "STRICT"));
  connection->run("COMMIT");
  guard->run("START TRANSACTION", nullptr);
  CHECK(contains(error_of([&] { guard->finish(); })->what(), "did not end it"));
  guard->run("COMMIT", nullptr);
  guard->finish();
}

TEST_CASE("MySQL: the statements of an operation are undone together until one changes the schema") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int)");
  const auto guard = dialect_of(*connection)->guard(*connection);
  const auto fails_after = [&](const std::string& sql) {
    const auto error = error_of([&] {
      guard->run_whole([&] {
        guard->run(sql, nullptr);
        guard->run("SELECT * FROM nothing", nullptr);
      });
    });
    REQUIRE(error);
    CHECK(error->native_code() == 1146);
  };
  fails_after("INSERT INTO a VALUES (1)");
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
  connection->run("START TRANSACTION; INSERT INTO a VALUES (1)");
  fails_after("INSERT INTO a VALUES (2)");
  CHECK(number(*connection, "SELECT count(*) FROM a") == 1);
  guard->run_whole([&] { guard->run("ALTER TABLE a ADD y int; INSERT INTO a VALUES (2, 2)", nullptr); });
  CHECK(number(*connection, "SELECT count(*) FROM a") == 2);
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("MySQL: a copy of a schema has all objects, and nothing that leads outside") {
  const auto connection = open_fresh();
  const auto dialect = dialect_of(*connection);
  mysql_server().run(
      "CREATE DATABASE IF NOT EXISTS whimbrel_other; CREATE TABLE IF NOT EXISTS whimbrel_other.o(id int "
      "PRIMARY KEY)");
  connection->run(
      "CREATE TABLE parent(id int AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL COMMENT 'a, b') ENGINE=InnoDB;"
      "CREATE TABLE child(id int PRIMARY KEY, parent int, other int, next int, g int AS (id + 1) STORED, "
      "CONSTRAINT to_parent FOREIGN KEY (parent) REFERENCES parent(id), "
      "CONSTRAINT to_other FOREIGN KEY (other) REFERENCES whimbrel_other.o(id), "
      "CONSTRAINT to_next FOREIGN KEY (next) REFERENCES child(id));"
      "CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN a + 1;"
      "CREATE VIEW v AS SELECT id, f(id) AS n FROM parent; CREATE VIEW outside AS SELECT * FROM whimbrel_other.o;"
      "CREATE TRIGGER t BEFORE INSERT ON parent FOR EACH ROW BEGIN SET NEW.name = 'trigger'; END;"
      "CREATE TRIGGER far AFTER INSERT ON parent FOR EACH ROW INSERT INTO whimbrel_other.o VALUES (1);"
      "DROP TRIGGER far;"
      "INSERT INTO parent VALUES (1, 'x'), (2, 'y'); INSERT INTO child(id, parent, next) VALUES (1, 2, NULL), (2, 1, "
      "1)");
  std::vector<std::string> left_out;
  const auto scratch = dialect->copy_schema(*connection, {}, dialect::CopyUse::any_statements, left_out);
  std::sort(left_out.begin(), left_out.end());
  REQUIRE(left_out.size() == 2);
  CHECK(left_out[0] == "foreign key of table \"child\" to another database");
  CHECK(left_out[1].starts_with("view \"outside\" ("));
  CHECK(number(*scratch, "SELECT count(*) FROM v") == 0);
  CHECK(number(*scratch, "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = database()") == 1);
  CHECK(number(*scratch,
               "SELECT count(*) FROM information_schema.referential_constraints WHERE constraint_schema = "
               "database()") == 2);

  const model::Schema schema = dialect->inspect(*scratch, {});
  const std::vector<dialect::SampledTable> tables{{schema.find_table({"", "parent"})},
                                                  {schema.find_table({"", "child"})}};
  REQUIRE((tables[0].table != nullptr && tables[1].table != nullptr));
  CHECK(dialect->samples().copy_rows(*connection, *scratch, tables, 100).empty());
  CHECK(number(*scratch, "SELECT count(*) FROM parent") == 2);
  CHECK(number(*scratch, "SELECT count(*) FROM child") == 2);
  CHECK(number(*scratch, "SELECT count(*) FROM parent WHERE name = 'trigger'") == 2);  // It fired in the original only.
  scratch->run("INSERT INTO parent(name) VALUES ('z')");
  CHECK(value(*scratch, "SELECT name FROM parent WHERE id > 2") == Value("trigger"));
  CHECK(number(*connection, "SELECT count(*) FROM parent") == 2);
}

TEST_CASE("MySQL: kept values are compared by what they are, whatever their type was") {
  const auto connection = open_fresh();
  const dialect::Samples& samples = dialect_of(*connection)->samples();
  connection->run(
      "CREATE TABLE a(i int, t varchar(9) CHARACTER SET latin1, b varbinary(9), d decimal(5,2), n int); "
      "INSERT INTO a VALUES (1, 'ü', x'00ff', 1.5, NULL), (2, 'a ', x'00', 0, NULL)");
  connection->run("CREATE TEMPORARY TABLE k AS SELECT " + samples.kept("`i`") + " AS i, " + samples.kept("`t`") +
                  " AS t, " + samples.kept("`b`") + " AS b, " + samples.kept("`d`") + " AS d, " + samples.kept("`n`") +
                  " AS n FROM a");
  connection->run("ALTER TABLE a MODIFY t varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, MODIFY i bigint");
  const auto differing = [&](const std::string& column) {
    return number(*connection, "SELECT count(*) FROM k JOIN a AS o ON " + samples.equals("k.i", "o.`i`") + " WHERE " +
                                   samples.differs("k." + column, "o.`" + column + '`'));
  };
  for (const char* const column : {"i", "t", "b", "d", "n"}) {
    CAPTURE(column);
    CHECK(differing(column) == 0);
  }
  connection->run("UPDATE a SET t = 'a' WHERE i = 2");
  CHECK(differing("t") == 1);
  connection->run("UPDATE a SET b = x'00fe', n = 0 WHERE i = 1");
  CHECK(differing("b") == 1);
  CHECK(differing("n") == 1);
  CHECK(value(*connection, "SELECT " + samples.shown("k.t", {"varchar"}) + " FROM k ORDER BY k.i LIMIT 1") ==
        Value("'ü'"));
  CHECK(value(*connection, "SELECT " + samples.shown("k.b", {"blob"}) + " FROM k ORDER BY k.i LIMIT 1") ==
        Value("x'00FF'"));
  CHECK(value(*connection, "SELECT " + samples.shown("k.n", {"int"}) + " FROM k LIMIT 1") == Value("NULL"));
}
