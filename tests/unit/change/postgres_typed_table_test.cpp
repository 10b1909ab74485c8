#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// Typed tables: CREATE TABLE ... OF type.

using namespace whimbrel;
using test::go_there_and_back;
using test::refusal_of;
using test::script_of;

namespace {

std::string schema(const std::string& attributes, const std::string& partitions = "") {
  return "CREATE TYPE ct AS (" + attributes +
         "); CREATE TABLE t OF ct (a PRIMARY KEY, b DEFAULT 'x' NOT NULL); CREATE VIEW v AS SELECT a, b FROM t; "
         "COMMENT ON "
         "COLUMN t.b IS 'b'; CREATE TABLE whole OF ct PARTITION BY RANGE (b);" +
         (partitions.empty() ? "CREATE TABLE part PARTITION OF whole FOR VALUES FROM ('a') TO ('z')" : partitions);
}

}  // namespace

TEST_CASE("PostgreSQL: the attributes of a typed table's type change with its columns") {
  const std::string two = schema("a int, b text");
  const std::string rows = "INSERT INTO t VALUES (1, 'q'); INSERT INTO whole VALUES (1, 'q')";
  go_there_and_back(two, schema("a int, b text, c date"), rows);
  go_there_and_back(two, schema("a bigint, b text"), rows);
  go_there_and_back(schema("a int, b text, c date"), two, rows);
}

TEST_CASE("PostgreSQL: a typed table keeps its type while that is recreated") {
  const auto over_enum = [](const std::string& values, const std::string& value) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TYPE ct AS (a int, b e, n int); CREATE TABLE t OF ct (a " +
           "PRIMARY KEY, b DEFAULT '" + value + "'); CREATE FUNCTION f(ct) RETURNS int LANGUAGE sql AS 'SELECT 1'";
  };
  go_there_and_back(over_enum("'a', 'b', 'c'", "a"), over_enum("'c', 'b'", "b"),
                    "INSERT INTO t VALUES (1, 'b'), (2, NULL)");
  const auto over_domain = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base + "; CREATE TYPE ct AS (a d, b d[]); CREATE TABLE t OF ct (a PRIMARY KEY)";
  };
  go_there_and_back(over_domain("int"), over_domain("bigint"), "INSERT INTO t VALUES (1, '{2,NULL}')");
}

TEST_CASE("PostgreSQL: a table becomes a typed one, ceases to be one, or gets another type") {
  const std::string types = "CREATE TYPE ct AS (a int, b text); CREATE TYPE ct2 AS (a int, b text, c int);";
  const std::string plain = types + "CREATE TABLE t (a int, b text)";
  const std::string typed = types + "CREATE TABLE t OF ct";
  const std::string rows = "INSERT INTO t VALUES (1, 'q')";
  go_there_and_back(plain, typed, rows);
  go_there_and_back(typed, plain, rows);
  go_there_and_back(typed, types + "CREATE TABLE t OF ct2", rows);
  go_there_and_back("CREATE TABLE t (a int)", types + "CREATE TABLE t OF ct2 (c DEFAULT 1)", "");
  go_there_and_back(typed, types, "");
  go_there_and_back("CREATE TABLE other (a int)",
                    "CREATE SCHEMA s; CREATE TYPE s.ct AS (a int); CREATE TABLE s.t OF s.ct", "");
}

TEST_CASE(
    "PostgreSQL: a table whose columns have another order than a type's attributes cannot become one of the type") {
  const std::string type = "CREATE TYPE ct AS (a int, b text);";
  const std::string text = refusal_of(type + "CREATE TABLE t (b text, a int)", type + "CREATE TABLE t OF ct");
  CHECK(text.find("Table \"t\" would get a composite type whose attributes are in a different order") == 0);
  CHECK(text.find("creates a new table of the type") != std::string::npos);
}

TEST_CASE("PostgreSQL: an attribute is renamed in its type, its columns and the tables of the type") {
  const auto with = [](const std::string& name) {
    return "CREATE TYPE ct AS (" + name +
           " int, b int); CREATE TABLE t (id int PRIMARY KEY, x ct, y ct[], g int GENERATED ALWAYS AS ((x)." + name +
           ") STORED); CREATE TABLE typed OF ct (" + name + " DEFAULT 1); CREATE VIEW v AS SELECT (x)." + name +
           " AS n FROM t";
  };
  diff::Answers answers;
  answers.column_renames.push_back({"ct", "a", "z"});
  go_there_and_back(with("a"), with("z"),
                    "INSERT INTO t VALUES (1, '(1,2)', '{\"(1,2)\"}'); INSERT INTO typed VALUES (1, 2)", answers);
  CHECK(script_of("CREATE TYPE ct AS (a int)", "CREATE TYPE ct AS (z int)", answers) ==
        "ALTER TYPE \"ct\" RENAME ATTRIBUTE \"a\" TO \"z\" CASCADE;\n");
  CHECK(refusal_of("CREATE TYPE ct AS (a int, b int); CREATE TABLE t (x ct)",
                   "CREATE TYPE ct AS (z int, b int); CREATE TABLE t (x ct)")
            .find("If an attribute was renamed, pass --rename ct.a=z.") != std::string::npos);
}

TEST_CASE("PostgreSQL: a check constraint of a domain is renamed") {
  const auto schema = [](const std::string& one, const std::string& two) {
    return "CREATE DOMAIN d AS int CONSTRAINT " + one + " CHECK (VALUE > 0) CONSTRAINT " + two +
           " CHECK (VALUE < 99); CREATE TABLE t (a d[]); COMMENT ON CONSTRAINT " + one + " ON DOMAIN d IS 'c'";
  };
  go_there_and_back(schema("a", "b"), schema("c", "b"), "INSERT INTO t VALUES ('{1}')");
  CHECK(script_of("CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0)",
                  "CREATE DOMAIN d AS int CONSTRAINT b CHECK (VALUE > 0)") ==
        "ALTER DOMAIN \"d\" RENAME CONSTRAINT \"a\" TO \"b\";\n");
  // Two with the same condition, and a swap of names.
  go_there_and_back("CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE > 0)",
                    "CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0) CONSTRAINT e CHECK (VALUE > 0)", "");
  go_there_and_back("CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE < 9)",
                    "CREATE DOMAIN d AS int CONSTRAINT b CHECK (VALUE > 0) CONSTRAINT a CHECK (VALUE < 9)", "");
}
