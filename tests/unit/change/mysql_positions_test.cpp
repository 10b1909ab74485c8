#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// The server takes a number for the position of a value in an enum or a set.

using namespace whimbrel;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::failure;
using test::mysql::run_all;
using test::mysql::values;

namespace {

struct Numbers {
  std::string type, values, first, second;
};

std::vector<Numbers> numbers() {
  std::vector<Numbers> all = {{"bool", "enum('0','1')", "1", "0"},
                              {"int NOT NULL", "enum('2','1') NOT NULL", "1", "2"},
                              {"int", "set('2','1')", "1", "2"},
                              {"year", "enum('2001','2000')", "2000", "2001"},
                              {"bit(8)", "enum('2','1')", "1", "2"}};
  for (const char* const type : {"double", "decimal(3,0)", "bigint unsigned"}) {
    all.push_back({type, "enum('2','1')", "1", "2"});
  }
  return all;
}

std::string table(const std::string& type, const std::string& rest = "") {
  return "CREATE TABLE t (id int PRIMARY KEY, e " + type + ") CHARACTER SET utf8mb4" + rest;
}

void check_kept(const Numbers& one, const std::string& rest) {
  CAPTURE(one.type);
  CAPTURE(one.values);
  const Database there;
  const Database wanted;
  there.query(table(one.type, rest));
  wanted.query(table(one.values, rest));
  there.query("INSERT INTO t VALUES (1, " + one.first + "), (2, " + one.second + ')');
  const change::SchemaChange change = compare(there.url(), wanted.url());
  run_all(there, change.script.up);
  CHECK(values(there) == one.first + ' ' + one.second);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  run_all(there, change.script.down);
  CHECK(there.value("SELECT CONCAT_WS(' ', MIN(IF(id = 1, e + 0, NULL)), MIN(IF(id = 2, e + 0, NULL))) FROM t") ==
        one.first + ' ' + one.second);
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a number becomes the value of an enum or a set that has its text, and again the number") {
  for (const Numbers& one : numbers()) check_kept(one, "");
}

TEST_CASE("MariaDB: so does a number in the history of rows") {
  if (!is_mariadb()) return;
  for (const Numbers& one : numbers()) check_kept(one, " WITH SYSTEM VERSIONING");
}

TEST_CASE("MariaDB and MySQL: a number whose text is not in the new enum or set leaves the table as it is") {
  for (const std::string type : {"enum('a','b')", "set('a','b')"}) {
    for (const std::string rest : {"", " WITH SYSTEM VERSIONING"}) {
      if (!rest.empty() && !is_mariadb()) continue;
      CAPTURE(type);
      const Database there;
      const Database wanted;
      there.query(table("int", rest) + "; INSERT INTO t VALUES (1, 1)");
      wanted.query(table(type, rest));
      const std::vector<std::string> before = shown(there);
      const std::string reason = failure(there, compare(there.url(), wanted.url()).script.up);
      CHECK(reason.find("whimbrel_not_in_") != std::string::npos);
      CHECK(shown(there) == before);
      CHECK(values(there) == "1");
    }
  }
}
