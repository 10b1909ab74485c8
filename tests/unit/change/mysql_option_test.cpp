#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"
#include "unit/dialect/connection.h"
#include "unit/fixture/answers.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Periods, hidden indexes, and options of engines that the server keeps.

using namespace whimbrel;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::go_there_and_back;

namespace {

/// SHOW CREATE also shows what the server kept of earlier options.
void check_compared(const std::string& from, const std::string& to) {
  go_there_and_back(from, to, {}, [](const Database&, const Database&) {});
}

struct Shelf {
  std::int32_t id{};
  static void describe(Entity<Shelf>& shelf) { shelf.primary_generated<&Shelf::id>(); }
};

struct Book {
  std::int32_t id{};
  std::int32_t shelf{};
  static void describe(Entity<Book>& book) {
    book.table({.engine = "MyISAM"});
    book.primary_generated<&Book::id>();
    book.many_to_one<&Book::shelf, &Shelf::id>();
  }
};

}  // namespace

TEST_CASE("MariaDB and MySQL: a foreign key that the engine of its table would ignore is refused") {
  const fixture::MysqlDatabase database;
  const Error error = fixture::error_of(
      [&] { static_cast<void>(fixture::generated("A1000000000001", {}, entities<Book, Shelf>(), database.url())); });
  CHECK(error.kind() == ErrorKind::entity);
  CHECK(fixture::mentions(error, "table \"book\": the engine MyISAM of"));
}

TEST_CASE("MariaDB: a period of the application and a key without overlaps are kept") {
  if (!is_mariadb()) return;
  const std::string plain = "CREATE TABLE t (id int NOT NULL, a date NOT NULL, b date NOT NULL, c int);";
  const auto table = [](const std::string& columns, const std::string& parts) {
    return "CREATE TABLE t (id int NOT NULL, a date NOT NULL, b date NOT NULL" + columns + ", " + parts + ");";
  };
  const std::string row = "INSERT INTO t (id, a, b) VALUES (1, '2020-01-01', '2021-01-01')";
  const std::string period = "PERIOD FOR `p q` (a, b)";
  const std::string key = "UNIQUE KEY u (id, `p q` WITHOUT OVERLAPS)";
  const std::string primary = "PRIMARY KEY (id, `p q` WITHOUT OVERLAPS)";
  go_there_and_back(plain + row, table(", c int", period + ", " + key));
  go_there_and_back(plain + row, table(", c int", period + ", " + primary));
  go_there_and_back(plain + row, table("", period + ", " + key));
  go_there_and_back(table("", period) + row, table("", period + ", " + key));
  go_there_and_back(table("", period + ", " + key) + row,
                    table("", "PERIOD FOR q (a, b), UNIQUE KEY u (id, q WITHOUT OVERLAPS)"));
  go_there_and_back(table("", period + ", CHECK (a < b)") + row, table("", "CHECK (a < b)"));
  go_there_and_back("CREATE TABLE q (i int)", table("", period + ", " + primary));
  const std::string columns = "UNIQUE KEY u (id, b, a)";
  go_there_and_back(table("", period + ", " + key) + row, table("", period + ", " + columns));
  go_there_and_back(table("", period + ", " + primary) + row, table("", period + ", PRIMARY KEY (id, b, a)"));
  for (const std::string options : {" COMMENT 'x'", " COMMENT 'WITHOUT OVERLAPS'"}) {
    go_there_and_back(plain + row, table(", c int", period + ", " + key + options));
    go_there_and_back(table("", period + ", " + key) + row, table("", period + ", " + key + options));
  }
  const auto versioned = [&](const std::string& parts) {
    std::string text = table("", parts);
    return text.insert(text.size() - 1, " WITH SYSTEM VERSIONING");
  };
  go_there_and_back(versioned(period) + row, versioned(period + ", " + key));
  go_there_and_back("CREATE TABLE q (i int)", versioned(period + ", " + primary));
  go_there_and_back(table("", period + ", " + primary) + row, table(", c varchar(3)", period + ", " + primary));
  go_there_and_back(
      table("", period + ", " + key) + row,
      "CREATE TABLE t (id int NOT NULL, f date NOT NULL, b date NOT NULL, PERIOD FOR `p q` (f, b), " + key + ')',
      fixture::renamed_column("t", "a", "f"));
}

