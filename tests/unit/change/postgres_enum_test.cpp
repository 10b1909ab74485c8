#include "unit/change/there_and_back.h"

// What is in the way when an enum is recreated: names, other columns of it, and functions that return it.

using namespace whimbrel;
using test::go_there_and_back;

TEST_CASE("PostgreSQL: an enum is recreated although something has the name that its old type would get") {
  const auto schema = [](const std::string& values, const std::string& before, const std::string& after) {
    return before + "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE t (a e);" + after;
  };
  for (const std::string other :
       {"CREATE TYPE e_old AS ENUM ('x');", "CREATE TYPE e_old AS (a int);", "CREATE DOMAIN e_old AS int;",
        "CREATE TABLE e_old (a int);", "CREATE VIEW e_old AS SELECT 1 AS a;",
        "CREATE TYPE e_old AS ENUM ('x'); CREATE TABLE e_old_2 (a int);"}) {
    go_there_and_back(schema("'a', 'b', 'c'", other, ""), schema("'b', 'a'", other, ""), "INSERT INTO t VALUES ('a')");
    go_there_and_back(schema("'a', 'b', 'c'", "", ""), schema("'b', 'a'", "", other), "INSERT INTO t VALUES ('a')");
  }
  const std::string there = "CREATE SCHEMA s; CREATE TYPE s.e_old AS ENUM ('x'); CREATE TYPE s.e AS ENUM ";
  go_there_and_back(there + "('a', 'b'); CREATE TABLE t (a s.e)", there + "('b', 'a'); CREATE TABLE t (a s.e)",
                    "INSERT INTO t VALUES ('a')");
}
