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
    const change::SchemaChange change = compare(there.url(), wanted.url(), renamed(rename.from, rename.to));
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
    const change::SchemaChange change = compare(there.url(), wanted.url(), renamed("b", "b2"));
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
  CHECK(values(there, "t FOR SYSTEM_TIME ALL") == "b a c");
}

TEST_CASE("MariaDB and MySQL: checks and computed columns compare an enum with texts, also if it is renamed in place") {
  const std::string resume = "r\xC3\xA9sum\xC3\xA9";
  const std::string check = ", CONSTRAINT c CHECK (e <> 'zz')";
  const std::string column = ", n int AS (IF(e = 'b', 1, 0)) STORED, KEY (n)";
  const std::string virtual_column = ", n int AS (IF(e = 'b', 1, 0)) VIRTUAL, CHECK (n < 2)";
  for (const std::string& part : {check, column, virtual_column, check + column}) {
    for (const std::string ending :
         {") CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", ") WITH SYSTEM VERSIONING"}) {
      if (!is_mariadb() && ending.ends_with("VERSIONING")) continue;
      CAPTURE(part + ending);
      const Database there;
      const Database wanted;
      there.query(table("'resume','b'", part + ending) + "; INSERT INTO t (id, e) VALUES (1, 1), (2, 2), (3, NULL)");
      wanted.query(table("'b','" + resume + "'", part + ending));
      const change::SchemaChange change = compare(there.url(), wanted.url(), renamed("resume", resume));
      run_all(there, change.script.up);
      CHECK(values(there) == resume + " b NULL");
      if (part.find("n int") != std::string::npos) CHECK(there.value("SELECT SUM(n) FROM t") == "1");
      CHECK(compare(there.url(), wanted.url()).operations.empty());
      run_all(there, change.script.down);
      CHECK(values(there) == "resume b NULL");
    }
  }
}

TEST_CASE("MariaDB and MySQL: a row with a removed value leaves the rows as they are, also next to a rename in place") {
  const std::string rest = ") CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
  const std::string resume = "r\xC3\xA9sum\xC3\xA9";
  const Database there;
  const Database wanted;
  there.query(table("'resume','b','z'", rest) + "; INSERT INTO t VALUES (1, 'resume'), (2, 'z')");
  wanted.query(table("'n','" + resume + "','b'", rest));
  const std::vector<sql::Statement> up = compare(there.url(), wanted.url(), renamed("resume", resume)).script.up;
  CHECK(failure(there, up).find("whimbrel_removed_from_e") != std::string::npos);
  CHECK(values(there) == "resume z");
  there.query("DELETE FROM t WHERE id = 2");
  run_all(there, up);
  CHECK(values(there) == resume);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
}

TEST_CASE("MariaDB and MySQL: a value that gets the name of another renamed one does not violate a unique key") {
  diff::Answers answers;
  answers.column_renames = {{{"t", "e"}, "a", "b"}, {{"t", "e"}, "b", "c"}};
  const Database there;
  const Database wanted;
  there.query(table("'a','b'", ", UNIQUE (e))") + "; INSERT INTO t VALUES (1, 'a'), (2, 'b')");
  wanted.query(table("'b','c'", ", UNIQUE (e))"));
  const change::SchemaChange change = compare(there.url(), wanted.url(), answers);
  run_all(there, change.script.up);
  CHECK(values(there) == "b c");
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  run_all(there, change.script.down);
  CHECK(values(there) == "a b");
}

namespace {

struct Case {
  std::string before, after;
  std::vector<std::pair<std::string, std::string>> names;
  std::string rows, changed;
  std::string ending = ")";
};

diff::Answers answers_of(const Case& one) {
  diff::Answers answers;
  for (const auto& [from, to] : one.names) answers.column_renames.push_back({{"t", "e"}, from, to});
  return answers;
}

void check_there_and_back(const Case& one) {
  CAPTURE(one.before);
  CAPTURE(one.after);
  const Database there;
  const Database wanted;
  there.query(table(one.before, one.ending) + "; INSERT INTO t (id, e) VALUES " + one.rows);
  wanted.query(table(one.after, one.ending));
  const std::string before = values(there);
  const change::SchemaChange change = compare(there.url(), wanted.url(), answers_of(one));
  run_all(there, change.script.up);
  CHECK(values(there) == one.changed);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  run_all(there, change.script.down);
  CHECK(values(there) == before);
}

const std::string any_case = ") CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";

}  // namespace

TEST_CASE("MariaDB and MySQL: values are renamed in place also next to one that has the text of a position") {
  const std::string rows = "(1, 1), (2, 2), (3, 3)";
  const std::string naive = "na\xC3\xAFve";
  check_there_and_back(
      {"'low','high','2'", "'high','low','2'", {{"low", "high"}, {"high", "low"}}, rows, "high low 2"});
  check_there_and_back({"'" + naive + "','b','1'", "'naive','b','1'", {{naive, "naive"}}, rows, "naive b 1", any_case});
  check_there_and_back({"'3','b','1'", "'1','3','b'", {{"3", "1"}, {"1", "3"}}, rows, "1 b 3"});
}

TEST_CASE("MariaDB and MySQL: a value gets a name that differs only in case from that of a removed one") {
  check_there_and_back({"'b','x'", "'B'", {{"x", "B"}}, "(1, 'x')", "B", any_case});
  check_there_and_back(
      {"'b','x'", "'y','B'", {{"x", "B"}, {"b", "y"}}, "(1, 'x'), (2, 'b')", "B y", ", UNIQUE KEY (e)" + any_case});
  const Database there;
  const Database wanted;
  there.query(table("'b','x'", any_case) + "; INSERT INTO t VALUES (1, 'x'), (2, 'b')");
  wanted.query(table("'B'", any_case));
  const std::vector<sql::Statement> up = compare(there.url(), wanted.url(), renamed("x", "B")).script.up;
  CHECK(failure(there, up).find("whimbrel_removed_from_e") != std::string::npos);
  CHECK(values(there) == "x b");
}