TEST_CASE("MariaDB: a period that rows may not fit is noted") {
  if (!is_mariadb()) return;
  const Database first;
  const Database second;
  first.query("CREATE TABLE t (a date NOT NULL, b date NOT NULL)");
  second.query("CREATE TABLE t (a date NOT NULL, b date NOT NULL, PERIOD FOR p (a, b))");
  const change::SchemaChange change = compare(first.url(), second.url());
  REQUIRE(change.notes.size() == 1);
  CHECK(change.notes[0] ==
        "fails if a row of table \"t\" has a period whose start is not before its end (PERIOD FOR `p`)");
}

TEST_CASE("MariaDB: an index is hidden from queries, and shown again") {
  const std::string hidden = is_mariadb() ? " IGNORED" : " INVISIBLE";
  const auto table = [](const std::string& keys) {
    return "CREATE TABLE t (id int PRIMARY KEY, a int, b int, " + keys + ");";
  };
  go_there_and_back(table("KEY k (a)"), table("KEY k (a)" + hidden));
  go_there_and_back(table("UNIQUE KEY k (a)"), table("UNIQUE KEY k (a)" + hidden));
  go_there_and_back(table("KEY k (a) COMMENT 'x'"), table("KEY k (a) COMMENT 'x'" + hidden));
  go_there_and_back(table("KEY k (a)"), table("KEY k (a, b)" + hidden));
}

TEST_CASE("MariaDB: options of Aria that a table has only because it was altered make no difference") {
  if (!is_mariadb()) return;
  const std::string aria = "CREATE TABLE t (a int) ENGINE=Aria;";
  check_compared(aria, "CREATE TABLE t (a int, b int) ENGINE=Aria");
  check_compared(aria, "CREATE TABLE t (a int) ENGINE=MyISAM");
  check_compared(aria, "CREATE TABLE t (a int) ENGINE=InnoDB");
  check_compared(aria, "CREATE TABLE t (a int) ENGINE=Aria TRANSACTIONAL=0");
  check_compared(aria, "CREATE TABLE t (a int) ENGINE=Aria PAGE_CHECKSUM=0");
  check_compared("CREATE TABLE t (a int) ENGINE=Aria TRANSACTIONAL=0 PAGE_CHECKSUM=0",
                 "CREATE TABLE t (a int) ENGINE=MyISAM");
  check_compared(aria + "ALTER TABLE t TRANSACTIONAL=0; ALTER TABLE t ENGINE=MyISAM", aria);
}

TEST_CASE("MariaDB: rows whose history keeps a value that the column loses are noted") {
  if (!is_mariadb()) return;
  const auto is_noted = [](const std::string& before, const std::string& after, const diff::Answers& answers) {
    const Database first;
    const Database second;
    first.query("CREATE TABLE t (a " + before + ") WITH SYSTEM VERSIONING");
    second.query("CREATE TABLE t (a " + after + ") WITH SYSTEM VERSIONING");
    const change::SchemaChange change = compare(first.url(), second.url(), answers);
    const std::string note = "fails if rows of table \"t\" are updated by it: the row history keeps the earlier values";
    return std::count(change.notes.begin(), change.notes.end(), note) == 1;
  };
  diff::Answers fills;
  fills.backfills[{"t", "a"}] = "5";
  CHECK(is_noted("int", "int NOT NULL", fills));
  diff::Answers renames;
  renames.column_renames = {{{"t", "a"}, "x", "z"}};
  CHECK_FALSE(is_noted("enum('x', 'y')", "enum('z', 'y')", renames));
}
