#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// Values that the server would replace by others without an error.

using namespace whimbrel;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::failure;
using test::mysql::go_there_and_back;
using test::mysql::run_all;
using test::mysql::values;

namespace {

using Texts = std::vector<std::string>;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string table(const std::string& values, const std::string& rest = "") {
  return "CREATE TABLE t (id int PRIMARY KEY, e enum(" + values + ")" + rest + ") CHARACTER SET utf8mb4";
}

/// A change that removes a value which the server would take for another one.
struct Removal {
  std::string before, after;
  diff::Answers answers{};
};

std::vector<Removal> removals() {
  diff::Answers renames;
  renames.column_renames = {{{"t", "e"}, "4", "5"}};
  diff::Answers fills;
  fills.backfills[{"t", "e"}] = "'3'";
  return {
      {table("'1', '2', '3', '4'"), table("'2', '3', '4'")},
      {table("'1', '2', '3', '4'"), table("'2', '3', '4'", " NOT NULL")},
      {table("'1', '2', '3', '4'"), table("'2', '3', '5'"), renames},
      {table("'1', '2', '3', '4'"), table("'2', '3', '4'", " NOT NULL"), fills},
      {table("'r\xC3\xA9sum\xC3\xA9', 'b'"), table("'resume', 'b'")},
      {table("'1', 'b'", " CHARACTER SET latin1"), table("'b'", " CHARACTER SET latin1")},
      {table("'it''s', 'b', 'a\\\\b'"), table("'IT''S', 'b', 'A\\\\B'")},
  };
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a value that an enum loses does not become another one") {
  for (const Removal& removal : removals()) {
    CAPTURE(removal.after);
    const Database there;
    const Database wanted;
    there.query(removal.before);
    wanted.query(removal.after);
    there.query("INSERT INTO t VALUES (1, 1), (2, 2)");
    const std::string before = values(there);
    const change::SchemaChange change = compare(there.url(), wanted.url(), removal.answers);
    const std::string reason = failure(there, change.script.up);
    CHECK(contains(reason, "whimbrel_removed_from_e"));
    CHECK(values(there) == before);
    there.query("DELETE FROM t WHERE id = 1");
    run_all(there, change.script.up);
    CHECK(" " + values(there) == before.substr(before.find(' ')));
    CHECK(compare(there.url(), wanted.url()).operations.empty());
    run_all(there, change.script.down);
    CHECK(" " + values(there) == before.substr(before.find(' ')));
  }
}

TEST_CASE("MariaDB and MySQL: a text that is not in the new enum does not become one of its values") {
  for (const char* const type : {"varchar(9)", "int"}) {
    CAPTURE(type);
    const Database there;
    const Database wanted;
    there.query("CREATE TABLE t (id int PRIMARY KEY, e " + std::string(type) + ")");
    wanted.query(table("'a', 'b'"));
    there.query("INSERT INTO t VALUES (1, '2'), (2, NULL)");
    const change::SchemaChange change = compare(there.url(), wanted.url());
    CHECK(contains(failure(there, change.script.up), "whimbrel_not_in_enum_e"));
    CHECK(there.value("SELECT e FROM t WHERE id = 1") == "2");
    there.query("DELETE FROM t WHERE id = 1");
    CHECK(failure(there, change.script.up) == "");
    CHECK(values(there) == "NULL");
  }
}

TEST_CASE("MariaDB and MySQL: spaces at the end of a text are not lost in an enum") {
  std::vector<std::string> types = {"varchar(9)", "text", "varchar(9) COLLATE utf8mb4_bin"};
  if (is_mariadb()) types.emplace_back("varchar(9) COLLATE utf8mb4_nopad_bin");
  for (const std::string& type : types) {
    CAPTURE(type);
    const Database there;
    const Database wanted;
    there.query("CREATE TABLE t (id int PRIMARY KEY, e " + type + ") CHARACTER SET utf8mb4");
    wanted.query(table("'a', 'b'"));
    there.query("INSERT INTO t VALUES (1, 'a '), (2, 'b')");
    const change::SchemaChange change = compare(there.url(), wanted.url());
    CHECK(contains(failure(there, change.script.up), "whimbrel_not_in_enum_e"));
    CHECK(there.value("SELECT HEX(e) FROM t WHERE id = 1") == "6120");
    there.query("DELETE FROM t WHERE id = 1");
    CHECK(failure(there, change.script.up) == "");
    CHECK(values(there) == "b");
  }
}

TEST_CASE("MariaDB and MySQL: values that an enum keeps, gains or renames need no guard") {
  diff::Answers answers;
  answers.column_renames = {{{"t", "e"}, "a", "A"}};
  const auto has_guard = [](const Texts& statements) {
    return std::any_of(statements.begin(), statements.end(),
                       [](const std::string& sql) { return contains(sql, "whimbrel_removed_from"); });
  };
  CHECK_FALSE(has_guard(go_there_and_back(table("'a', 'b'"), table("'b', 'a', 'c'"))));
  CHECK_FALSE(has_guard(go_there_and_back(table("'a', 'b'"), table("'A', 'b'"), answers)));
}

TEST_CASE("MariaDB: what the history of rows holds does not become another value") {
  if (!is_mariadb()) return;
  const std::string versioned = " WITH SYSTEM VERSIONING";
  const std::string history = "t FOR SYSTEM_TIME ALL";
  const Database there;
  const Database wanted;
  there.query(table("'1', '2', '3'") + versioned + "; INSERT INTO t VALUES (1, '1'), (2, NULL); UPDATE t SET e = '3'");
  wanted.query(table("'2', '3'") + versioned);
  const std::vector<sql::Statement> up = compare(there.url(), wanted.url()).script.up;
  CHECK(contains(failure(there, up), "whimbrel_removed_from_e"));
  CHECK(values(there, history) == "1 3 NULL 3");
  there.query("DELETE HISTORY FROM t; UPDATE t SET e = NULL WHERE id = 1");
  run_all(there, up);
  CHECK(values(there, history) == "NULL 3 3");
  CHECK(compare(there.url(), wanted.url()).operations.empty());

  const Database times;
  const Database others;
  times.query("CREATE TABLE t (id int PRIMARY KEY, e datetime)" + versioned +
              "; INSERT INTO t VALUES (1, NULL); UPDATE t SET e = '2020-01-01 00:00:00'");
  others.query("CREATE TABLE t (id int PRIMARY KEY, e timestamp NOT NULL DEFAULT current_timestamp)" + versioned);
  CHECK(contains(failure(times, compare(times.url(), others.url()).script.up), "whimbrel_null_in_e"));
  CHECK(values(times, history) == "NULL 2020-01-01 00:00:00");
}

TEST_CASE("MariaDB: a new column of a table with a history is filled without a change of its rows") {
  if (!is_mariadb()) return;
  const std::string versioned = ") WITH SYSTEM VERSIONING";
  const std::string from =
      "CREATE TABLE t (id int PRIMARY KEY" + versioned + "; INSERT INTO t VALUES (1), (2); DELETE FROM t WHERE id = 2";
  struct Fill {
    std::string column, value, rows;
  };
  for (const Fill& fill :
       std::vector<Fill>{{"e int NOT NULL", "5", "5 5"},
                         {"e int NOT NULL DEFAULT 7", "id + 1", "2 3"},
                         {"e int DEFAULT 7", "'5'", "5 5"},
                         {"e varchar(9) NOT NULL CHECK (e > '')", "CONCAT('x', id)", "x1 x2"},
                         {"e timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp",
                          "'2020-01-01 00:00:00'", "2020-01-01 00:00:00 2020-01-01 00:00:00"}}) {
    CAPTURE(fill.column);
    const Database there;
    const Database wanted;
    there.query(from);
    wanted.query("CREATE TABLE t (id int PRIMARY KEY, " + fill.column + versioned);
    diff::Answers answers;
    answers.backfills[{"t", "e"}] = fill.value;
    const change::SchemaChange change = compare(there.url(), wanted.url(), answers);
    run_all(there, change.script.up);
    CHECK(values(there, "t FOR SYSTEM_TIME ALL") == fill.rows);
    CHECK(compare(there.url(), wanted.url()).operations.empty());
  }
}

TEST_CASE("MariaDB: a computed column of a table with a history becomes an ordinary one") {
  if (!is_mariadb()) return;
  const std::string versioned = ") WITH SYSTEM VERSIONING";
  for (const char* const type : {"int", "bigint NOT NULL", "varchar(9)", "enum('3','2')"}) {
    CAPTURE(type);
    const Database there;
    const Database wanted;
    there.query("CREATE TABLE t (id int PRIMARY KEY, e int AS (id + 1) VIRTUAL" + versioned +
                "; INSERT INTO t (id) VALUES (1), (2); DELETE FROM t WHERE id = 2");
    wanted.query("CREATE TABLE t (id int PRIMARY KEY, e " + std::string(type) + versioned);
    run_all(there, compare(there.url(), wanted.url()).script.up);
    CHECK(values(there, "t FOR SYSTEM_TIME ALL") == "2 3");
    CHECK(compare(there.url(), wanted.url()).operations.empty());
  }
}

TEST_CASE("MariaDB: computed columns of a table with a history, one of which uses the other, become ordinary ones") {
  if (!is_mariadb()) return;
  const std::string begin = "CREATE TABLE t (id int PRIMARY KEY, a int, ";
  const std::string versioned = ") WITH SYSTEM VERSIONING";
  const Database there;
  const Database wanted;
  there.query(begin + "g varchar(2) AS (CONCAT(a, 5)) VIRTUAL, e int AS (g * 2) VIRTUAL" + versioned +
              "; INSERT INTO t (id, a) VALUES (1, 1), (2, 2); DELETE FROM t WHERE id = 2");
  wanted.query(begin + "g varchar(2), e int" + versioned);
  run_all(there, compare(there.url(), wanted.url()).script.up);
  CHECK(values(there, "t FOR SYSTEM_TIME ALL") == "30 50");
  CHECK(there.value("SELECT GROUP_CONCAT(g ORDER BY id) FROM t FOR SYSTEM_TIME ALL") == "15,25");
  CHECK(compare(there.url(), wanted.url()).operations.empty());
}

TEST_CASE("MariaDB and MySQL: a negative number that becomes bits is a loss") {
  const auto loses = [](const std::string& from, const std::string& to) {
    const Database first;
    const Database second;
    first.query("CREATE TABLE t (c " + from + ")");
    second.query("CREATE TABLE t (c " + to + ")");
    return !compare(first.url(), second.url()).losses.empty();
  };
  CHECK(loses("int", "bit(64)"));
  CHECK(loses("double", "bit(64)"));
  CHECK_FALSE(loses("int unsigned", "bit(64)"));
  CHECK_FALSE(loses("int", "bit(63)"));
}
