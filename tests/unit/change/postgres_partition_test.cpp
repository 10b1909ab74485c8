#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// Partitions and child tables: what the server does to them with their parents, and leaves them when they leave.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;
using test::go_there_and_back;
using test::run_all;

namespace {

const std::string keyed = "CREATE TABLE country (code text PRIMARY KEY); INSERT INTO country VALUES ('de'), ('fr');";

/// A table by country with everything that a partition has in common with it.
std::string sales(const std::string& partitions) {
  return keyed +
         "CREATE TABLE sale (id int, country text REFERENCES country, total int NOT NULL CHECK (total >= 0), note text "
         "DEFAULT '-', PRIMARY KEY (id, country)) PARTITION BY LIST (country); CREATE INDEX sale_total ON sale "
         "(total);" +
         partitions;
}

const std::string standing =
    "CREATE TABLE sale_de (id int NOT NULL, country text NOT NULL, total int NOT NULL, note text DEFAULT '-', "
    "CONSTRAINT sale_de_pkey PRIMARY KEY (id, country), CONSTRAINT sale_total_check CHECK (total >= 0), "
    "CONSTRAINT sale_de_country_fkey FOREIGN KEY (country) REFERENCES country);"
    "CREATE INDEX sale_de_total_idx ON sale_de (total);";

/// Returns the data that the change would lose in both directions, and the values that it asks for.
std::vector<std::string> warnings(const std::string& from, const std::string& to) {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(from);
  wanted.query(to);
  const change::SchemaChange change = compare(there, wanted, {});
  std::vector<std::string> words = change.losses;
  words.insert(words.end(), change.down_losses.begin(), change.down_losses.end());
  for (const diff::MissingBackfill& missing : diff::missing_backfills(change.operations)) {
    words.push_back("value for " + missing.column);
  }
  return words;
}

}  // namespace

TEST_CASE("PostgreSQL: a table with the keys of the partitioned one is attached with its rows, and detached again") {
  const std::string attached = sales("CREATE TABLE sale_de PARTITION OF sale FOR VALUES IN ('de')");
  go_there_and_back(sales(standing), attached, "INSERT INTO sale_de VALUES (1, 'de', 5)");
  go_there_and_back(attached, sales(standing), "INSERT INTO sale VALUES (1, 'de', 5)");
  CHECK(warnings(sales(standing), attached).empty());
  CHECK(warnings(attached, sales(standing)).empty());
}

TEST_CASE("PostgreSQL: a table that is attached first gets what it lacks, and loses what the others do not have") {
  const std::string lacking =
      "CREATE TABLE sale_de (id int NOT NULL, country text, total int, note text, extra int, CHECK (total < 9))";
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(sales(lacking) + "; INSERT INTO sale_de VALUES (1, 'de', 5, 'n', 7)");
  wanted.query(sales("CREATE TABLE sale_de PARTITION OF sale FOR VALUES IN ('de')"));
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(test::dumped_statements(there.url()) == test::dumped_statements(wanted.url()));
  CHECK(there.query("SELECT id, country, total, note FROM sale") == "1|de|5|n");
}

TEST_CASE("PostgreSQL: an index of a partition keeps its name while it belongs to the parent's") {
  const std::string named =
      "CREATE TABLE sale_de (id int NOT NULL, country text NOT NULL, total int NOT NULL, note text DEFAULT '-', "
      "CONSTRAINT sale_de_pkey PRIMARY KEY (id, country), CONSTRAINT sale_total_check CHECK (total >= 0), "
      "CONSTRAINT sale_de_country_fkey FOREIGN KEY (country) REFERENCES country);"
      "CREATE INDEX german_totals ON sale_de (total);";
  const std::string attach = "ALTER TABLE sale ATTACH PARTITION sale_de FOR VALUES IN ('de');";
  go_there_and_back(sales(named), sales(named + attach), "INSERT INTO sale_de VALUES (1, 'de', 5)");
  go_there_and_back(sales(standing), sales(named + attach), "INSERT INTO sale_de VALUES (1, 'de', 5)");
  go_there_and_back(sales(""), sales(named + attach), "");
}

