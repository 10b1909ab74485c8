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
