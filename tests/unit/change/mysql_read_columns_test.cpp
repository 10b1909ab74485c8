#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// Values of rows that are computed from a column which changes.

using namespace whimbrel;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::run_all;

namespace {

struct Read {
  std::string before, after, rows, changed;
  diff::Answers answers{};
};

std::string begin(const std::string& columns) { return "CREATE TABLE t (id int PRIMARY KEY, " + columns + ')'; }

diff::Answers filled(const std::string& column, const std::string& value) {
  diff::Answers answers;
  answers.backfills[{"t", column}] = value;
  return answers;
}

void check(const Read& one) {
  CAPTURE(one.before);
  CAPTURE(one.after);
  const Database there;
  const Database wanted;
  there.query(begin(one.before) + "; INSERT INTO t VALUES " + one.rows);
  wanted.query(begin(one.after));
  const std::string values = "SELECT GROUP_CONCAT(a, ' ', c ORDER BY id SEPARATOR ', ') FROM t";
  const change::SchemaChange change = compare(there.url(), wanted.url(), one.answers);
  run_all(there, change.script.up);
  CHECK(there.value(values) == one.changed);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  run_all(there, change.script.down);
  CHECK(compare(there.url(), wanted.url(), one.answers).operations == change.operations);
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a new column is computed from another one as it becomes") {
  check({"a enum('30','10')", "a int, c int NOT NULL DEFAULT (a + 1)", "(1, '30'), (2, '10')", "30 31, 10 11"});
  check({"a enum('30','10'), KEY (a)", "a int, c int NOT NULL DEFAULT (a + 1), KEY (c)", "(1, '30'), (2, '10')",
         "30 31, 10 11"});
  check({"a decimal(10,2)", "a int, c decimal(10,2) DEFAULT (a / 4)", "(1, 2.60), (2, 1.40)", "3 0.75, 1 0.25"});
}

TEST_CASE("MariaDB and MySQL: a backfill is computed from a column as it was") {
  check({"a decimal(10,2)", "a int, c int NOT NULL", "(1, 2.25), (2, 8.50)", "2 25, 9 50",
         filled("c", "(a - floor(a)) * 100")});
  check({"a varchar(10)", "a int, c varchar(5) NOT NULL", "(1, '12'), (2, '7')", "12 12c, 7 7c",
         filled("c", "concat(a, 'c')")});
  check({"a varchar(10), n varchar(5), g varchar(20) AS (concat(a, 'x')) VIRTUAL",
         "a varchar(10), n varchar(50), c varchar(20) NOT NULL", "(1, 'p', 'n', DEFAULT), (2, 'q', NULL, DEFAULT)",
         "p px, q qx", filled("c", "g")});
}

TEST_CASE("MariaDB and MySQL: a new column is computed from the bytes of another character set") {
  check({"a varchar(5) CHARACTER SET latin1", "a varchar(5) CHARACTER SET utf8mb4, c int NOT NULL DEFAULT (length(a))",
         "(1, 'é'), (2, 'e')", "é 2, e 1"});
}

TEST_CASE("MariaDB and MySQL: in `down`, too") {
  const Database there;
  const Database wanted;
  there.query(begin("a int, c int NOT NULL DEFAULT (a + 1)"));
  wanted.query(begin("a enum('30','10')") + "; INSERT INTO t VALUES (1, '30'), (2, '10')");
  run_all(wanted, compare(there.url(), wanted.url()).script.down);
  CHECK(wanted.value("SELECT GROUP_CONCAT(a, ' ', c ORDER BY id SEPARATOR ', ') FROM t") == "30 31, 10 11");
}
