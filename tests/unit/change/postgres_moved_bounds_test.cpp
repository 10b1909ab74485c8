#include "support/version.h"
#include "unit/change/there_and_back.h"

// A partition whose bounds change leaves its parent and joins it again. Whatever else changes in the parent changes in
// the partition, too.

using namespace whimbrel;
using test::go_there_and_back;

namespace {

const std::string row = "INSERT INTO t (a, b) VALUES (1, 2)";

std::string parted(const std::string& columns, const std::string& bounds, const std::string& rest = "") {
  return "CREATE TABLE t (a int, b " + columns +
         ") PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (" + bounds + ");" + rest;
}

/// Changes the schema and compares how triggers are enabled, which a dump says only of partitions that differ.
void change_states(const std::string& from, const std::string& to, const std::string& rows) {
  CAPTURE(from);
  CAPTURE(to);
  const auto states = [](const fixture::PostgresDatabase& database) {
    return database.query(
        "SELECT string_agg(tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text, ', ') FROM "
        "(SELECT * FROM pg_trigger ORDER BY tgrelid::regclass::text, tgname) t");
  };
  go_there_and_back(from, to, rows);
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query(from);
  wanted.query(to);
  const std::string before = states(there);
  const change::SchemaChange change = test::compare(there, wanted, {});
  test::run_all(there, change.script.up);
  CHECK(states(there) == states(wanted));
  test::run_all(there, change.script.down);
  CHECK(states(there) == before);
}

}  // namespace

TEST_CASE("PostgreSQL: the bounds of a partition change together with the columns and constraints of its parent") {
  for (const std::string columns :
       {"int, c text", "bigint", "int, CONSTRAINT c CHECK (b > 1)", "int NOT NULL", "int, PRIMARY KEY (a)",
        "int DEFAULT 4", "int, g int GENERATED ALWAYS AS (b * 2) STORED"}) {
    go_there_and_back(parted("int", "1"), parted(columns, "1, 2"), row);
    go_there_and_back(parted(columns, "1, 2"), parted("int", "1"), row);
  }
  go_there_and_back(parted("int, CONSTRAINT c CHECK (b > 0)", "1"), parted("int, CONSTRAINT c CHECK (b > 1)", "1, 2"),
                    row);
  go_there_and_back(parted("int", "1"), parted("int", "1, 2", "CREATE INDEX i ON t (b)"), row);
  const std::string keys = "CREATE TABLE q (id int PRIMARY KEY);";
  go_there_and_back(keys + parted("int", "1"), keys + parted("int REFERENCES q", "1, 2"),
                    "INSERT INTO q VALUES (2);" + row);
}

TEST_CASE(
    "PostgreSQL: the bounds of a partition change together with an enum, the name of a column, and other bounds") {
  const auto with_enum = [](const std::string& values, const std::string& bounds) {
    return "CREATE TYPE e AS ENUM (" + values + ");" + parted("int, c e", bounds);
  };
  go_there_and_back(with_enum("'x', 'y'", "1"), with_enum("'y', 'x'", "1, 3"), row);
  diff::Answers answers;
  answers.column_renames = {{"t", "b", "z"}};
  go_there_and_back(
      parted("int", "1"),
      "CREATE TABLE t (a int, z bigint) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN "
      "(1, 2)",
      row, answers);
  const auto two = [](const std::string& columns, const std::string& one, const std::string& other) {
    return "CREATE TABLE t (a int, b " + columns +
           ") PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (" + one +
           "); CREATE TABLE q PARTITION OF t FOR VALUES IN (" + other + ")";
  };
  go_there_and_back(two("int", "1", "2, 3"), two("bigint, c text", "1, 2", "3"), row);
  go_there_and_back(two("int", "1", "2") + "; CREATE TABLE n (a int, b int)",
                    two("bigint, c text", "2", "1") + "; CREATE TABLE n PARTITION OF t FOR VALUES IN (3)", "SELECT 1");
}

TEST_CASE("PostgreSQL: a new partition takes bounds of another one together with a change of the columns") {
  const std::string columns = "int, d int CHECK (d < 5)";
  go_there_and_back(parted(columns, "1, 2"),
                    parted("bigint, d int CHECK (d < 6)", "1",
                           "CREATE TABLE q PARTITION OF t FOR VALUES IN (2); CREATE INDEX i ON q (d);"
                           "COMMENT ON TABLE q IS 'new'"),
                    row);
  go_there_and_back("CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t DEFAULT",
                    parted("bigint, c text", "1", "CREATE TABLE q PARTITION OF t DEFAULT"), row);
}

