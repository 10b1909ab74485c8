#include "support/version.h"
#include "unit/change/privileges_there_and_back.h"

// A column owns only a sequence of its table's owner, and a sequence that it owns is as persistent as the table unless
// something else is said.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::go_there_and_back;

namespace {

const std::string table = "CREATE TABLE t (c int NOT NULL); ALTER TABLE t OWNER TO priv_a;";

}  // namespace

TEST_CASE("PostgreSQL: a column of another role's table gets a sequence") {
  const std::string sequence = "CREATE SEQUENCE s;";
  const std::string owned = "ALTER SEQUENCE s OWNER TO priv_a; ALTER SEQUENCE s OWNED BY t.c;";
  const std::string serial = "CREATE TABLE t (c serial); ALTER TABLE t OWNER TO priv_a;";
  for (const auto& [from, to] : {std::pair(table + sequence, table + sequence + owned),
                                 std::pair(table, table + sequence + owned), std::pair(table, serial)}) {
    test::go_there_and_back_with_privileges(from, to);
    test::go_there_and_back_with_privileges(to, from);
  }
  test::go_there_and_back_with_privileges(table + sequence + "ALTER SEQUENCE s OWNER TO priv_b",
                                          "CREATE TABLE t (c int NOT NULL); ALTER TABLE t OWNER TO priv_c;" + sequence +
                                              "ALTER SEQUENCE s OWNER TO priv_c; ALTER SEQUENCE s OWNED BY t.c");
  test::go_there_and_back_with_privileges(
      "CREATE TABLE t (c serial); CREATE TABLE u (c int NOT NULL); ALTER TABLE t OWNER TO priv_a; ALTER TABLE u OWNER "
      "TO priv_b",
      "CREATE TABLE t (c int NOT NULL); CREATE TABLE u (c int NOT NULL); ALTER TABLE t OWNER TO priv_a; ALTER TABLE u "
      "OWNER TO priv_b; CREATE SEQUENCE t_c_seq AS integer; ALTER SEQUENCE t_c_seq OWNER TO priv_b; ALTER SEQUENCE "
      "t_c_seq OWNED BY u.c; ALTER TABLE u ALTER c SET DEFAULT nextval('t_c_seq')");
}

TEST_CASE("PostgreSQL: the owner of a table need not be known where the script is made") {
  test::make_roles();
  for (const std::string to :
       {"CREATE TABLE t (c serial)", "CREATE TABLE t (c int NOT NULL); CREATE SEQUENCE s OWNED BY t.c"}) {
    const PostgresDatabase there;
    const PostgresDatabase wanted;
    there.query(table);
    wanted.query(to);
    test::run_all(there, test::compare(there, wanted, {}).script.up);
    CHECK(test::compare(there, wanted, {}).operations.empty());
    CHECK(there.query("SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind IN ('r', 'S') AND "
                      "relnamespace = 'public'::regnamespace") == "priv_a");
  }
}

TEST_CASE("PostgreSQL: a sequence that a column owns is logged or not, whatever its table is") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(15), "unlogged sequences");
  const std::string columns = "TABLE t (c serial, d int GENERATED ALWAYS AS IDENTITY, e int);";
  const std::string both = "ALTER SEQUENCE t_c_seq SET UNLOGGED; ALTER SEQUENCE t_d_seq SET UNLOGGED;";
  const std::string neither = "ALTER SEQUENCE t_c_seq SET LOGGED; ALTER SEQUENCE t_d_seq SET LOGGED;";
  const std::string rows = "INSERT INTO t DEFAULT VALUES";
  go_there_and_back("CREATE " + columns, "CREATE " + columns + both, rows);
  go_there_and_back("CREATE UNLOGGED " + columns, "CREATE UNLOGGED " + columns + neither, rows);
  go_there_and_back("CREATE " + columns + both, "CREATE UNLOGGED " + columns, rows);
  go_there_and_back("CREATE " + columns, "CREATE UNLOGGED " + columns + neither, rows);
  go_there_and_back("CREATE TABLE x (a int)", "CREATE TABLE x (a int); CREATE UNLOGGED " + columns + neither,
                    "SELECT 1");
  const std::string free = "; CREATE SEQUENCE s;";
  go_there_and_back("CREATE " + columns + free, "CREATE UNLOGGED " + columns + free + "ALTER SEQUENCE s OWNED BY t.e",
                    rows);
  go_there_and_back("CREATE " + columns + free + "ALTER SEQUENCE s OWNED BY t.e",
                    "CREATE UNLOGGED " + columns + free + "ALTER SEQUENCE s OWNED BY t.e", rows);
}

TEST_CASE("PostgreSQL: a new sequence takes the name of one that gets another name") {
  go_there_and_back(
      "CREATE SEQUENCE sq; CREATE TABLE t (id int NOT NULL DEFAULT nextval('sq')); ALTER SEQUENCE sq AS int OWNED BY "
      "t.id",
      "CREATE TABLE t (id serial); CREATE SEQUENCE sq", "INSERT INTO t DEFAULT VALUES");
  go_there_and_back("CREATE TABLE t (a int); CREATE INDEX i ON t (a)",
                    "CREATE TABLE t (a int); CREATE INDEX j ON t (a); CREATE SEQUENCE i", "INSERT INTO t VALUES (1)");
}
