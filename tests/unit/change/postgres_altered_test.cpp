#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"
#include "unit/fixture/answers.h"

// Policies and extended statistics that are altered in place, and which of their changes recreate them.

using namespace whimbrel;
using fixture::renamed_column;
using fixture::renamed_table;
using test::go_there_and_back;
using test::script_of;

namespace {

const std::string tables = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text);";
const std::string rows = "INSERT INTO t (id, a) VALUES (1, 5), (2, 6)";

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("PostgreSQL: policies change in place, as far as the server can change them") {
  const auto alter = [](const std::string& from, const std::string& to, const std::string& statement) {
    const std::string script = script_of(tables + from, tables + to);
    CAPTURE(script);
    CHECK(has(script, statement));
    CHECK_FALSE(has(script, "DROP "));
    go_there_and_back(tables + from, tables + to, rows);
  };
  const auto recreate = [](const std::string& from, const std::string& to) {
    CHECK(has(script_of(tables + from, tables + to), "DROP POLICY"));
    go_there_and_back(tables + from, tables + to, rows);
  };
  const std::string comment = "; COMMENT ON POLICY p ON t IS 'c'";
  const std::string policy = "CREATE POLICY p ON t USING (a > 1)";
  alter(policy + comment, "CREATE POLICY p ON t TO CURRENT_USER USING (a > 2 AND b IS NULL)" + comment, "ALTER POLICY");
  alter("CREATE POLICY p ON t FOR UPDATE USING (a > 1) WITH CHECK (a > 2)",
        "CREATE POLICY p ON t FOR UPDATE USING (a > 1) WITH CHECK (a > 3)", "ALTER POLICY");
  recreate(policy, "CREATE POLICY p ON t FOR SELECT USING (a > 1)");
  recreate(policy, "CREATE POLICY p ON t AS RESTRICTIVE USING (a > 1)");
  recreate("CREATE POLICY p ON t USING (a > 1) WITH CHECK (a > 2)", policy);
  alter("CREATE TABLE u (a int);" + policy,
        "CREATE TABLE u (a int, c int); CREATE POLICY p ON t USING (EXISTS (SELECT FROM u WHERE u.c = t.a))",
        "ALTER POLICY");
}

TEST_CASE("PostgreSQL: the policy of a renamed table changes, and one that ceases to use what is dropped") {
  const auto schema = [](const std::string& table, const std::string& condition) {
    return "CREATE TABLE " + table + " (id int PRIMARY KEY, a int); CREATE POLICY p ON " + table + " USING (" +
           condition + ");";
  };
  go_there_and_back(schema("t", "a > 1"), schema("u", "a > 2"), rows, renamed_table("t", "u"));
  go_there_and_back(schema("t", "a > 1"),
                    "CREATE TABLE t (id int PRIMARY KEY, c int); CREATE POLICY p ON t USING (c > 1)", rows,
                    renamed_column("t", "a", "c"));
  go_there_and_back(schema("t", "a > 1"), "CREATE TABLE t (id int PRIMARY KEY); CREATE POLICY p ON t USING (id > 1)",
                    rows);
  go_there_and_back(schema("t", "a > 1"),
                    "CREATE TABLE t (id int PRIMARY KEY, a bigint);"
                    "CREATE POLICY p ON t USING (a > 2)",
                    rows);
}

TEST_CASE("PostgreSQL: the target of extended statistics changes in place") {
  if (std::stoi(fixture::PostgresDatabase().query("SHOW server_version_num")) < 130000) return;
  const std::string statistics = tables + "CREATE STATISTICS s ON id, a FROM t";
  const std::string targeted = statistics + "; ALTER STATISTICS s SET STATISTICS 70";
  const std::string script = script_of(statistics, targeted);
  CAPTURE(script);
  CHECK(has(script, "ALTER STATISTICS s SET STATISTICS 70"));
  CHECK_FALSE(has(script, "CREATE STATISTICS"));
  go_there_and_back(statistics, targeted, rows);
}