TEST_CASE("PostgreSQL: bounds move from one partition to another, and from a dropped one to a new one") {
  const auto schema = [](const std::string& first, const std::string& second) {
    return "CREATE TABLE p (id int, v int) PARTITION BY RANGE (id);"
           "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM " +
           first + "; CREATE TABLE p2 PARTITION OF p FOR VALUES FROM " + second;
  };
  go_there_and_back(schema("(0) TO (10)", "(10) TO (20)"), schema("(10) TO (30)", "(0) TO (10)"), "");
  go_there_and_back(schema("(0) TO (10)", "(20) TO (30)"), schema("(0) TO (15)", "(15) TO (30)"),
                    "INSERT INTO p VALUES (1, 1), (25, 2)");
  go_there_and_back(schema("(0) TO (10)", "(10) TO (20)"),
                    "CREATE TABLE p (id int, v int) PARTITION BY RANGE (id);"
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (15);"
                    "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (15) TO (20)",
                    "INSERT INTO p VALUES (1, 1)");
}

TEST_CASE("PostgreSQL: a partition moves to another table, and its parent changes with it") {
  const auto schema = [](const std::string& parent, const std::string& type) {
    return "CREATE TABLE p (id int, v " + type + ") PARTITION BY LIST (id); CREATE TABLE q (id int, v " + type +
           ", UNIQUE (id)) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF " + parent + " FOR VALUES IN (1)";
  };
  go_there_and_back(schema("p", "int"), schema("q", "int"), "INSERT INTO part VALUES (1, 2)");
  go_there_and_back(schema("p", "int"), schema("q", "bigint"), "INSERT INTO part VALUES (1, 2)");
}

TEST_CASE("PostgreSQL: a column that parent and child both define is added to both and dropped from both") {
  const auto schema = [](const std::string& of_parent, const std::string& of_child) {
    return "CREATE TABLE base (id int" + of_parent + "); CREATE TABLE kid (" + of_child +
           ") INHERITS (base); CREATE TABLE grandkid (" + of_child + ") INHERITS (kid)";
  };
  go_there_and_back(schema("", ""), schema(", n int DEFAULT 5", "n int DEFAULT 6"),
                    "INSERT INTO base VALUES (1); INSERT INTO kid VALUES (2); INSERT INTO grandkid VALUES (3)");
}

TEST_CASE("PostgreSQL: a column that a child defines, too, changes with the parent's and keeps its own default") {
  const auto schema = [](const std::string& column, const std::string& own) {
    return "CREATE TABLE base (" + column + "); CREATE TABLE plain (p int) INHERITS (base);" + "CREATE TABLE kid (" +
           own + ", k int) INHERITS (base); CREATE TABLE grandkid (" + own + ") INHERITS (kid)";
  };
  const std::string rows =
      "INSERT INTO base VALUES ('a'); INSERT INTO plain VALUES ('b', 1); INSERT INTO kid VALUES "
      "('c', 2); INSERT INTO grandkid VALUES ('d', 3)";
  go_there_and_back(schema("a text", "a text DEFAULT 'k'"),
                    schema("a varchar(30) NOT NULL DEFAULT 'q'", "a varchar(30) DEFAULT 'k'"), rows);
  go_there_and_back(schema("a text DEFAULT 'x'", "a text"), schema("a text DEFAULT 'y'", "a text DEFAULT 'z'"), rows);
}

TEST_CASE("PostgreSQL: children keep a column that only their parent loses, and lose it where they should") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(
      "CREATE TABLE base (id int, v int); CREATE TABLE kid () INHERITS (base); CREATE TABLE other () INHERITS "
      "(base); INSERT INTO kid VALUES (1, 2); INSERT INTO other VALUES (3, 4)");
  wanted.query(
      "CREATE TABLE base (id int); CREATE TABLE kid (v int) INHERITS (base); CREATE TABLE other () INHERITS "
      "(base)");
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(test::dumped_statements(there.url()) == test::dumped_statements(wanted.url()));
  CHECK(there.query("SELECT v FROM kid") == "2");
}

