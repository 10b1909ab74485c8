#include <doctest/doctest.h>

#include <fstream>

#include "unit/change/mysql_there_and_back.h"
#include "unit/dialect/connection.h"

// Who created a view, a routine, a trigger or an event is a part of it. A file is loaded by a user of its own.

using namespace whimbrel;
using test::contains;
using test::mysql::compare;
using test::mysql::Database;

namespace {

std::string schema(const std::string& definer, const std::string& value) {
  const std::string create = "CREATE " + definer;
  return "CREATE TABLE t (id int PRIMARY KEY, a int);" + create + "VIEW v AS SELECT id + " + value + " AS b FROM t;" +
         create + "PROCEDURE p() SELECT " + value + ';' + create + "TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET " +
         "NEW.a = " + value + ';' + create + "EVENT e ON SCHEDULE EVERY " + value + " DAY DISABLE DO SELECT 1;";
}

const std::string app = "DEFINER=`app`@`localhost` ";

/// The account, for as long as the object: the servers show the views of an unknown one in another way.
class App {
 public:
  App() { test::mysql_server().run("CREATE USER app@localhost; GRANT ALL ON *.* TO app@localhost"); }
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App() { test::mysql_server().run("DROP USER app@localhost"); }
};

class File {
 public:
  explicit File(const std::string& script) : path_(directory_.file("schema.sql")) {
    std::ofstream(path_, std::ios::binary) << "SET time_zone = '+00:00';" << script;
  }
  [[nodiscard]] change::SchemaSource read(const Database& next_to) const {
    return change::read_script(whimbrel::mysql::driver(), next_to.url(), path_);
  }

 private:
  test::TemporaryDirectory directory_;
  std::string path_;
};

change::SchemaSource read(const Database& database) {
  return change::read_database(whimbrel::detail::linked_drivers(), database.url());
}

}  // namespace

TEST_CASE("MySQL: a file says nothing about definers, and what it changes keeps its own") {
  const App account;
  const Database database;
  database.query(schema(app, "1"));
  const File same(schema("", "1"));
  CHECK(change::compare_whole(read(database), same.read(database), {}).operations.empty());
  CHECK(change::compare_whole(same.read(database), read(database), {}).operations.empty());

  const File other(schema(app, "2") + "CREATE PROCEDURE added() SELECT 1;");
  const change::SchemaChange change = change::compare_whole(read(database), other.read(database), {});
  test::mysql::run_all(database, change.script.up);
  const std::string definers =
      "SELECT GROUP_CONCAT(d ORDER BY d) FROM (SELECT DEFINER d FROM information_schema.VIEWS WHERE TABLE_SCHEMA = "
      "DATABASE() UNION ALL SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() UNION "
      "ALL SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() UNION ALL SELECT DEFINER "
      "FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()) x";
  CHECK(database.value(definers) == "app@localhost,app@localhost,app@localhost,app@localhost,root@localhost");
  CHECK(change::compare_whole(read(database), other.read(database), {}).operations.empty());
  test::mysql::run_all(database, change.script.down);
  CHECK(database.value(definers) == "app@localhost,app@localhost,app@localhost,app@localhost");
}

TEST_CASE("MySQL: the definers of views of two databases are compared, as those of routines are") {
  const App account;
  const std::string table = "CREATE TABLE t (id int PRIMARY KEY);";
  test::mysql::go_there_and_back(table + "CREATE VIEW v AS SELECT id FROM t;",
                                 table + "CREATE " + app + "VIEW v AS SELECT id FROM t;");
}

TEST_CASE("MySQL: a note says that routines take different character sets from their databases") {
  const Database from;
  const Database to;
  to.query("ALTER DATABASE CHARACTER SET latin1");
  CHECK(compare(from.url(), to.url()).notes.empty());
  const std::string function = "CREATE FUNCTION f(x varchar(10)) RETURNS int DETERMINISTIC RETURN 1";
  from.query(function);
  to.query(function);
  const change::SchemaChange change = compare(from.url(), to.url());
  CHECK(change.operations.empty());
  REQUIRE(change.notes.size() == 1);
  CHECK(contains(change.notes[0], "latin1_swedish_ci"));
  CHECK(compare(from.url(), from.url()).notes.empty());
}
