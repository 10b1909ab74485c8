#include <doctest/doctest.h>

#include <algorithm>

#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;

namespace {

std::int64_t scratches() {
  return mysql_server()
      .run("SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'whimbrel\\_scratch\\_%'")
      .values[0][0]
      .integer();
}

}  // namespace

TEST_CASE("MySQL: a scratch database is like the connection's, and is gone with its connection") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int)");
  connection->run("ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin");
  {
    const auto scratch = open(mysql_server().url())->open_scratch();
    CHECK(scratches() == 1);
    scratch->run("CREATE TABLE a(x int); INSERT INTO a VALUES (1)");
    const auto again = scratch->open_again();
    CHECK(number(*again, "SELECT count(*) FROM a") == 1);
    CHECK(contains(scratch->description(), "scratch "));
  }
  CHECK(scratches() == 0);
  const auto reopened = open(mysql_server().url(value(*connection, "SELECT database()").text()));
  CHECK(value(*reopened->open_scratch(), "SELECT @@collation_database") == Value("latin1_bin"));
}

TEST_CASE("MySQL: a scratch database that a crashed program leaves behind is dropped by the next") {
  mysql_server().run(
      "CREATE DATABASE whimbrel_scratch_1_abc; CREATE DATABASE whimbrel_scratch_mine; CREATE USER "
      "whimbrel_scratch_1_abc@localhost");
  const auto scratch = whimbrel::mysql::driver().open_scratch({.url = mysql_server().url("")});
  CHECK(scratches() == 2);
  CHECK(number(*open(mysql_server().url()), "SELECT count(*) FROM mysql.user WHERE user LIKE 'whimbrel_scr%'") == 0);
  mysql_server().run("DROP DATABASE whimbrel_scratch_mine");
}

TEST_CASE("MySQL: a statement on a scratch database cannot name another database, or be about the server") {
  const std::string url = fresh_url();
  const auto connection = open(url);
  connection->run("CREATE TABLE a(x int)");
  const std::string name = value(*connection, "SELECT database()").text();
  const auto scratch = connection->open_scratch();
  scratch->run("CREATE TABLE a(x int); UPDATE a SET a.x = 1; SELECT count(*) FROM information_schema.tables");
  scratch->run("SET time_zone = @@GLOBAL.time_zone");
  scratch->run("SET time_zone = '+00:00'");
  for (const std::string& sql :
       {"DROP TABLE " + name + ".a", "DELETE FROM `" + name + "`.`a`", "SELECT * FROM " + name + " . a", "USE " + name,
        "CREATE VIEW v AS SELECT * FROM " + name + ".a", "DROP DATABASE " + name, std::string("SET GLOBAL a = 1"),
        std::string("SET time_zone = @@GLOBAL.time_zone, GLOBAL time_zone = '+01:00'"),
        std::string("GRANT ALL ON *.* TO a"), std::string("FLUSH TABLES"), std::string("PREPARE a FROM 'SELECT 1'"),
        std::string("SELECT 1 INTO OUTFILE '/tmp/a'"), std::string("KILL 1"), std::string("INSTALL SONAME 'a'"),
        "/*!50000 DROP TABLE " + name + ".a */"}) {
    CAPTURE(sql);
    const auto error = error_of([&] { scratch->run(sql); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
  }
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
}

TEST_CASE("MySQL: a confined scratch database has a user of its own, which can reach nothing else") {
  const auto scratch = whimbrel::mysql::driver().open_scratch({.url = mysql_server().url(), .confined = true});
  CHECK(contains(value(*scratch, "SELECT user()").text(), "whimbrel_scratch_"));
  // An underscore that is not escaped stands for any character.
  const Rows::Data grants = scratch->run("SHOW GRANTS");
  CHECK(std::any_of(grants.values.begin(), grants.values.end(), [](const std::vector<Value>& row) {
    return contains(row.at(0).text(), " ON `whimbrel\\_scratch\\_");
  }));
  scratch->run("CREATE TABLE a(x int); CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1");
  CHECK(error_of([&] { scratch->run("SELECT * FROM mysql.user"); })->native_code() == 1142);
  CHECK(error_of([&] { scratch->run("CREATE DATABASE other"); })->native_code() == 1044);
}

TEST_CASE("MySQL: a user without a privilege is told which to grant") {
  const std::string name = value(*open(fresh_url()), "SELECT database()").text();
  mysql_server().run("CREATE USER IF NOT EXISTS reader@localhost; GRANT CREATE, SELECT ON " + name +
                     ".* TO reader@localhost");
  const auto reader = open(mysql_server().url_as("reader", name));
  reader->run("CREATE TABLE t (a int)");
  const auto error = error_of([&] { reader->run("INSERT INTO t VALUES (1)"); });
  REQUIRE(error);
  CHECK(contains(error->remedy(), "GRANT INSERT ON `" + name + "`.* TO 'reader'@'localhost';"));
}

TEST_CASE("MySQL: a user that may not create temporary tables is told why a question mark needs one") {
  const std::string name = value(*open(fresh_url()), "SELECT database()").text();
  mysql_server().run("CREATE USER IF NOT EXISTS plain@localhost; GRANT CREATE, SELECT ON " + name +
                     ".* TO plain@localhost");
  const auto plain = open(mysql_server().url_as("plain", name));
  const auto dialect = whimbrel::mysql::driver().make_dialect(plain->server());
  plain->run("CREATE TABLE t (a varchar(9) DEFAULT 'x') CHARACTER SET utf8mb4");
  CHECK(dialect->inspect(*plain, {}).tables.size() == 1);
  plain->run("CREATE TABLE u (a varchar(9) DEFAULT '?') CHARACTER SET utf8mb4");
  const auto error = error_of([&] { static_cast<void>(dialect->inspect(*plain, {})); });
  REQUIRE(error);
  CHECK(contains(error->remedy(), "CREATE TEMPORARY TABLES"));
  CHECK(contains(error->remedy(), "column `a` of table `u`"));
}

TEST_CASE("MySQL: a user that may not create databases has no scratch database, and is told what to grant") {
  const std::string url = fresh_url();
  const std::string name = value(*open(url), "SELECT database()").text();
  mysql_server().run("CREATE USER IF NOT EXISTS poor@localhost; GRANT ALL ON " + name + ".* TO poor@localhost");
  const auto poor = open(mysql_server().url_as("poor", name));
  CHECK(poor->open_scratch() == nullptr);
  const auto error =
      error_of([&] { whimbrel::mysql::driver().open_scratch({.url = mysql_server().url_as("poor", name)}); });
  REQUIRE(error);
  CHECK(contains(error->remedy(), "GRANT ALL ON `whimbrel\\_scratch\\_%`.* TO 'poor'@'localhost'"));
  CHECK(contains(error->what(), is_mariadb() ? "MariaDB" : "MySQL"));
  CHECK_FALSE(contains(error->what(), is_mariadb() ? "MySQL" : "MariaDB"));
  const auto dialect = whimbrel::mysql::driver().make_dialect(poor->server());
  CHECK(contains(error_of([&] { static_cast<void>(dialect->open_scratch(*poor, 1)); })->remedy(), "--no-verify"));
  mysql_server().run("GRANT ALL ON `whimbrel\\_scratch\\_%`.* TO poor@localhost");
  CHECK(poor->open_scratch() != nullptr);
}
