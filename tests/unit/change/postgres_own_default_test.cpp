#include <doctest/doctest.h>

#include <array>

#include "support/environment.h"
#include "unit/change/there_and_back.h"

// What columns of partitions and child tables have of their own: a default, or that they are NOT NULL. The server sets
// both with those of the parent.

using namespace whimbrel;
using test::go_there_and_back;

namespace {

/// Three tables that inherit a column from each other, with a default each.
std::string chain(const std::string& of_first, const std::string& of_second, const std::string& of_third) {
  return "CREATE TABLE par (x int); CREATE TABLE ch () INHERITS (par); CREATE TABLE gch () INHERITS (ch);"
         "ALTER TABLE par ALTER x SET DEFAULT " +
         of_first + "; ALTER TABLE ch ALTER x SET DEFAULT " + of_second + "; ALTER TABLE gch ALTER x SET DEFAULT " +
         of_third;
}

const std::string chain_rows =
    "INSERT INTO par VALUES ('1'); INSERT INTO ch VALUES ('2'); INSERT INTO gch VALUES ('3')";

}  // namespace

TEST_CASE("PostgreSQL: each table of a chain of parents has the default that it should have") {
  const std::vector<std::array<std::string, 3>> chains = {{"1", "1", "1"}, {"2", "2", "2"},    {"1", "9", "9"},
                                                          {"2", "9", "9"}, {"1", "9", "1"},    {"2", "9", "2"},
                                                          {"1", "1", "7"}, {"NULL", "9", "7"}, {"3", "NULL", "NULL"}};
  test::EveryNth is_tried("WHIMBREL_MATRIX_STEP");
  for (const auto& from : chains) {
    for (const auto& to : chains) {
      if (from >= to || !is_tried()) continue;
      go_there_and_back(chain(from[0], from[1], from[2]), chain(to[0], to[1], to[2]), chain_rows);
    }
  }
}

TEST_CASE("PostgreSQL: own defaults keep their places when the type of the column changes") {
  const std::vector<std::array<std::string, 3>> chains = {
      {"", "7", "7"}, {"5", "7", "5"}, {"", "", "8"}, {"1", "1", "1"}, {"3", "", "4"}};
  test::EveryNth is_tried("WHIMBREL_MATRIX_STEP");
  for (const std::string type : {"text", "bigint", "numeric(5,2)"}) {
    const auto schema = [](const std::string& name, const std::array<std::string, 3>& values) {
      std::string sql =
          "CREATE TABLE par (x " + name + "); CREATE TABLE ch () INHERITS (par); CREATE TABLE gch () INHERITS (ch);";
      const std::array<std::string, 3> tables = {"par", "ch", "gch"};
      for (std::size_t i = 0; i < tables.size(); ++i) {
        const std::string quote = name == "text" ? "'" : "";
        const std::string change = values[i].empty() ? "DROP DEFAULT" : "SET DEFAULT " + quote + values[i] + quote;
        sql += "ALTER TABLE " + tables[i] + " ALTER x " + change + ';';
      }
      return sql;
    };
    for (std::size_t i = 0; i < chains.size(); ++i) {
      for (const auto& to : {chains[i], chains[(i + 1) % chains.size()]}) {
        if (!is_tried()) continue;
        go_there_and_back(schema("int", chains[i]), schema(type, to), chain_rows);
      }
    }
  }
}

