#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

// The values of sets, which the server replaces like those of enums.

using namespace whimbrel;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::failure;
using test::mysql::go_there_and_back;
using test::mysql::run_all;
using test::mysql::values;

namespace {

std::string table(const std::string& type) {
  return "CREATE TABLE t (id int PRIMARY KEY, e " + type + ") CHARACTER SET utf8mb4";
}

struct Change {
  std::string before, after, refused, kept;
};

}  // namespace

TEST_CASE("MariaDB and MySQL: a value that a set lacks does not become another one") {
  for (const Change& change : std::vector<Change>{{"set('a','3')", "set('a','b','c')", "3", "a"},
                                                  {"set('a','3')", "set('a','b','c')", "a,3", ""},
                                                  {"set('a','\xC3\xA9')", "set('a','e')", "\xC3\xA9", "a"},
                                                  {"varchar(9)", "set('x','a','\xC3\xA9')", "3", "x,a"},
                                                  {"varchar(9)", "set('x','a','\xC3\xA9')", "e", "\xC3\xA9"},
                                                  {"varchar(9)", "set('x','a','\xC3\xA9')", "a ", "x,a,\xC3\xA9"},
                                                  {"varchar(9)", "set('x','a')", " ", ""},
                                                  {"varchar(9)", "set('x','a')", ",", "a"},
                                                  {"enum('A','b')", "set('a','b')", "A", "b"},
                                                  {"set('a','b')", "enum('a','b')", "a,b", "b"}}) {
    CAPTURE(change.before);
    CAPTURE(change.refused);
    const Database there;
    const Database wanted;
    there.query(table(change.before));
    wanted.query(table(change.after));
    there.query("INSERT INTO t VALUES (1, '" + change.refused + "'), (2, '" + change.kept + "'), (3, NULL)");
    const std::vector<sql::Statement> up = compare(there.url(), wanted.url()).script.up;
    CHECK(failure(there, up).find("whimbrel_") != std::string::npos);
    CHECK(there.value("SELECT e FROM t WHERE id = 1") == change.refused);
    there.query("DELETE FROM t WHERE id = 1");
    run_all(there, up);
    CHECK(values(there) == change.kept + " NULL");
    CHECK(compare(there.url(), wanted.url()).operations.empty());
  }
}

TEST_CASE("MariaDB and MySQL: a set that keeps its values loses none, wherever new ones stand") {
  const Database there;
  const Database wanted;
  there.query(table("set('a','b')") + "; INSERT INTO t VALUES (1, 'a,b'), (2, 'b')");
  wanted.query(table("set('c','b','a')"));
  const change::SchemaChange change = compare(there.url(), wanted.url());
  CHECK(change.losses.empty());
  CHECK(change.script.up.size() == 1);
  run_all(there, change.script.up);
  CHECK(values(there) == "b,a b");
  run_all(there, change.script.down);
  CHECK(values(there) == "a,b b");
}
