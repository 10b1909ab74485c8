#include "unit/change/there_and_back.h"

// What children and partitions have of a column that their parent's change drops and creates again; pg_dump says
// whether they keep it.

using namespace whimbrel;
using test::go_there_and_back;

namespace {

/// Makes the schema with one word the schema with another, and back.
void change(const std::string& schema, const std::string& from, const std::string& to, const std::string& rows = "") {
  const auto with = [&](const std::string& word) {
    std::string text = schema;
    for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) text.replace(at, 1, word);
    return text;
  };
  go_there_and_back(with(from), with(to), rows);
}

}  // namespace

TEST_CASE("PostgreSQL: children keep privileges and comments of a recreated generated column") {
  change(
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * @) STORED); CREATE SCHEMA s;"
      "CREATE TABLE s.\"K\" () INHERITS (p); CREATE TABLE l () INHERITS (s.\"K\");"
      "GRANT SELECT (g) ON s.\"K\" TO pg_monitor; GRANT UPDATE (g) ON l TO pg_monitor WITH GRANT OPTION;"
      "COMMENT ON COLUMN l.g IS 'of l'",
      "2", "5", "INSERT INTO l VALUES (1)");
}

TEST_CASE("PostgreSQL: children keep primary keys over a recreated generated column") {
  change(
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * @) STORED);"
      "CREATE TABLE k (CONSTRAINT kp PRIMARY KEY (g)) INHERITS (p); CREATE TABLE r (g int REFERENCES k (g))",
      "2", "5", "INSERT INTO k VALUES (1)");
  change(
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * @) STORED) PARTITION BY LIST (a);"
      "CREATE TABLE k PARTITION OF p DEFAULT; ALTER TABLE k ADD PRIMARY KEY (a) INCLUDE (g)",
      "2", "5", "INSERT INTO p VALUES (1)");
}

TEST_CASE("PostgreSQL: NOT NULL of a child on a generated column is compared and kept") {
  const std::string table =
      "CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY LIST (a);"
      "CREATE TABLE k PARTITION OF p DEFAULT;";
  go_there_and_back(table, table + "ALTER TABLE k ALTER g SET NOT NULL", "INSERT INTO p VALUES (1)");
  change(
      "CREATE TABLE p (a int, g @ GENERATED ALWAYS AS (a * 2) STORED); CREATE TABLE k () INHERITS (p);"
      "ALTER TABLE k ALTER g SET NOT NULL",
      "integer", "bigint", "INSERT INTO k VALUES (1)");
}

TEST_CASE("PostgreSQL: a column that becomes a generated one keeps its privileges") {
  const std::string grant = "; GRANT SELECT (h) ON t TO pg_monitor";
  go_there_and_back("CREATE TABLE t (a int, h int)" + grant,
                    "CREATE TABLE t (a int, h int GENERATED ALWAYS AS (a + 2) STORED)" + grant, "");
}

TEST_CASE("PostgreSQL: what is recreated goes on to depend on its extension") {
  change(
      "CREATE EXTENSION citext; CREATE FUNCTION f(@ int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "ALTER FUNCTION f(int) DEPENDS ON EXTENSION citext; CREATE TABLE t (a int);"
      "CREATE MATERIALIZED VIEW m AS SELECT f(a) AS a FROM t; ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext",
      "a", "b");
}
