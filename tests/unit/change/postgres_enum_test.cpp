#include <array>

#include "unit/change/declared_there_and_back.h"

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

TEST_CASE("PostgreSQL: columns exchange two enums that change themselves") {
  const auto schema = [](const std::string& one, const std::string& other, const std::string& columns) {
    return "CREATE TYPE e AS ENUM (" + one + "); CREATE TYPE f AS ENUM (" + other + "); CREATE TABLE t (" + columns +
           ")";
  };
  const std::string rows = "INSERT INTO t VALUES ('a', 'a')";
  go_there_and_back(schema("'a', 'b'", "'a', 'y'", "a e, b f"), schema("'a', 'c'", "'z', 'a'", "a f, b e"), rows);
  go_there_and_back(schema("'a', 'b'", "'a', 'y'", "a e DEFAULT 'b', b f NOT NULL DEFAULT 'a', CHECK (a <> 'b')"),
                    schema("'a', 'c'", "'z', 'a'", "a f NOT NULL DEFAULT 'z', b e DEFAULT 'c', CHECK (a <> 'z')"),
                    rows);
  go_there_and_back(schema("'a', 'b'", "'x', 'y'", "a e, b f"), schema("'x', 'y'", "'a', 'b'", "a f, b e"),
                    "INSERT INTO t VALUES ('a', 'x')");
  go_there_and_back(schema("'a', 'b'", "'a', 'y'", "a e[], b f[]"), schema("'a', 'c'", "'z', 'a'", "a f[], b e[]"),
                    "INSERT INTO t VALUES ('{a,NULL}', '{}')");
}

TEST_CASE("PostgreSQL: an enum is recreated under a default that is the result of a function") {
  const auto schema = [](const std::string& values, const std::string& functions, const std::string& value) {
    return "CREATE TYPE e AS ENUM (" + values + ");" + functions + "CREATE TABLE t (x int, a e" +
           (value.empty() ? "" : " DEFAULT " + value) + ", CHECK (a <> 'b'))";
  };
  const std::string one = "CREATE FUNCTION f() RETURNS e LANGUAGE sql AS $$ SELECT 'a'::e $$;";
  const std::string text = "CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$ SELECT 'a'::text $$;";
  const std::string rows = "INSERT INTO t VALUES (1, 'a')";
  for (const auto& [before, after] : {std::pair("f()", "f()"), std::pair("f()", "'a'"), std::pair("f()", ""),
                                      std::pair("'b'", "f()"), std::pair("", "f()")}) {
    go_there_and_back(schema("'a', 'b'", one, before), schema("'b', 'a'", one, after), rows);
  }
  go_there_and_back(schema("'a', 'b'", "", "'b'"), schema("'b', 'a'", one, "f()"), rows);
  go_there_and_back(schema("'a', 'b'", text, "g()::e"), schema("'b', 'a'", text, "g()::e"), rows);
  go_there_and_back(schema("'a', 'b'", text, "g()::e"), schema("'b', 'a'", "", "'a'"), rows);
}

TEST_CASE("PostgreSQL: a column is renamed whose enum is recreated under a check and an index") {
  const auto schema = [](const std::string& values, const std::string& name) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE t (x int, " + name +
           " e DEFAULT 'a', CONSTRAINT k CHECK (" + name + " <> 'b' AND x > 0)); CREATE INDEX i ON t (x) WHERE " +
           name + " = 'a'";
  };
  diff::Answers answers;
  answers.column_renames = {{"t", "a", "z"}};
  go_there_and_back(schema("'a', 'b'", "a"), schema("'b', 'a'", "z"), "INSERT INTO t VALUES (1, 'a')", answers);
}

TEST_CASE("PostgreSQL: an enum becomes a domain of the same name, and back") {
  const std::string type = "CREATE TYPE d AS ENUM ('a', 'b');";
  const std::string domain = "CREATE DOMAIN d AS text CHECK (VALUE <> 'c');";
  const std::string composite = "CREATE TYPE d AS (a int);";
  for (const std::string table : {"CREATE TABLE t (x d, a int)",
                                  "CREATE TABLE t (x d NOT NULL DEFAULT 'a', a int); CREATE "
                                  "INDEX i ON t (x); CREATE VIEW v AS SELECT x FROM t"}) {
    go_there_and_back(type + table, domain + table, "INSERT INTO t (x) VALUES ('a')");
  }
  const std::string off = "CREATE TABLE t (x text)";
  const std::string on = "CREATE TABLE t (x d)";
  go_there_and_back(type + off, domain + off, "INSERT INTO t VALUES ('a')");
  go_there_and_back(type + off, composite + off, "INSERT INTO t VALUES ('a')");
  go_there_and_back(type + on, domain + off, "INSERT INTO t VALUES ('a')");
  for (const auto& [from, to] : {std::pair(type, composite), std::pair(composite, type)}) {
    const std::string text = test::refusal_of(from + on, to + on);
    CHECK(text.find("\"t\"") != std::string::npos);
    CHECK(text.find("(`newmigration`)") != std::string::npos);
    CHECK(text.find("cycle") == std::string::npos);
  }
}

