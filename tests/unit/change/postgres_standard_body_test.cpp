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
