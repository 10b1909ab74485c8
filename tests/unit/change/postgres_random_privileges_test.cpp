#include <iostream>

#include "support/environment.h"
#include "support/random.h"
#include "unit/change/privileges_there_and_back.h"

// Random owners, grants and default privileges on random objects. WHIMBREL_PRIVILEGE_PAIRS and WHIMBREL_SEED ask for
// more pairs of databases, or for one again.

using namespace whimbrel;

namespace {

using Words = std::vector<std::string>;

struct Kind {
  std::string owner;  ///< Its word in ALTER.
  std::string grant;  ///< Its word in GRANT.
  std::string name;
  std::string creation;
  Words privileges;
};

const Words of_tables = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"TABLE", "TABLE", "t", "CREATE TABLE t (a int, b text, c int GENERATED ALWAYS AS IDENTITY)", of_tables},
      {"TABLE", "TABLE", "s.\"T t\"", "CREATE TABLE s.\"T t\" (a int, b text)", of_tables},
      {"VIEW", "TABLE", "v", "CREATE VIEW v AS SELECT 1 AS a, 2 AS b", of_tables},
      {"MATERIALIZED VIEW", "TABLE", "m", "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 2 AS b", of_tables},
      {"SEQUENCE", "SEQUENCE", "s.q", "CREATE SEQUENCE s.q", {"SELECT", "USAGE", "UPDATE"}},
      {"FUNCTION", "FUNCTION", "f(int)", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", {"EXECUTE"}},
      {"PROCEDURE", "PROCEDURE", "s.p(text)", "CREATE PROCEDURE s.p(x text) LANGUAGE sql AS ''", {"EXECUTE"}},
      {"TYPE", "TYPE", "e", "CREATE TYPE e AS ENUM ('x')", {"USAGE"}},
      {"DOMAIN", "DOMAIN", "s.d", "CREATE DOMAIN s.d AS int", {"USAGE"}}};
  return all;
}

class RandomPrivileges {
 public:
  explicit RandomPrivileges(std::uint64_t seed) : random_(seed) {}

  /// Statements that create objects with owners and privileges.
  std::string make() {
    std::string text = "CREATE SCHEMA s;";
    if (random_.chance(50)) text += defaults();
    for (const Kind& kind : kinds()) {
      if (!random_.chance(75)) continue;
      text += kind.creation + ';';
      if (random_.chance(50)) text += grants(kind);
      if (random_.chance(50)) text += "ALTER " + kind.owner + ' ' + kind.name + " OWNER TO " + role() + ';';
      text += grants(kind);
    }
    const Kind schema{"SCHEMA", "SCHEMA", random_.chance(50) ? "s" : "public", {}, {"USAGE", "CREATE"}};
    text += grants(schema);
    if (random_.chance(30)) text += "ALTER SCHEMA " + schema.name + " OWNER TO " + role() + ';';
    if (random_.chance(50)) text += defaults();
    return text;
  }

 private:
  std::string role() {
    static const Words roles = {"priv_a", "priv_b", "priv_c", "\"PUBLIC\"", "\"priv \"\"q'\"", "postgres"};
    return random_.pick(roles);
  }

  /// ` TO role`, perhaps with grant option.
  std::string to_someone() {
    if (random_.chance(25)) return " TO PUBLIC;";
    return " TO " + role() + (random_.chance(30) ? " WITH GRANT OPTION;" : ";");
  }

  std::string grants(const Kind& kind) {
    std::string text;
    const std::string on = " ON " + kind.grant + ' ' + kind.name;
    for (std::size_t left = random_.below(4); left > 0; --left) {
      const std::string privilege = random_.chance(20) ? "ALL" : random_.pick(kind.privileges);
      if (kind.grant == "TABLE" && random_.chance(40)) {
        static const Words of_columns = {"SELECT", "INSERT", "UPDATE", "REFERENCES"};
        text += "GRANT " + random_.pick(of_columns) + (random_.chance(50) ? " (a)" : " (b)") + on + to_someone();
      } else if (random_.chance(30)) {
        text += "REVOKE " + privilege + on + " FROM " + (random_.chance(50) ? "PUBLIC" : role()) + ';';
      } else {
        text += "GRANT " + privilege + on + to_someone();
      }
    }
    return text;
  }

  std::string defaults() {
    static const Words kinds_of = {"TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"};
    std::string text;
    for (std::size_t left = random_.below(4); left > 0; --left) {
      text += "ALTER DEFAULT PRIVILEGES FOR ROLE " + role();
      if (random_.chance(50)) text += random_.chance(50) ? " IN SCHEMA s" : " IN SCHEMA public";
      const bool grants = random_.chance(70);
      text += (grants ? " GRANT ALL ON " : " REVOKE ALL ON ") + random_.pick(kinds_of) +
              (grants ? to_someone() : " FROM " + (random_.chance(50) ? "PUBLIC" : role()) + ';');
    }
    return text;
  }

  test::Random random_;
};

}  // namespace

TEST_CASE("PostgreSQL: random owners and privileges become others and come back, as pg_dump sees them") {
  const std::uint64_t first = test::number_from_environment("WHIMBREL_SEED", 1);
  const std::uint64_t pairs = test::number_from_environment("WHIMBREL_PRIVILEGE_PAIRS", 5);
  std::cout << "postgres: " << pairs << " pairs of privileges from seed " << first << '\n';
  for (std::uint64_t seed = first; seed < first + pairs; ++seed) {
    CAPTURE(seed);
    RandomPrivileges random(seed);
    const std::string from = random.make();
    test::go_there_and_back_with_privileges(from, random.make());
  }
}