TEST_CASE("PostgreSQL: columns of a type that is recreated follow it when their table leaves its parent") {
  const std::vector<std::array<std::string, 3>> types = {
      {"CREATE TYPE e AS ENUM ('a', 'b');", "CREATE TYPE e AS ENUM ('b', 'a');", "'b'"},
      {"CREATE TYPE s AS ENUM ('a', 'b'); CREATE TYPE e AS (x int, y s);",
       "CREATE TYPE s AS ENUM ('b', 'a'); CREATE TYPE e AS (x int, y s);", "'(1,b)'"},
      {"CREATE DOMAIN e AS text;", "CREATE DOMAIN e AS varchar;", "'b'"}};
  for (const auto& type : types) {
    const std::string rows = "INSERT INTO a VALUES (1, " + type[2] + ")";
    const std::string p = "CREATE TABLE p (k int, x e);";
    const std::string child = p + "CREATE TABLE a () INHERITS (p);";
    const std::string alone = "CREATE TABLE a (k int, x e);";
    test::go_there_and_back_declared(type[0] + child, type[1] + p + alone, rows);
    test::go_there_and_back_declared(type[0] + child, type[1] + alone, rows);
    const auto whole = [](const std::string& name, const std::string& columns) {
      return "CREATE TABLE " + name + " (k int" + columns + ") PARTITION BY LIST (k);";
    };
    const std::string part = "CREATE TABLE a PARTITION OF ";
    test::go_there_and_back_declared(type[0] + whole("p", ", x e") + part + "p FOR VALUES IN (1)",
                                     type[1] + whole("p", ", x e") + alone, rows);
    test::go_there_and_back_declared(type[0] + whole("p", ", x e") + part + "p FOR VALUES IN (1)",
                                     type[1] + whole("p", "") + alone, rows);
    const std::string two = whole("p", ", x e") + whole("q", ", x e");
    test::go_there_and_back_declared(type[0] + two + part + "p FOR VALUES IN (1)",
                                     type[1] + two + part + "q FOR VALUES IN (1)", rows);
  }
  test::go_there_and_back_declared(
      types[0][0] + "CREATE TABLE p (k int, x e); CREATE TABLE a () INHERITS (p)",
      types[0][1] + "CREATE TABLE p (k int); CREATE TABLE a (x e DEFAULT 'b') INHERITS (p)",
      "INSERT INTO a VALUES (1, 'b')");
}

TEST_CASE("PostgreSQL: a column with a default becomes an array of an enum that is recreated, and back") {
  const std::string one = "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e DEFAULT 'a')";
  const std::string several = "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (x e[] DEFAULT '{a,b}')";
  go_there_and_back(one, several, "INSERT INTO t VALUES ('b')");
  go_there_and_back(several, one, "INSERT INTO t VALUES ('{b}')");
}

TEST_CASE("PostgreSQL: a column moves between an enum that changes and a type that contains it") {
  const auto schema = [](const std::string& values, const std::string& types, const std::string& type) {
    return "CREATE TYPE m AS ENUM (" + values + ");" + types + "CREATE TABLE t (c " + type + ')';
  };
  const std::string domain = "CREATE DOMAIN d AS m;";
  const std::string rows = "INSERT INTO t VALUES ('a'), (NULL)";
  go_there_and_back(schema("'a', 'b'", domain, "d"), schema("'b', 'a'", "", "m"), rows);
  go_there_and_back(schema("'a', 'b'", domain, "d"), schema("'b', 'a'", domain, "m"), rows);
  go_there_and_back(schema("'a', 'b'", domain, "d"), schema("'a', 'b', 'c'", domain, "m"), rows);
  go_there_and_back(schema("'a', 'b'", domain + "CREATE DOMAIN dd AS d;", "dd DEFAULT 'b'"),
                    schema("'b', 'a'", "", "m DEFAULT 'a'"), rows);
  go_there_and_back(schema("'a', 'b'", "CREATE TYPE pair AS (one m, two m);", "pair"), schema("'b', 'a'", "", "m"),
                    "INSERT INTO t VALUES (NULL)");
}
