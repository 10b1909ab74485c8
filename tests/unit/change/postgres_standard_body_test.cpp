#include "support/environment.h"
#include "unit/change/there_and_back.h"

// How the server writes the bodies of functions in standard SQL.

using namespace whimbrel;
using test::go_there_and_back;

TEST_CASE("PostgreSQL: a function with an unnamed parameter beside named ones is created as it is") {
  if (!test::has_postgres(14)) return;
  const auto schema = [](const std::string& more) {
    return "CREATE TABLE t (a int); CREATE FUNCTION \"F\"(int, n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT $1 "
           "+ n " +
           more +
           "FROM t WHERE n = $1 AND '\"F\".\"\"' <> 'x'; END; CREATE FUNCTION g(n int, t) RETURNS int LANGUAGE sql "
           "RETURN n "
           "+ ($2).a " +
           more + "; CREATE PROCEDURE p(INOUT n int, int) LANGUAGE sql BEGIN ATOMIC SELECT $2 + n " + more + "; END;";
  };
  go_there_and_back("CREATE TABLE t (a int)", schema(""), "");
  go_there_and_back(schema(""), schema("+ 1 "), "");
}

TEST_CASE("PostgreSQL: white space is no difference if columns of another order are written in another place") {
  if (!test::has_postgres(14)) return;
  const std::string one = "CASE WHEN n > 1 THEN 1 ELSE 2 END";
  const auto schema = [](const std::string& columns, const std::string& values) {
    return "CREATE TABLE t (" + columns +
           "); CREATE TABLE u (n int); CREATE FUNCTION f(n int) RETURNS t LANGUAGE sql " + "BEGIN ATOMIC SELECT " +
           values + "; END; CREATE RULE r AS ON DELETE TO u DO ALSO SELECT (ROW(" + values +
           ")::t).a FROM u; CREATE VIEW v AS SELECT (ROW(" + values + ")::t).a FROM u";
  };
  const fixture::PostgresDatabase there, wanted;
  there.query(schema("a int, b int", one + ", n"));
  wanted.query(schema("b int, a int", "n, " + one));
  CHECK(test::compare(there, wanted, {}).operations.empty());
  CHECK(test::compare(wanted, there, {}).operations.empty());
  const fixture::PostgresDatabase other;
  other.query(schema("b int, a int", "n, CASE WHEN n > 1 THEN 1 ELSE 3 END"));
  CHECK_FALSE(test::compare(there, other, {}).operations.empty());
  test::run_all(there, test::compare(there, other, {}).script.up);
  CHECK(test::compare(there, other, {}).operations.empty());
}