TEST_CASE("PostgreSQL: own defaults of partitions and of theirs stay or change with the table's") {
  const auto schema = [](const std::string& type, const std::string& whole, const std::string& part,
                         const std::string& subpart) {
    return "CREATE TABLE p (k int, x " + type +
           ") PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN "
           "(1) PARTITION BY LIST (k); CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1); CREATE TABLE p2 PARTITION "
           "OF p FOR VALUES IN (2); ALTER TABLE p ALTER x SET DEFAULT " +
           whole + "; ALTER TABLE p1 ALTER x SET DEFAULT " + part + "; ALTER TABLE p11 ALTER x SET DEFAULT " + subpart;
  };
  const std::string rows = "INSERT INTO p VALUES (1, '1'), (2, '2')";
  go_there_and_back(schema("int", "1", "9", "9"), schema("int", "2", "9", "9"), rows);
  go_there_and_back(schema("int", "1", "9", "9"), schema("int", "2", "2", "1"), rows);
  go_there_and_back(schema("text", "'p'", "'q'", "'q'"), schema("int", "5", "6", "6"), rows);
  go_there_and_back(schema("int", "NULL", "7", "7"), schema("text", "NULL", "7", "8"), rows);
  go_there_and_back("SELECT 1", schema("int", "2", "9", "9"), "SELECT 1");
  go_there_and_back("SELECT 1", schema("int", "2", "9", "2"), "SELECT 1");
}

TEST_CASE("PostgreSQL: a default that one side declares and the other sets later is the same one") {
  const auto schema = [](const std::string& child) {
    return "CREATE TABLE a1 (x int DEFAULT 1); CREATE TABLE c " + child;
  };
  const std::string set = "() INHERITS (a1); ALTER TABLE c ALTER x SET DEFAULT 7";
  const std::string declared = "(x int DEFAULT 7) INHERITS (a1)";
  CHECK(test::script_of(schema(set), schema(declared)) == "");
  CHECK(test::script_of(schema(declared), schema(set)) == "");
  CHECK(test::script_of(schema(set), schema("(x int DEFAULT 8) INHERITS (a1)")) ==
        "ALTER TABLE \"c\" ALTER COLUMN \"x\" DROP DEFAULT, ALTER COLUMN \"x\" SET DEFAULT 8;\n");
  CHECK(test::script_of(schema(declared), schema("() INHERITS (a1)")) ==
        "ALTER TABLE \"c\" ALTER COLUMN \"x\" DROP DEFAULT, ALTER COLUMN \"x\" SET DEFAULT 1;\n");
}

TEST_CASE("PostgreSQL: a table keeps its default when it joins and leaves parents with other ones") {
  const auto schema = [](const std::string& parents) {
    return "CREATE TABLE a1 (x int DEFAULT 1); CREATE TABLE a3 (x int); CREATE TABLE a4 (x int DEFAULT 4); CREATE "
           "TABLE c (x int DEFAULT 1)" +
           parents;
  };
  go_there_and_back(schema(" INHERITS (a1)"), schema(" INHERITS (a1, a3)"), "INSERT INTO c VALUES (1)");
  go_there_and_back(schema(" INHERITS (a1)"), schema(" INHERITS (a4)"), "INSERT INTO c VALUES (1)");
  go_there_and_back(schema(" INHERITS (a3)"), schema(" INHERITS (a3, a4, a1)"), "INSERT INTO c VALUES (1)");
  CHECK(test::script_of(schema(" INHERITS (a1, a3)"), schema(" INHERITS (a3, a1)")) == "");
}

TEST_CASE("PostgreSQL: a table that joins a parent before another one gets no other default, and loses none again") {
  const auto schema = [](const std::string& parents) {
    return "CREATE TABLE a1 (x int DEFAULT 1); CREATE TABLE a3 (x int); CREATE TABLE c () INHERITS (" + parents + ")";
  };
  const fixture::PostgresDatabase there, wanted;
  there.query(schema("a1"));
  wanted.query(schema("a3, a1"));
  const std::string value = "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'c'::regclass";
  const change::SchemaChange change = test::compare(there, wanted, {});
  test::run_all(there, change.script.up);
  CHECK(there.query(value) == "1");
  CHECK(test::compare(there, wanted, {}).operations.empty());
  test::run_all(there, change.script.down);
  CHECK(there.query(value) == "1");
}

