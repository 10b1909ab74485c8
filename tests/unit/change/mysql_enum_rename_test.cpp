#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// Renamed values of enums that no UPDATE can replace.

using namespace whimbrel;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::failure;
using test::mysql::run_all;
using test::mysql::values;

namespace {

std::string table(const std::string& values, const std::string& rest) {
  return "CREATE TABLE t (id int PRIMARY KEY, e enum(" + values + ")" + rest;
}

diff::Answers renamed(const std::string& from, const std::string& to) {
  diff::Answers answers;
  answers.column_renames = {{{"t", "e"}, from, to}};
  return answers;
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a value is renamed to one that is equal in the collation") {
  const std::string rest = ") CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
  struct Rename {
    std::string before, after, from, to, rows;
  };
  const std::string resume = "r\xC3\xA9sum\xC3\xA9";
  for (const Rename& rename :
       std::vector<Rename>{{"'b','resume'", "'b','" + resume + "'", "resume", resume, "b " + resume + " NULL"},
                           {"'b','A'", "'\xC3\x81','c','b'", "A", "\xC3\x81", "b \xC3\x81 NULL"},
                           {"'b','x'", "'b','\xC3\xA4'", "x", "\xC3\xA4", "b \xC3\xA4 NULL"}}) {
    CAPTURE(rename.after);
    const Database there;
    const Database wanted;
    there.query(table(rename.before, " DEFAULT 'b'" + rest) + "; INSERT INTO t VALUES (1, 1), (2, 2), (3, NULL)");
    wanted.query(table(rename.after, " DEFAULT 'b'" + rest));
    const std::string before = values(there);
    const run::SchemaChange change = compare(there.url(), wanted.url(), renamed(rename.from, rename.to));
    run_all(there, change.script.up);
    CHECK(values(there) == rename.rows);
    CHECK(compare(there.url(), wanted.url()).operations.empty());
    run_all(there, change.script.down);
    CHECK(values(there) == before);
  }
}

TEST_CASE("MariaDB: a renamed value is renamed in the history of rows, too") {
  if (!is_mariadb()) return;
  const std::string versioned = ") WITH SYSTEM VERSIONING";
  for (const std::string after : {"'a','b2','c'", "'c','a','b2'"}) {
    CAPTURE(after);
    const Database there;
    const Database wanted;
    there.query(table("'a','b','c'", versioned) +
                "; INSERT INTO t VALUES (1, 'b'), (2, 'a'), (3, 'b'); UPDATE t SET e = 'a' WHERE id = 1; "
                "DELETE FROM t WHERE id = 3");
    wanted.query(table(after, versioned));
    const std::string ends = "SELECT GROUP_CONCAT(row_end ORDER BY id, row_end) FROM t FOR SYSTEM_TIME ALL";
    const std::string history = there.value(ends);
    const run::SchemaChange change = compare(there.url(), wanted.url(), renamed("b", "b2"));
    run_all(there, change.script.up);
    CHECK(values(there) == "a a");
    CHECK(there.value("SELECT COUNT(*) FROM t FOR SYSTEM_TIME ALL WHERE e = 'b2' AND id <> 2") == "2");
    CHECK(there.value(ends) == history);
    CHECK(compare(there.url(), wanted.url()).operations.empty());
    run_all(there, change.script.down);
    CHECK(there.value("SELECT COUNT(*) FROM t FOR SYSTEM_TIME ALL WHERE e = 'b' AND id <> 2") == "2");
    CHECK(there.value(ends) == history);
  }
}

TEST_CASE("MariaDB: a value that is removed next to a renamed one is kept out of the history, too") {
  if (!is_mariadb()) return;
  const std::string versioned = ") WITH SYSTEM VERSIONING";
  const Database there;
  const Database wanted;
  there.query(table("'a','b','c'", versioned) +
              "; INSERT INTO t VALUES (1, 'b'), (2, 'c'); UPDATE t SET e = 'a' WHERE id = 2");
  wanted.query(table("'a','b2'", versioned));
  const std::vector<sql::Statement> up = compare(there.url(), wanted.url(), renamed("b", "b2")).script.up;
  CHECK(failure(there, up).find("whimbrel_removed_from_e") != std::string::npos);
  CHECK(values(there, "t FOR SYSTEM_TIME ALL") == "b2 a c");
}