TEST_CASE("PostgreSQL: a partition and a child keep defaults of their own that the server would overwrite") {
  const auto schema = [](const std::string& values, const std::string& type, const std::string& value) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE DOMAIN d AS " + type +
           "; CREATE TABLE t (id int, v e DEFAULT 'a', n " + type + " DEFAULT " + value +
           ", k d DEFAULT 1) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t (v DEFAULT 'b', n DEFAULT 7, k "
           "DEFAULT "
           "3) FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20); CREATE "
           "TABLE "
           "\"o'dd\" (n " +
           type + " DEFAULT " + value +
           "); CREATE TABLE kid () INHERITS (\"o'dd\"); ALTER TABLE kid ALTER n "
           "DROP DEFAULT";
  };
  go_there_and_back(schema("'a', 'b', 'c'", "int", "5"), schema("'b', 'a'", "bigint", "6"),
                    "INSERT INTO t (id) VALUES (1), (11)");
}

TEST_CASE("PostgreSQL: a trigger that is disabled on a partition stays so when the bounds move") {
  const auto schema = [](const std::string& end) {
    return "CREATE TABLE t (id int, v text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM "
           "(0) TO (" +
           end +
           "); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER \"t'r\" "
           "AFTER "
           "INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER other AFTER INSERT ON t FOR EACH ROW EXECUTE "
           "FUNCTION f(); ALTER TABLE t1 DISABLE TRIGGER \"t'r\"";
  };
  go_there_and_back(schema("10"), schema("20"), "INSERT INTO t VALUES (1, 'a')");
}

TEST_CASE("PostgreSQL: the copies of a recreated trigger keep their own states in the partitions") {
  const auto schema = [](const std::string& type, const std::string& condition) {
    return "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (id int, "
           "v " +
           type +
           ") PARTITION BY LIST (id); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (id); CREATE "
           "TABLE \"T 11\" PARTITION OF t1 FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2); CREATE "
           "TRIGGER g AFTER INSERT ON t FOR EACH ROW WHEN (" +
           condition +
           ") EXECUTE FUNCTION f(); ALTER TABLE \"T 11\" DISABLE TRIGGER g; ALTER TABLE t2 ENABLE ALWAYS TRIGGER g";
  };
  const std::string rows = "INSERT INTO t VALUES (1, 1), (2, 2)";
  go_there_and_back(schema("int", "NEW.v > 0"), schema("int", "NEW.v > 1"), rows);
  go_there_and_back(schema("int", "NEW.v > 0"), schema("bigint", "NEW.v > 0"), rows);
}

TEST_CASE("PostgreSQL: a change to a column of a partition key is refused with the way round") {
  const auto schema = [](const std::string& values, const std::string& base, const std::string& type) {
    return "CREATE TYPE st AS ENUM (" + values + "); CREATE DOMAIN d AS " + base + "; CREATE TABLE p (id " + type +
           ", s st NOT NULL DEFAULT 'new', v d, w text, x date) PARTITION BY LIST (s); CREATE TABLE p_new PARTITION OF "
           "p "
           "FOR VALUES IN ('new'); CREATE TABLE q (id " +
           type + ", v d) PARTITION BY RANGE (id, (v + 1))";
  };
  const auto is_refused = [&](const std::string& to, const std::string& reason) {
    const std::string text = test::refusal_of(schema("'new', 'old', 'gone'", "int", "int"), to);
    CHECK(text.find(reason) == 0);
    CHECK(text.find("creates a new partitioned table with the new type and its partitions") != std::string::npos);
  };
  is_refused(schema("'new', 'old'", "int", "int"),
             "Column \"s\" of \"p\" is in the partition key of the table, so PostgreSQL cannot convert it to the new "
             "values of enum \"st\".");
  is_refused(schema("'new', 'old', 'gone'", "bigint", "int"),
             "Column \"v\" of \"q\" is in the partition key of the table, so PostgreSQL cannot recreate its type.");
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(schema("'new', 'old'", "int", "int"));
  wanted.query(schema("'new', 'old', 'gone'", "int", "int"));
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(compare(there, wanted, {}).operations.empty());
  CHECK_THROWS_AS(static_cast<void>(change::reversed(change)), Error);
  is_refused(schema("'new', 'old', 'gone'", "int", "bigint"),
             "Column \"id\" of \"q\" is in the partition key of the table, so PostgreSQL cannot change its type.");
}

