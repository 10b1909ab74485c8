#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/change/there_and_back.h"

// A value that an enum gets can be used only after a commit, so an enum is recreated if the same script uses the value.
// https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES

using namespace whimbrel;

namespace {

/// Adds a value to an enum, together with something that uses it.
void add_value_with(const std::string& used_by, const std::string& before = "") {
  const auto schema = [&](const std::string& values) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE t (id int PRIMARY KEY, c e); " + before;
  };
  test::go_there_and_back(schema("'a', 'b'"), schema("'a', 'b', 'new'") + used_by,
                          "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL);");
}

}  // namespace

TEST_CASE("PostgreSQL: a new value of an enum is used by what is created in the same script") {
  add_value_with("CREATE POLICY p ON t USING (c <> 'new'); ");
  add_value_with("CREATE RULE r AS ON INSERT TO t WHERE new.c = 'new' DO INSTEAD NOTHING; ");
  add_value_with("CREATE DOMAIN d AS e CHECK (VALUE <> 'new'); ");
  add_value_with("CREATE TABLE u (c e DEFAULT 'new'); ");
  add_value_with("CREATE FUNCTION f(x e DEFAULT 'new') RETURNS e LANGUAGE sql AS 'SELECT x'; ");
  add_value_with("CREATE FUNCTION f() RETURNS e LANGUAGE sql AS 'SELECT ''new''::e'; ");
  add_value_with("CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('new'); ",
                 "CREATE TABLE p (id int, k text) PARTITION BY LIST (k); ");
}

TEST_CASE("PostgreSQL: a new value of an enum is used by statistics that are created in the same script") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(14), "expressions in statistics")
  add_value_with("CREATE STATISTICS s ON (c = 'new'), id FROM t; ");
}

TEST_CASE("PostgreSQL: a new value of an enum without columns is used in the same script") {
  test::go_there_and_back(
      "CREATE TYPE e AS ENUM ('a');",
      "CREATE TYPE e AS ENUM ('a', 'new'); CREATE TABLE t (c e DEFAULT 'new'); CREATE DOMAIN d AS e DEFAULT 'new';",
      "");
}

TEST_CASE("PostgreSQL: a function that is altered can use a new value of an enum") {
  const auto schema = [](const std::string& values, const std::string& value) {
    return "CREATE TYPE e AS ENUM (" + values +
           "); CREATE TABLE t (c e); "
           "CREATE FUNCTION f() RETURNS e LANGUAGE sql AS 'SELECT ''" +
           value + "''::e';";
  };
  test::go_there_and_back(schema("'a'", "a"), schema("'a', 'new'", "new"), "INSERT INTO t VALUES ('a');");
}

TEST_CASE("PostgreSQL: a column whose rows hold a new value of an enum can become one") {
  test::go_there_and_back("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, c text, d e);",
                          "CREATE TYPE e AS ENUM ('a', 'new'); CREATE TABLE t (id int PRIMARY KEY, c e, d e);", "");
  const std::string from = "CREATE TYPE e AS ENUM ('a', 'new'); CREATE TABLE t (id int PRIMARY KEY, c e, d e);";
  const std::string to = "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, c text, d e);";
  test::go_there_and_back(from, to, "INSERT INTO t VALUES (1, 'new', 'a'), (2, 'a', NULL);");
}