TEST_CASE("PostgreSQL: what an own default uses is recreated") {
  const auto function = [](const std::string& type, const std::string& of_parent) {
    return "CREATE FUNCTION f(a int) RETURNS " + type + " LANGUAGE sql IMMUTABLE AS 'SELECT $1::" + type +
           "'; CREATE TABLE par (a int DEFAULT " + of_parent +
           "); CREATE TABLE ch () INHERITS (par); ALTER TABLE ch ALTER a SET DEFAULT f(3); CREATE TABLE gch () "
           "INHERITS (ch); CREATE TABLE other () INHERITS (par); ALTER TABLE other ALTER a SET DEFAULT 9; CREATE TABLE "
           "declared (a int DEFAULT 8) INHERITS (par)";
  };
  const std::string rows = "INSERT INTO ch VALUES (1)";
  go_there_and_back(function("int", "NULL"), function("bigint", "NULL"), rows);
  go_there_and_back(function("int", "f(1)"), function("bigint", "f(1)"), rows);
  go_there_and_back(function("int", "f(1)"), function("bigint", "2"), rows);
  const auto over_enum = [](const std::string& values, const std::string& of_parent, const std::string& own) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE q (a e DEFAULT " + of_parent +
           "); CREATE TABLE q1 () INHERITS (q); CREATE TABLE q2 () INHERITS (q1); ALTER TABLE q1 ALTER a SET DEFAULT " +
           own + "; CREATE TABLE q3 (a e DEFAULT 'a') INHERITS (q)";
  };
  const std::string values = "INSERT INTO q1 VALUES ('b'); INSERT INTO q2 VALUES ('a')";
  go_there_and_back(over_enum("'a', 'b', 'c'", "NULL", "'b'"), over_enum("'a', 'b'", "NULL", "'b'"), values);
  go_there_and_back(over_enum("'a', 'b', 'c'", "'a'", "'c'"), over_enum("'b', 'a'", "'a'", "'b'"), values);
  go_there_and_back(over_enum("'a', 'b', 'c'", "NULL", "'b'"), over_enum("'b', 'a'", "'a'", "NULL"), values);
  const auto over_domain = [](const std::string& base, const std::string& of_parent, const std::string& own) {
    return "CREATE DOMAIN d AS " + base + "; CREATE TABLE p (x d" + of_parent +
           "); CREATE TABLE c () INHERITS (p); CREATE TABLE g () INHERITS (c); ALTER TABLE c ALTER x SET DEFAULT " +
           own;
  };
  go_there_and_back(over_domain("int", "", "3"), over_domain("bigint", "", "3"), "INSERT INTO c VALUES (1)");
  go_there_and_back(over_domain("int", " DEFAULT 1", "3"), over_domain("bigint", " DEFAULT 2", "4"),
                    "INSERT INTO c VALUES (1)");
}

TEST_CASE("PostgreSQL: a child keeps its own default when the parent's column begins to count") {
  const std::string children =
      "; CREATE TABLE ch () INHERITS (par); ALTER TABLE ch ALTER x SET DEFAULT 7; CREATE TABLE gch () INHERITS (ch); "
      "CREATE TABLE heir () INHERITS (par)";
  const std::string plain = "CREATE TABLE par (x int NOT NULL)" + children;
  go_there_and_back(plain, "CREATE TABLE par (x serial)" + children, "INSERT INTO ch VALUES (1)");
  go_there_and_back("CREATE TABLE par (x serial)" + children, "CREATE TABLE par (x bigserial)" + children,
                    "INSERT INTO ch VALUES (1)");
}

TEST_CASE("PostgreSQL: a column that parent and child get together has both defaults") {
  const auto schema = [](const std::string& column, const std::string& rest) {
    return "CREATE TABLE par (a int" + column +
           "); CREATE TABLE ch () INHERITS (par); CREATE TABLE gch () INHERITS (ch);" + rest;
  };
  go_there_and_back(schema("", ""), schema(", x int DEFAULT 2", "ALTER TABLE ch ALTER x SET DEFAULT 9"),
                    "INSERT INTO gch VALUES (1)");
}