TEST_CASE("PostgreSQL: the bounds of partitions of partitions change together with the columns of the whole table") {
  const auto nested = [](const std::string& columns, const std::string& more) {
    return "CREATE TABLE t (a int, b int, " + columns +
           ") PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1" + more +
           ") PARTITION BY LIST (b); CREATE TABLE q PARTITION OF p FOR VALUES IN (2" + more + ")";
  };
  go_there_and_back(nested("c int", ""), nested("c bigint, d text", ", 3"), row);
}

TEST_CASE("PostgreSQL: a partition or another child has defaults of its own for columns that its parent defines") {
  const std::string parent = "CREATE TABLE t (a int, b int DEFAULT 1, c text, d int DEFAULT 3) PARTITION BY LIST (a);";
  const std::string part = parent + "CREATE TABLE p PARTITION OF t FOR VALUES IN (1);";
  const std::string own = "ALTER TABLE p ALTER b SET DEFAULT 5, ALTER c SET DEFAULT lower('X'), ALTER d DROP DEFAULT;";
  go_there_and_back(part, part + own, row);
  go_there_and_back(part + own, part, row);
  go_there_and_back(parent, part + own, "SELECT 1");
  go_there_and_back(part + "ALTER TABLE p ALTER b SET DEFAULT 7", part + own, row);
  const std::string other =
      "CREATE TABLE t (a int, b bigint DEFAULT 2, c text DEFAULT 'c', d int DEFAULT 3) PARTITION BY "
      "LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1);";
  go_there_and_back(part + own, other, row);
  go_there_and_back(part + own, other + own, row);
  go_there_and_back(part, other + own, row);
  const std::string heir = "CREATE TABLE t (a int, b int DEFAULT 1); CREATE TABLE p () INHERITS (t);";
  go_there_and_back(heir, heir + "ALTER TABLE p ALTER b SET DEFAULT 5", row);
  const std::string attached = parent +
                               "CREATE TABLE p (a int, b int DEFAULT 1, c text, d int DEFAULT 3); ALTER TABLE t "
                               "ATTACH PARTITION p FOR VALUES IN (1);";
  go_there_and_back(attached, part + own, row);
  go_there_and_back(attached + own, part + own, row);
}

TEST_CASE("PostgreSQL: a partition keeps how a trigger of its parent is enabled when the trigger is recreated") {
  const auto schema = [](const std::string& column, const std::string& condition, const std::string& states) {
    return "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';" +
           parted(column, "1", "CREATE TABLE w PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (b);") +
           "CREATE TABLE q PARTITION OF w FOR VALUES IN (2); CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW WHEN "
           "(new.b > " +
           condition + ") EXECUTE FUNCTION f();" + states;
  };
  const std::string mixed = "ALTER TABLE p DISABLE TRIGGER g; ALTER TABLE ONLY q ENABLE ALWAYS TRIGGER g;";
  const std::string other = "ALTER TABLE ONLY w ENABLE REPLICA TRIGGER g; ALTER TABLE p ENABLE ALWAYS TRIGGER g;";
  const std::string off = "ALTER TABLE t DISABLE TRIGGER g; ALTER TABLE p ENABLE TRIGGER g;";
  const std::string few = "INSERT INTO t VALUES (1, 2)";
  for (const std::string& states : {mixed, other, off}) {
    change_states(schema("int", "0", states), schema("int", "1", states), few);
    change_states(schema("int", "0", states), schema("int", "1", ""), few);
    change_states(schema("int", "0", states), schema("int", "0", ""), few);
    change_states(schema("int", "0", ""), schema("int", "0", states), few);
  }
  change_states(schema("int", "0", mixed), schema("int", "0", other), few);
  change_states(schema("int", "0", mixed), schema("int", "0", off), few);
  change_states(schema("int", "0", off), schema("int", "2", other), few);
}

TEST_CASE("PostgreSQL: a partition whose bounds or columns change keeps how a trigger of its parent is enabled") {
  const auto schema = [](const std::string& column, const std::string& bounds, const std::string& states) {
    return "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';" +
           parted(column, bounds,
                  "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f();") +
           states;
  };
  const std::string off = "ALTER TABLE p DISABLE TRIGGER g";
  change_states(schema("int", "1", off), schema("int", "1, 2", off), row);
  change_states(schema("int", "1", off), schema("int", "1, 2", ""), row);
  change_states(schema("int", "1", ""), schema("bigint", "1, 2", off), row);
  change_states("CREATE TABLE u (a int)", "CREATE TABLE u (a int);" + schema("int", "1", off), "SELECT 1");
}
