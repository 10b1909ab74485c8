#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"
#include "unit/fixture/answers.h"

// Tables in publications: columns and rows can be limited since PostgreSQL 15.

using namespace whimbrel;
using fixture::PostgresDatabase;
using fixture::renamed_table;
using test::compare;
using test::go_there_and_back;
using test::run_all;

namespace {

const std::string event = "CREATE TABLE event (id int PRIMARY KEY, kind text, level int, secret text);";
const std::string rows = "INSERT INTO event VALUES (1, 'a', 2, 's')";

}  // namespace

TEST_CASE("PostgreSQL: tables enter and leave a publication, and follow a rename") {
  const std::string two = event + "CREATE TABLE log (id int);";
  go_there_and_back(two + "CREATE PUBLICATION p FOR TABLE event", two + "CREATE PUBLICATION p FOR TABLE log, event",
                    rows);
  go_there_and_back(event + "CREATE PUBLICATION p FOR TABLE event; CREATE PUBLICATION q FOR TABLE event",
                    "CREATE TABLE other (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE other;"
                    "CREATE PUBLICATION q",
                    rows);
  go_there_and_back("CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t",
                    "CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE u", "INSERT INTO t VALUES (1)",
                    renamed_table("t", "u"));
}

TEST_CASE("PostgreSQL: the columns and rows of a publication are changed around the columns that they name") {
  if (!test::has_postgres(15)) return;
  const auto schema = [](const std::string& level, const std::string& kind, const std::string& entry) {
    return "CREATE TABLE event (id int PRIMARY KEY, level " + level + ", " + kind +
           " text); CREATE PUBLICATION p FOR TABLE event " + entry;
  };
  const std::string row = "INSERT INTO event VALUES (1, 2, 'a')";
  go_there_and_back(schema("int", "kind", "(id, level) WHERE (level > 0)"),
                    schema("bigint", "kind", "(id, level) WHERE (level > 0)"), row);
  go_there_and_back(schema("int", "kind", "(id, kind)"), schema("int", "sort", "(id) WHERE (sort <> '')"), row);
  go_there_and_back(schema("int", "kind", "WHERE (level > 0)"), schema("int", "kind", "WHERE (level > 5)"), row);
  go_there_and_back(schema("int", "kind", "(id)"), schema("int", "kind", ""), row);
}

TEST_CASE("PostgreSQL: a publication that only the first schema has is left as it is") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  const std::string entry = test::has_postgres(15) ? "event (id, level) WHERE (level > 0)" : "event";
  there.query(event + "CREATE PUBLICATION p FOR TABLE " + entry + "; CREATE PUBLICATION every FOR ALL TABLES");
  wanted.query("CREATE TABLE event (id int PRIMARY KEY, kind text, level bigint, secret text)");
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(there.query("SELECT pubname FROM pg_publication_tables WHERE tablename = 'event' ORDER BY 1") == "every\np");
  CHECK(there.query("SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = 'event'::regclass AND attname = "
                    "'level'") == "bigint");
  CHECK(compare(there, wanted, {}).script.up.empty());
  run_all(there, change.script.down);
  CHECK(there.query("SELECT pubname FROM pg_publication_tables WHERE tablename = 'event' ORDER BY 1") == "every\np");
}

TEST_CASE("PostgreSQL: a publication that only the second schema has is created") {
  go_there_and_back(event, event + "CREATE PUBLICATION p FOR TABLE event WITH (publish = 'insert')", rows);
}

TEST_CASE("PostgreSQL: a publication that is for all tables, or those of schemas, in one schema is left alone") {
  const std::string tables = event + "CREATE TABLE log (id int);";
  const std::string listed = "CREATE PUBLICATION p FOR TABLE event";
  std::vector<std::string> others = {"CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert')"};
  if (test::has_postgres(15)) {
    others.emplace_back("CREATE PUBLICATION p FOR TABLES IN SCHEMA public");
    others.emplace_back("CREATE PUBLICATION p FOR TABLES IN SCHEMA public, TABLE log; COMMENT ON PUBLICATION p IS 'c'");
  }
  const auto leads_nowhere = [&](const std::string& from, const std::string& to) {
    CAPTURE(from);
    CAPTURE(to);
    CHECK(test::script_of(tables + from, tables + to) == "");
  };
  for (const std::string& other : others) {
    leads_nowhere(other, listed);
    leads_nowhere(listed, other);
    leads_nowhere("", other);
    leads_nowhere(other, "");
    leads_nowhere(other, others.front());
    CHECK(test::script_of(tables + other, tables + listed + "; ALTER TABLE log ADD b int") ==
          "ALTER TABLE \"log\" ADD \"b\" integer;\n");
  }
}

TEST_CASE("PostgreSQL: a table is renamed and copied beside a publication for those of schemas") {
  if (!test::has_postgres(15)) return;
  const std::string published = "CREATE PUBLICATION p FOR TABLES IN SCHEMA public, TABLE ";
  go_there_and_back("CREATE TABLE t (a int); " + published + "t", "CREATE TABLE u (a int); " + published + "u",
                    "INSERT INTO t VALUES (1)", renamed_table("t", "u"));
}
