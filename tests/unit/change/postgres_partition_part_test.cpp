#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// Indexes, keys and constraints that a partition has before its table has them: they become parts of the table's.

using namespace whimbrel;
using fixture::PostgresDatabase;

namespace {

/// Makes the change and takes it back. Returns the comment that the question finds in between.
std::string comment_between(const std::string& from, const std::string& to, const std::string& question) {
  const PostgresDatabase there, wanted;
  there.query(from);
  wanted.query(to);
  const change::SchemaChange change = test::compare(there, wanted, {});
  test::run_all(there, change.script.up);
  CHECK(test::compare(there, wanted, {}).operations.empty());
  const std::string comment = there.query(question);
  test::run_all(there, change.script.down);
  CHECK(test::difference(test::dumped_statements(there.url()), test::dump_of_fresh(from)) == "");
  // The way back of a database that was made so, where the parts never were the partition's own.
  const PostgresDatabase fresh;
  fresh.query(from);
  const change::SchemaChange other = test::compare(wanted, fresh, {});
  test::run_all(wanted, other.script.up);
  CHECK(test::difference(test::dumped_statements(wanted.url()), test::dump_of_fresh(from)) == "");
  return comment;
}

const std::string tables =
    "CREATE TABLE p (k int NOT NULL, b text) PARTITION BY LIST (k); CREATE TABLE c PARTITION OF p FOR VALUES IN (1) "
    "PARTITION BY LIST (k); CREATE TABLE c1 PARTITION OF c FOR VALUES IN (1); INSERT INTO p VALUES (1, 'x');";

}  // namespace

TEST_CASE("PostgreSQL: an index that a partition has before its table keeps its comment, and comes back") {
  const std::string comment = "; COMMENT ON INDEX ci IS 'its comment'";
  const std::string of_index = "SELECT obj_description(inhrelid) FROM pg_inherits WHERE inhparent = 'pi'::regclass";
  CHECK(comment_between(tables + "CREATE INDEX ci ON c (b)" + comment, tables + "CREATE INDEX pi ON p (b)", of_index) ==
        "its comment");
  CHECK(comment_between(tables + "CREATE INDEX ci ON c1 (b)" + comment, tables + "CREATE INDEX pi ON c (b)",
                        of_index) == "its comment");
  const std::string of_deep_index =
      "SELECT obj_description(i.inhrelid) FROM pg_inherits h JOIN pg_inherits i ON i.inhparent = h.inhrelid WHERE "
      "h.inhparent = 'pi'::regclass";
  CHECK(comment_between(tables + "CREATE UNIQUE INDEX ci ON c1 (k, b) WHERE k > 0" + comment,
                        tables + "CREATE UNIQUE INDEX pi ON p (k, b) WHERE k > 0", of_deep_index) == "its comment");
}

TEST_CASE("PostgreSQL: a key or constraint that a partition has before its table keeps its comment, and comes back") {
  const auto on = [](const std::string& table, const std::string& constraint) {
    return tables + "ALTER TABLE " + table + " ADD CONSTRAINT " + constraint;
  };
  const std::string of_constraint =
      "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conrelid = 'c'::regclass AND contype = ";
  CHECK(comment_between(on("c", "ck PRIMARY KEY (k); COMMENT ON CONSTRAINT ck ON c IS 'key'"),
                        on("p", "pk PRIMARY KEY (k)"), of_constraint + "'p'") == "key");
  CHECK(comment_between(on("c", "ck UNIQUE (k, b); COMMENT ON CONSTRAINT ck ON c IS 'key'"),
                        on("p", "pk UNIQUE (k, b)"), of_constraint + "'u'") == "key");
  CHECK(comment_between(on("c", "k CHECK (b > 'a'); COMMENT ON CONSTRAINT k ON c IS 'check'"),
                        on("p", "k CHECK (b > 'a')"), of_constraint + "'c'") == "check");
}

TEST_CASE("PostgreSQL: a foreign key to a partition's own key comes back with the key") {
  const std::string reference = "; CREATE TABLE r (a int CONSTRAINT rk REFERENCES c); INSERT INTO r VALUES (1)";
  const std::string own = tables + "ALTER TABLE c ADD CONSTRAINT c_pkey PRIMARY KEY (k)" + reference;
  const std::string whole = tables + "ALTER TABLE p ADD CONSTRAINT p_pkey PRIMARY KEY (k)" + reference;
  CHECK(comment_between(own, whole, "SELECT count(*) FROM r") == "1");
}

TEST_CASE("PostgreSQL: notes say which rows the bounds of a partition exclude") {
  const auto compared = [](const std::string& from, const std::string& to) {
    const std::string parent = "CREATE TABLE p (k int) PARTITION BY RANGE (k);";
    const PostgresDatabase there, wanted;
    there.query(parent + from);
    wanted.query(parent + to);
    return test::compare(there, wanted, {});
  };
  const std::string wide = "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (20);";
  const std::string narrow = "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);";
  const std::string rest = "CREATE TABLE r PARTITION OF p DEFAULT;";
  const std::string misfit =
      R"(fails if "p1" has rows that do not belong to it as a partition of "p" (FOR VALUES FROM (0) TO (10)))";
  const std::string taken = R"(fails if "r" has rows that belong to partition "p1" (FOR VALUES FROM (0) TO (10)))";
  const change::SchemaChange narrower = compared(wide, narrow);
  CHECK(narrower.notes == std::vector{misfit});
  CHECK(narrower.down_notes.size() == 1);
  CHECK(compared("", narrow).notes.empty());
  CHECK(compared(rest, rest + narrow).notes == std::vector{taken});
  CHECK(compared(rest + wide, rest + narrow).notes == std::vector{misfit, taken});
  CHECK(compared(rest, narrow).notes.empty());
  CHECK(compared("CREATE TABLE p1 (k int);", narrow).notes == std::vector{misfit});
  // The note is right.
  const PostgresDatabase there, wanted;
  there.query("CREATE TABLE p (k int) PARTITION BY RANGE (k);" + rest + "INSERT INTO p VALUES (5)");
  wanted.query("CREATE TABLE p (k int) PARTITION BY RANGE (k);" + rest + narrow);
  CHECK_THROWS_AS(there.query(test::compare(there, wanted, {}).script.up.front().sql), Error);
}