TEST_CASE("MariaDB and MySQL: a new value has the former name of a renamed one") {
  const Case one{"'a','b'", "'x','b','a'", {{"a", "x"}}, "(1, 'a'), (2, 'b'), (3, 'a')", "x b x"};
  check_there_and_back(one);
  const Database there;
  const Database wanted;
  there.query(table(one.before, ")"));
  wanted.query(table(one.after, ")") + "; INSERT INTO t VALUES (1, 'x'), (2, 'a')");
  const std::vector<sql::Statement> down = compare(there.url(), wanted.url(), answers_of(one)).script.down;
  CHECK(failure(wanted, down).find("whimbrel_removed_from_e") != std::string::npos);
  CHECK(values(wanted) == "x a");
}

TEST_CASE("MariaDB and MySQL: `down` takes no positions of values for its own that are those of `up`") {
  const auto meet = [](const Case& one) {
    CAPTURE(one.after);
    const Database there;
    const Database wanted;
    there.query(table(one.before, ")"));
    wanted.query(table(one.after, ")"));
    const change::SchemaChange change = compare(there.url(), wanted.url(), answers_of(one));
    there.query(change.script.up.front().sql);
    wanted.query(change.script.down.front().sql);
    return compare(there.url(), wanted.url()).operations.empty();
  };
  CHECK_FALSE(meet({"'a','b','c'", "'b','c','a'", {{"a", "b"}, {"b", "a"}}, "", ""}));
  CHECK_FALSE(
      meet({"'" + std::string(200, 'a') + "','" + std::string(200, 'b') + "','" + std::string(200, 'c') + "','" +
                std::string(200, 'd') + "','" + std::string(200, 'e') + "','" + std::string(200, 'f') + "'",
            "'" + std::string(200, 'f') + "','" + std::string(200, 'b') + "','" + std::string(200, 'c') + "','" +
                std::string(200, 'e') + "','" + std::string(200, 'd') + "','" + std::string(200, 'a') + "'",
            {{std::string(200, 'a'), std::string(200, 'b')}, {std::string(200, 'b'), std::string(200, 'a')}},
            "",
            ""}));
  CHECK(meet({"'a','b','c'", "'b','a','c'", {{"a", "b"}, {"b", "a"}}, "", ""}));
}

TEST_CASE("MariaDB and MySQL: an enum with a value that is no number does not become a text on the way to a number") {
  for (const char* const type : {"enum('1','x','2')", "set('1','2','x')"}) {
    CAPTURE(type);
    const Database there;
    const Database wanted;
    const std::string begin = "CREATE TABLE t (id int PRIMARY KEY, e ";
    there.query(begin + type +
                "); SET sql_mode = ''; INSERT INTO t VALUES (1, '2'), (2, 'unknown'), (3, 'x'), (4, NULL)");
    there.query("SET sql_mode = 'STRICT_ALL_TABLES'");
    wanted.query(begin + "int)");
    const std::vector<sql::Statement> up = compare(there.url(), wanted.url()).script.up;
    for (const char* const id : {"2", "3"}) {
      CHECK(failure(there, up).find("whimbrel_removed_from_e") != std::string::npos);
      CHECK(there.value("SELECT column_type FROM information_schema.columns WHERE table_schema = DATABASE() AND "
                        "column_name = 'e'") == type);
      there.query(std::string("DELETE FROM t WHERE id = ") + id);
    }
    run_all(there, up);
    CHECK(values(there) == "2 NULL");
  }
}

TEST_CASE("MariaDB and MySQL: a number in an index becomes an enum also where keys are short, and back") {
  const std::string begin = "CREATE TABLE t (id int PRIMARY KEY, e ";
  const std::string end = ", KEY (e)) CHARACTER SET utf8mb4 ROW_FORMAT = COMPACT";
  const std::string value(90, '1');
  for (const std::string& values_of_enum : {std::string("'1','2'"), "'1','2','" + value + "'"}) {
    const Database there;
    const Database wanted;
    there.query(begin + "int" + end + "; INSERT INTO t VALUES (1, 2), (2, NULL)");
    wanted.query(begin + "enum(" + values_of_enum + ')' + end);
    const change::SchemaChange change = compare(there.url(), wanted.url());
    run_all(there, change.script.up);
    CHECK(values(there) == "2 NULL");
    CHECK(compare(there.url(), wanted.url()).operations.empty());
    run_all(there, change.script.down);
    CHECK(values(there) == "2 NULL");
  }
}

TEST_CASE("MariaDB and MySQL: a default that uses a column stays while its values are renamed in place") {
  const auto schema = [](const std::string& values) {
    return table(values, ", d varchar(9) DEFAULT (concat(e, '\xC3\xBC'))) CHARACTER SET utf8mb4");
  };
  const Database there;
  const Database wanted;
  there.query(schema("'x','y','z'") + "; INSERT INTO t (id, e) VALUES (1, 'x'), (2, 'y')");
  wanted.query(schema("'y','x','z'"));
  diff::Answers answers;
  answers.column_renames = {{{"t", "e"}, "x", "y"}, {{"t", "e"}, "y", "x"}};
  run_all(there, compare(there.url(), wanted.url(), answers).script.up);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  CHECK(there.value("SELECT GROUP_CONCAT(e ORDER BY id) FROM t") == "y,x");
}
