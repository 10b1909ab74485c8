#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"
#include "unit/dialect/connection.h"

// The servers write the names of databases into the text of some views, and a database can have any name.

using namespace whimbrel;
using fixture::error_of;
using test::contains;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;

namespace {

const std::string tables = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY, t int);";

/// A database with another name than those of the tests, for as long as the object.
class Neighbour {
 public:
  explicit Neighbour(std::string name) : name_(std::move(name)) {
    database_.query("CREATE DATABASE `" + name_ + '`');
    database_.query("CREATE TABLE `" + name_ + "`.o (id int PRIMARY KEY, t int, a int)");
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;
  ~Neighbour() { database_.query("DROP DATABASE `" + name_ + '`'); }

 private:
  std::string name_;
  Database database_;
};

/// The script that adds the view to the tables, as it runs on a scratch copy and then on the database.
void check_added(const std::string& view) {
  CAPTURE(view);
  const Database from;
  const Database to;
  from.query(tables);
  to.query(tables + view);
  const auto script = compare(from.url(), to.url()).script.up;
  REQUIRE(script.size() == 1);
  CHECK_FALSE(contains(script[0].sql, to.name()));
  const auto& drivers = whimbrel::detail::linked_drivers();
  CHECK(change::verify_whole(change::read_database(drivers, from.url()), change::read_database(drivers, to.url()),
                             script) == "");
  test::mysql::run_all(from, script);
  test::mysql::check_shown(from, to);
  CHECK(compare(from.url(), to.url()).operations.empty());
}

}  // namespace

TEST_CASE("MySQL: a view over its own tables and over the catalog selects from those of its own database") {
  const Database from;
  const Database to;
  const std::string view =
      "CREATE VIEW v AS SELECT t.id, x.a, i.table_name FROM t JOIN u ON u.t = t.id JOIN t x ON x.id = u.id LEFT JOIN "
      "(t y JOIN u z ON z.id = y.id) ON y.id = t.id, information_schema.tables i WHERE i.table_schema = DATABASE() AND "
      "EXTRACT(YEAR FROM t.a) > 0 AND t.id IN (SELECT id FROM u)";
  from.query(tables);
  to.query(tables + view);
  const auto script = compare(from.url(), to.url()).script.up;
  REQUIRE(script.size() == 1);
  CHECK_FALSE(contains(script[0].sql, to.name()));
  test::mysql::run_all(from, script);
  CHECK(compare(from.url(), to.url()).operations.empty());
  const auto definition = [](const Database& database) {
    std::string text =
        database.value("SELECT VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()");
    for (std::size_t at; (at = text.find(database.name())) != std::string::npos;)
      text.erase(at, database.name().size());
    std::erase_if(text, [](char c) { return c == '(' || c == ')'; });
    return text;
  };
  CHECK(definition(from) == definition(to));
}

TEST_CASE("MySQL: databases with the same view over another database are equal") {
  const Neighbour other("whimbrel_other");
  for (const std::string query :
       {"SELECT t.id, o.a FROM t JOIN whimbrel_other.o o ON o.id = t.a",
        "SELECT t.id FROM t WHERE EXISTS (SELECT 1 FROM whimbrel_other.o WHERE o.id = t.id)",
        "SELECT whimbrel_other.o.a FROM u JOIN whimbrel_other.o ON whimbrel_other.o.id = u.t UNION SELECT a FROM t"}) {
    CAPTURE(query);
    const Database from;
    const Database to;
    from.query(tables + "CREATE VIEW v AS " + query);
    to.query(tables + "CREATE VIEW v AS " + query);
    CHECK(compare(from.url(), to.url()).operations.empty());
    to.query("CREATE OR REPLACE VIEW v AS " + query + " LIMIT 1");
    const auto script = compare(from.url(), to.url()).script.up;
    CHECK_FALSE(contains(script.back().sql, to.name()));
    CHECK(contains(script.back().sql, "`whimbrel_other`.`o`"));
  }
}

TEST_CASE("MySQL: a view whose tables only their databases tell apart is not compared with those of other databases") {
  const Neighbour other("whimbrel_other");
  const Database from;
  from.query(tables + "CREATE TABLE o (id int PRIMARY KEY, t int);" + "CREATE VIEW v AS SELECT o.id FROM o WHERE NOT " +
             "EXISTS (SELECT 1 FROM whimbrel_other.o WHERE whimbrel_other.o.id = " + from.name() + ".o.id)");
  const Database to;
  const Error error = error_of([&] { static_cast<void>(compare(from.url(), to.url())); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(contains(error.what(), "table \"o\""));
}

TEST_CASE("MySQL: a database may be called like a table, an alias or a column") {
  const Neighbour table("t");
  const Neighbour alias("k");
  for (const std::string query :
       {"SELECT t.id FROM t", "SELECT t.* FROM t ORDER BY t.id", "SELECT k.id FROM u AS k JOIN t ON t.id = k.t",
        "SELECT u.id FROM u WHERE u.t IN (SELECT t.id FROM t GROUP BY t.id HAVING MAX(t.a) > 1)",
        "SELECT COUNT(*) OVER (PARTITION BY t.a ORDER BY t.id) AS k FROM t",
        "SELECT EXTRACT(YEAR FROM t.a) AS k FROM t LEFT JOIN u ON (u.t = t.id AND COALESCE(t.a, u.t) > 1)"}) {
    check_added("CREATE VIEW v AS " + query);
  }
  const Database from;
  const Database to;
  from.query(tables + "INSERT INTO t VALUES (1, NULL)");
  to.query("CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 3); CREATE TABLE u (id int PRIMARY KEY, t int)");
  const auto& drivers = whimbrel::detail::linked_drivers();
  CHECK(change::verify_whole(change::read_database(drivers, from.url()), change::read_database(drivers, to.url()),
                             compare(from.url(), to.url()).script.up) == "");
}

TEST_CASE("MariaDB: a view of a sequence is read, and it is of its own database") {
  if (!is_mariadb()) return;
  const std::string schema = tables + "CREATE SEQUENCE s;";
  const Database from;
  const Database to;
  from.query(schema);
  to.query(schema + "CREATE VIEW v AS SELECT NEXTVAL(s) n, LASTVAL(s) l, t.id FROM t");
  CHECK(compare(to.url(), to.url()).operations.empty());
  const auto script = compare(from.url(), to.url()).script.up;
  REQUIRE(script.size() == 1);
  CHECK_FALSE(contains(script[0].sql, to.name()));
  test::mysql::run_all(from, script);
  CHECK(compare(from.url(), to.url()).operations.empty());
  CHECK(to.value("SELECT NEXTVAL(s)") == "1");
}
