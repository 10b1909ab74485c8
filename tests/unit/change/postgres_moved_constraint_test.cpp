#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// Check constraints and foreign keys that move between a table and its children under the same name. The server makes
// and drops a parent's in the children, too.

using namespace whimbrel;
using test::go_there_and_back;

namespace {

std::string inheriting(const std::string& parent, const std::string& child) {
  return "CREATE TABLE p (x int, y int); CREATE TABLE q () INHERITS (p); CREATE TABLE r () INHERITS (q);" +
         (parent.empty() ? "" : "ALTER TABLE p ADD CONSTRAINT ck CHECK " + parent + ';') +
         (child.empty() ? "" : "ALTER TABLE q ADD CONSTRAINT ck CHECK " + child + ';');
}

std::string partitioned(const std::string& whole, const std::string& part, const std::string& type = "int") {
  return "CREATE TABLE r (y " + type +
         " PRIMARY KEY); CREATE TABLE p (x int, y int) PARTITION BY LIST (x); CREATE TABLE q PARTITION OF p FOR VALUES "
         "IN (1);" +
         (whole.empty() ? "" : "ALTER TABLE p ADD CONSTRAINT k " + whole + ';') +
         (part.empty() ? "" : "ALTER TABLE q ADD CONSTRAINT k " + part + ';');
}

}  // namespace

TEST_CASE("PostgreSQL: a check constraint moves between a table and its child, and changes with it") {
  const std::string rows = "INSERT INTO q VALUES (1, 7)";
  go_there_and_back(inheriting("(y > 0)", ""), inheriting("", "(y > 0)"), rows);
  go_there_and_back(inheriting("(y > 0)", ""), inheriting("", "(y > 1)"), rows);
  go_there_and_back(inheriting("(y > 0)", ""), inheriting("(y > 0) NO INHERIT", "(y > 1)"), rows);
  go_there_and_back(inheriting("(y > 0)", ""), inheriting("(y > 0) NO INHERIT", "(y > 0)"), rows);
  go_there_and_back(inheriting("(y > 0) NOT VALID", ""), inheriting("", "(y > 9) NOT VALID"), rows);
  go_there_and_back(inheriting("", "(y > 0)"), inheriting("(y > -5)", ""), rows);
}

TEST_CASE("PostgreSQL: a check constraint that a child declares, too, changes with the parent's") {
  const auto schema = [](const std::string& parent, const std::string& child) {
    return "CREATE TABLE p (y int" + parent + "); CREATE TABLE q (" + child + ") INHERITS (p)";
  };
  const std::string before = "CONSTRAINT ck CHECK (y > 0)";
  const std::string after = "CONSTRAINT ck CHECK (y > 5)";
  const std::string rows = "INSERT INTO q VALUES (7)";
  go_there_and_back(schema(", " + before, before), schema("", ""), rows);
  go_there_and_back(schema(", " + before, before), schema(", " + after, after), rows);
  go_there_and_back(schema(", " + before, ""), schema(", " + after, after), rows);
}

TEST_CASE("PostgreSQL: a check constraint of a partition replaces that of its table") {
  const std::string rows = "INSERT INTO p VALUES (1, 7)";
  go_there_and_back(partitioned("CHECK (y > 0)", ""), partitioned("", "CHECK (y > 3)"), rows);
  go_there_and_back(partitioned("CHECK (y > 0)", ""), partitioned("", "CHECK (y > 0)"), rows);
}

TEST_CASE("PostgreSQL: a foreign key of a partition becomes its table's, and comes back") {
  const std::string key = "FOREIGN KEY (y) REFERENCES r (y)";
  const std::string rows = "INSERT INTO r VALUES (7); INSERT INTO p VALUES (1, 7)";
  go_there_and_back(partitioned("", key), partitioned(key, ""), rows);
  go_there_and_back(partitioned(key, ""), partitioned("", key), rows);
  go_there_and_back(partitioned("", key), partitioned(key + " ON DELETE CASCADE", ""), rows);
  go_there_and_back(partitioned("", key), partitioned(key, "", "bigint"), rows);
  go_there_and_back(partitioned(key, "", "bigint"), partitioned("", key), rows);
}

TEST_CASE("PostgreSQL: a check constraint of a parent changes while its child gets or leaves another parent") {
  const auto schema = [](const std::string& check, bool has_other, const std::string& own = "") {
    return "CREATE TABLE a (x int" + (check.empty() ? "" : ", CONSTRAINT k CHECK " + check) +
           "); CREATE TABLE b (y int); CREATE TABLE c (y int) INHERITS (a" + (has_other ? ", b" : "") + ");" +
           (own.empty() ? "" : "ALTER TABLE c ADD CONSTRAINT k CHECK " + own + ';');
  };
  const std::string rows = "INSERT INTO c (x, y) VALUES (5, 6)";
  go_there_and_back(schema("(x > 0)", false), schema("(x > 1)", true), rows);
  go_there_and_back(schema("(x > 0)", false), schema("", true), rows);
  go_there_and_back(schema("", false), schema("(x > 1)", true), rows);
  go_there_and_back(schema("(x > 0)", false), schema("(x > 0)", true), rows);
  go_there_and_back(schema("(x > 0)", false), schema("", true, "(x > 0)"), rows);
  go_there_and_back(schema("(x > 0)", true), schema("", false, "(x > 2)"), rows);
  go_there_and_back(schema("(x > 0)", true, "(x > 0)"), schema("(x > 2)", false, "(x > 2)"), rows);
}

TEST_CASE("PostgreSQL: a check constraint of two parents changes in one that stays or leaves") {
  const auto schema = [](const std::string& first, const std::string& second, const std::string& parents) {
    return "CREATE TABLE a (x int" + first + "); CREATE TABLE b (x int" + second +
           "); CREATE TABLE d (z int); CREATE TABLE c (z int) INHERITS (" + parents + ')';
  };
  const std::string check = ", CONSTRAINT k CHECK (x > 0)";
  const std::string rows = "INSERT INTO c (x, z) VALUES (5, 6)";
  go_there_and_back(schema(check, check, "a, b"), schema("", check, "a, b, d"), rows);
  go_there_and_back(schema(check, check, "a, b, d"), schema("", "", "a, b"), rows);
  go_there_and_back(schema(check, check, "a, b"), schema(", CONSTRAINT k CHECK (x > 2)", "", "a"), rows);
}
