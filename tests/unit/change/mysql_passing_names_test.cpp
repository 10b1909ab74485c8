#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// The names of checks that exist only while a table changes.

using namespace whimbrel;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::go_there_and_back;
using test::mysql::run_all;

TEST_CASE("MariaDB and MySQL: a check that a script left behind when it stopped is no obstacle for the next one") {
  const Database there;
  const Database wanted;
  const std::string table = "CREATE TABLE t (id int PRIMARY KEY, s enum('a'";
  there.query(table + ",'b'))");
  wanted.query(table + "))");
  const std::string guard = compare(there.url(), wanted.url()).script.up.front().sql;
  for (int i = 0; i < 2; ++i) {
    there.query(guard);
    const change::SchemaChange change = compare(there.url(), wanted.url());
    run_all(there, change.script.up);
    CHECK(compare(there.url(), wanted.url()).operations.empty());
    run_all(there, change.script.down);
    there.query("ALTER TABLE t DROP CONSTRAINT whimbrel_removed_from_s");
  }
}

TEST_CASE("MariaDB and MySQL: a check of the user may have the name of one that whimbrel would add") {
  const auto table = [](const std::string& values) {
    return "CREATE TABLE t (id int PRIMARY KEY, s enum(" + values +
           "), CONSTRAINT Whimbrel_removed_from_s CHECK (id > 0), CONSTRAINT whimbrel_removed_from_s_ CHECK (id > 1))";
  };
  go_there_and_back(table("'a','b'"), table("'a'"));
}

TEST_CASE("MariaDB and MySQL: columns with the same long beginning change together") {
  const auto table = [](const std::string& values) {
    const std::string name(45, 'c');
    return "CREATE TABLE t (id int PRIMARY KEY, " + name + "1 enum(" + values + "), " + name + "2 enum(" + values +
           "), " + name + "\xC3\xA9 enum(" + values + "))";
  };
  go_there_and_back(table("'a','b'"), table("'a'"));
}