TEST_CASE("PostgreSQL: own defaults follow renames") {
  const auto schema = [](const std::string& column, const std::string& table, const std::string& value) {
    return "CREATE TABLE par (" + column + " int DEFAULT " + value + "); CREATE TABLE " + table +
           " () INHERITS (par); CREATE TABLE gch () INHERITS (" + table + "); ALTER TABLE " + table + " ALTER " +
           column + " SET DEFAULT 9";
  };
  diff::Answers answers;
  answers.column_renames.push_back({"par", "x", "y"});
  answers.table_renames.push_back({"ch", "kid"});
  go_there_and_back(schema("x", "ch", "1"), schema("y", "kid", "2"), "INSERT INTO gch VALUES (1)", answers);
}

TEST_CASE("PostgreSQL: a child stays NOT NULL of its own when its parent no longer is") {
  const auto chain_of = [](const std::string& of_first, const std::string& of_second, const std::string& of_third) {
    const auto change = [](const std::string& table, const std::string& nullability) {
      return nullability.empty() ? "" : "ALTER TABLE " + table + " ALTER x SET " + nullability + ';';
    };
    return "CREATE TABLE par (x int); CREATE TABLE ch () INHERITS (par); CREATE TABLE gch () INHERITS (ch);" +
           change("par", of_first) + change("ch", of_second) + change("gch", of_third);
  };
  const std::string rows = "INSERT INTO par VALUES (1); INSERT INTO ch VALUES (2); INSERT INTO gch VALUES (3)";
  const std::string is = "NOT NULL";
  // From version 18 on, NOT NULL that both parent and child were given is dumped at both.
  const auto check_states = [&](const std::string& from, const std::string& to) {
    const fixture::PostgresDatabase there, wanted;
    there.query(from + rows);
    wanted.query(to);
    const std::string states =
        "SELECT string_agg(attrelid::regclass || ' ' || attnotnull, ', ' ORDER BY attrelid::regclass::text) FROM "
        "pg_attribute WHERE attname = 'x' AND attrelid IN ('par'::regclass, 'ch'::regclass, 'gch'::regclass)";
    const std::string before = there.query(states);
    const change::SchemaChange change = test::compare(there, wanted, {});
    test::run_all(there, change.script.up);
    CHECK(there.query(states) == wanted.query(states));
    CHECK(test::compare(there, wanted, {}).operations.empty());
    test::run_all(there, change.script.down);
    CHECK(there.query(states) == before);
  };
  check_states(chain_of("", is, ""), chain_of(is, "", ""));
  check_states(chain_of("", "", is), chain_of(is, "", ""));
  check_states(chain_of("", "", is), chain_of("", is, ""));
  go_there_and_back(chain_of("", "", ""), chain_of("", is, ""), rows);
  go_there_and_back("SELECT 1", chain_of("", is, ""), "SELECT 1");
  const auto partitions = [](const std::string& changes) {
    return "CREATE TABLE p (k int, x int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) "
           "PARTITION BY LIST (k); CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p "
           "FOR VALUES IN (2);" +
           changes;
  };
  const std::string values = "INSERT INTO p VALUES (1, 1), (2, 2)";
  const std::string whole = partitions("ALTER TABLE p ALTER x SET NOT NULL");
  go_there_and_back(partitions("ALTER TABLE p1 ALTER x SET NOT NULL"), whole, values);
  go_there_and_back(partitions("ALTER TABLE p11 ALTER x SET NOT NULL; ALTER TABLE p2 ALTER x SET NOT NULL"), whole,
                    values);
  go_there_and_back(partitions("ALTER TABLE p11 ALTER x SET NOT NULL"), partitions(""), values);
  go_there_and_back("SELECT 1", partitions("ALTER TABLE p1 ALTER x SET NOT NULL"), "SELECT 1");
}