TEST_CASE("PostgreSQL: a partition for a new value of an enum is refused with the advice to add the value before") {
  const std::string rest = "; CREATE TABLE p (s st) PARTITION BY LIST (s)";
  const std::string text = test::refusal_of(
      "CREATE TYPE st AS ENUM ('a')" + rest,
      "CREATE TYPE st AS ENUM ('a', 'b')" + rest + "; CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b')");
  CHECK(text.find("Add the new value in an earlier migration with ALTER TYPE ... ADD VALUE") != std::string::npos);
}

TEST_CASE("PostgreSQL: bounds move although foreign keys refer to the rows, and these keys come back as they were") {
  const auto schema = [](const std::string& end) {
    return "CREATE TABLE t (id int PRIMARY KEY, up int CONSTRAINT up REFERENCES t) PARTITION BY RANGE (id); CREATE "
           "TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (" +
           end + "); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (" + end +
           ") TO (20) PARTITION BY RANGE (id); CREATE TABLE t21 PARTITION OF t2 FOR VALUES FROM (" + end +
           ") TO (18); CREATE TABLE td PARTITION OF t DEFAULT;"
           "CREATE TABLE f (x int CONSTRAINT fx REFERENCES t ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, y int);"
           "ALTER TABLE f ADD CONSTRAINT late FOREIGN KEY (y) REFERENCES t NOT VALID; COMMENT ON CONSTRAINT late ON f "
           "IS 'later'; CREATE TABLE whole (x int CONSTRAINT wx REFERENCES t2)";
  };
  go_there_and_back(schema("10"), schema("11"),
                    "INSERT INTO t VALUES (1, NULL), (12, 1), (13, 12), (100, 13); INSERT INTO f VALUES (1, 12), (12, "
                    "1), (100, 1); INSERT INTO whole VALUES (12)");
}

TEST_CASE("PostgreSQL: a partition is dropped and made although a foreign key refers to its table") {
  const std::string tables =
      "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) "
      "TO (10); CREATE TABLE f (x int CONSTRAINT fx REFERENCES t);";
  go_there_and_back(tables, tables + "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)",
                    "INSERT INTO t VALUES (1); INSERT INTO f VALUES (1)");
}

TEST_CASE("PostgreSQL: a column that moves between a table and its child can get another type, and keeps its values") {
  const std::string own = "CREATE TABLE p (k int); CREATE TABLE c (x int) INHERITS (p)";
  const std::string inherited = "CREATE TABLE p (k int, x bigint); CREATE TABLE c () INHERITS (p)";
  const fixture::PostgresDatabase there, wanted;
  there.query(own + "; INSERT INTO c VALUES (1, 2)");
  wanted.query(inherited);
  const change::SchemaChange change = test::compare(there, wanted, {});
  test::run_all(there, change.script.up);
  CHECK(test::compare(there, wanted, {}).operations.empty());
  CHECK(there.query("SELECT x FROM p") == "2");
  test::run_all(there, change.script.down);
  CHECK(test::difference(test::dumped_statements(there.url()), test::dump_of_fresh(own)) == "");
  CHECK(there.query("SELECT x FROM c") == "2");
}

