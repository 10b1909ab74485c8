#include "unit/change/there_and_back.h"

// A name without a schema means an object of pg_catalog first, so that statements would change the server's own.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;

namespace {

const std::string tables =
    "CREATE TABLE plain (id int PRIMARY KEY); CREATE TABLE t (a public.path, b public.date DEFAULT 'x');";

std::string whole(const std::string& values, const std::string& rest = "") {
  return "CREATE TYPE path AS ENUM (" + values + "); CREATE DOMAIN date AS text; CREATE TYPE box AS (a int); " +
         tables +
         "CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'; CREATE TABLE pg_class (a int);" + rest;
}

}  // namespace

TEST_CASE("PostgreSQL: what pg_catalog has under the same name is not compared and said to be so") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(whole("'a'"));
  wanted.query(
      whole("'a', 'b'",
            "COMMENT ON TYPE public.path IS 'mine'; COMMENT ON DOMAIN public.date IS 'mine'; COMMENT ON FUNCTION "
            "public.lower(text) IS 'mine'; REVOKE ALL ON FUNCTION public.lower(text) FROM PUBLIC; COMMENT ON "
            "COLUMN public.pg_class.a IS 'mine'; ALTER TABLE public.pg_class ALTER a SET STATISTICS 9; REVOKE ALL ON "
            "TYPE public.path FROM PUBLIC; ALTER TYPE "
            "public.box ADD ATTRIBUTE b int; ALTER TABLE plain ADD n int"));
  const auto& drivers = whimbrel::detail::linked_drivers();
  const change::SchemaSource from = change::read_database(drivers, there.url(), true);
  const change::SchemaSource to = change::read_database(drivers, wanted.url(), true);
  const change::SchemaChange change = change::compare_whole(from, to, {});
  REQUIRE(change.script.up.size() == 1);
  CHECK(change.script.up.front().sql == "ALTER TABLE \"plain\" ADD \"n\" integer");
  CHECK(change::compare_privileges(from, to, change).statements.empty());
  for (const char* const what :
       {"type \"path\"", "type \"date\"", "type \"box\"", "function \"lower(text)\"", "relation \"pg_class\""}) {
    const std::string words = std::string(what) + ", whose name means one of pg_catalog";
    CHECK(std::count(from.unsupported_objects.begin(), from.unsupported_objects.end(), words) == 1);
  }
}

TEST_CASE(
    "PostgreSQL: neither are the parts of a table that pg_catalog hides, and a foreign key refers to the right one") {
  const std::string hidden =
      "CREATE TABLE public.pg_class (id serial PRIMARY KEY, b int GENERATED ALWAYS AS IDENTITY, c int);";
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(hidden + "CREATE TABLE t (a int)");
  wanted.query(
      hidden +
      "CREATE STATISTICS st ON b, c FROM public.pg_class; ALTER TABLE public.pg_class ENABLE ROW LEVEL SECURITY; "
      "CREATE POLICY p ON public.pg_class USING (c > 1); CREATE RULE r AS ON INSERT TO public.pg_class DO ALSO "
      "NOTIFY x; ALTER SEQUENCE pg_class_id_seq CACHE 5; CREATE TABLE t (a int CONSTRAINT k REFERENCES "
      "public.pg_class)");
  const change::SchemaChange change = compare(there, wanted, {});
  REQUIRE(change.script.up.size() == 1);
  test::run_all(there, change.script.up);
  CHECK(there.query("SELECT confrelid = 'public.pg_class'::regclass FROM pg_constraint WHERE conname = 'k'") == "1");
  CHECK(compare(there, wanted, {}).operations.empty());
  test::run_all(there, change.script.down);
  CHECK(there.query("SELECT count(*) FROM pg_constraint WHERE conname = 'k'") == "0");
}
