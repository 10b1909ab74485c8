#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// What whimbrel reads and writes does not depend on the settings of a database or a role.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;
using test::go_there_and_back;

namespace {

constexpr const char* odd_settings[] = {
    "jit = on",
    "jit_above_cost = 0",
    "search_path = public, pg_catalog, other",
    "standard_conforming_strings = off",
    "escape_string_warning = off",
    "client_encoding = 'LATIN1'",
    "DateStyle = 'SQL, DMY'",
    "IntervalStyle = 'sql_standard'",
    "TimeZone = 'Pacific/Apia'",
    "extra_float_digits = -15",
    "bytea_output = 'escape'",
    "xmloption = document",
    "quote_all_identifiers = on",
    "array_nulls = off",
    "transform_null_equals = on",
    "check_function_bodies = off",
    "row_security = off",
    "default_transaction_isolation = 'serializable'",
    "default_transaction_deferrable = on",
    "enable_seqscan = off",
    "enable_indexscan = off",
    "constraint_exclusion = off",
    "synchronize_seqscans = on",
    "plan_cache_mode = force_generic_plan",
    "client_min_messages = error",
    "session_replication_role = origin",
    "lc_messages = 'C'",
    "lc_numeric = 'C'",
    "commit_delay = 100",
    "idle_in_transaction_session_timeout = '10min'",
};

/// Makes them for the connections that follow.
std::string make_odd() {
  std::string sql = "CREATE SCHEMA other; CREATE TABLE other.t (other int);";
  for (const char* setting : odd_settings) {
    sql += std::string("DO $$ BEGIN EXECUTE format($q$ALTER DATABASE %I SET ") + setting +
           "$q$, current_database()); END $$;";
  }
  return sql;
}

std::string schema(const std::string& type, const std::string& check) {
  return "CREATE TABLE t (id int PRIMARY KEY, a " + type +
         " NOT NULL DEFAULT 1, f float8 DEFAULT 0.1, d date DEFAULT '2024-02-29', i interval DEFAULT '1 day -2 hours', "
         "b "
         "bytea DEFAULT '\\x00ff', s text DEFAULT 'a\\b''ü', tz timestamptz DEFAULT '2024-02-29 12:00+00', x text[] "
         "DEFAULT '{NULL,\"\\\\\"}', CONSTRAINT c CHECK (" +
         check +
         ")); CREATE FUNCTION fun(t text DEFAULT 'x\\y') RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a\\b' || t; "
         "END "
         "$$; CREATE VIEW v AS SELECT a, f + 0.1 AS f, d - '2020-01-01'::date AS days, s || 'ü\\' AS s FROM t; ALTER "
         "TABLE "
         "t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 0 AND d > '2020-01-02')";
}

}  // namespace

TEST_CASE("PostgreSQL: odd settings of a database change nothing of what is read, compared and written") {
  const std::string before = schema("int", "a IS DISTINCT FROM NULL AND s <> 'q\\'");
  const std::string after = schema("bigint", "s <> 'ü\\'");
  const std::string rows = "INSERT INTO t (id) VALUES (1)";
  go_there_and_back(before + ';' + make_odd(), after + ';' + make_odd(), rows);

  const PostgresDatabase plain;
  const PostgresDatabase odd;
  plain.query("CREATE SCHEMA other; CREATE TABLE other.t (other int);" + before);
  odd.query(before);
  odd.query(make_odd());
  CHECK(compare(plain, odd, {}).operations.empty());
  CHECK(compare(odd, plain, {}).operations.empty());
}