TEST_CASE("PostgreSQL: a new table inherits a column that gets another type from two parents") {
  test::go_there_and_back(
      "CREATE TABLE p (x int); CREATE TABLE q (x int)",
      "CREATE TABLE p (x bigint); CREATE TABLE q (x bigint); CREATE TABLE a () INHERITS (q, p); CREATE TABLE b () "
      "INHERITS (a)",
      "INSERT INTO p VALUES (1)");
}

TEST_CASE("PostgreSQL: a column in the partition key of a partition keeps its type") {
  const auto schema = [](const std::string& type) {
    return "CREATE TABLE p (id " + type +
           ", k int) PARTITION BY LIST (k); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (1) PARTITION BY RANGE (id)";
  };
  CHECK(test::refusal_of(schema("int"), schema("bigint"))
            .starts_with("Column \"id\" of \"p2\" is in the partition key of the table, so PostgreSQL cannot change "
                         "its type."));
}

TEST_CASE("PostgreSQL: a column gets the name that it has in the parent which its table joins") {
  const fixture::PostgresDatabase there, wanted;
  there.query("CREATE TABLE p (x int, y int); CREATE TABLE r (x int, y int); INSERT INTO r VALUES (1, 2)");
  wanted.query("CREATE TABLE p (x int, z int); CREATE TABLE r () INHERITS (p)");
  diff::Answers answers;
  answers.column_renames = {{"p", "y", "z"}, {"r", "y", "z"}};
  const change::SchemaChange change = test::compare(there, wanted, answers);
  test::run_all(there, change.script.up);
  CHECK(test::compare(there, wanted, {}).operations.empty());
  CHECK(there.query("SELECT z FROM p") == "2");
  test::run_all(there, change.script.down);
  CHECK(there.query("SELECT y FROM r") == "2");
}

TEST_CASE("PostgreSQL: a new child or partition has parts over a column that its parent gets with it") {
  const std::string parts =
      "CREATE INDEX ON p1 (a); ALTER TABLE p1 ADD CHECK (a > 0), ADD UNIQUE (a, k), ADD PRIMARY KEY (k, a); CREATE "
      "FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER tr BEFORE UPDATE OF "
      "a "
      "ON p1 FOR EACH ROW EXECUTE FUNCTION tf();";
  go_there_and_back("CREATE TABLE p (k int)", "CREATE TABLE p (k int, a int); CREATE TABLE p1 () INHERITS (p);" + parts,
                    "INSERT INTO p VALUES (1)");
  const std::string divided = ") PARTITION BY RANGE (k);";
  go_there_and_back(
      "CREATE TABLE p (k int" + divided,
      "CREATE TABLE p (k int, a int" + divided + "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);" + parts,
      "SELECT 1");
}

TEST_CASE("PostgreSQL: a column comes and goes with a parent that stays, while another one joins or leaves") {
  const std::string rows = "INSERT INTO p2 DEFAULT VALUES; INSERT INTO p1 DEFAULT VALUES";
  go_there_and_back("CREATE TABLE p1 (q int); CREATE TABLE p2 () INHERITS (p1);",
                    "CREATE TABLE p1 (); CREATE TABLE o (w int); CREATE TABLE p2 (w int) INHERITS (p1, o);", rows);
  go_there_and_back(
      "CREATE TABLE p1 (q int, r int); CREATE TABLE p2 (x int) INHERITS (p1);",
      "CREATE TABLE p1 (q bigint, z int DEFAULT 3); CREATE TABLE o (x int); CREATE TABLE p2 (x int) INHERITS "
      "(p1, o);",
      rows);
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query("CREATE TABLE p1 (q int); CREATE TABLE p2 () INHERITS (p1); INSERT INTO p2 VALUES (7)");
  wanted.query("CREATE TABLE p1 (); CREATE TABLE o (q int); CREATE TABLE p2 () INHERITS (p1, o)");
  run_all(there, compare(there, wanted, {}).script.up);
  CHECK(there.query("SELECT q FROM o") == "7");
}
