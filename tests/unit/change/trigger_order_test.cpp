#include <doctest/doctest.h>

#include "unit/fixture/schema_file.h"

// SQLite: triggers fire in an order that follows their creation.

using namespace whimbrel;
using fixture::way;
using File = fixture::SchemaFile;

namespace {

/// Each trigger writes its text.
std::string schema(const std::vector<std::pair<std::string, std::string>>& triggers) {
  std::string sql = "CREATE TABLE t(a); CREATE TABLE log(x);";
  for (const auto& [name, text] : triggers) {
    sql += "CREATE TRIGGER " + name + " AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('" + text + "'); END;";
  }
  return sql;
}

std::string fired(const File& file) {
  return file.query("DELETE FROM log; INSERT INTO t VALUES (1); SELECT group_concat(x) FROM log");
}

void go_there_and_back(const std::string& from, const std::string& to) {
  CAPTURE(to);
  const File file(from);
  const File wanted(to);
  const change::SchemaChange there = way(file, wanted);
  CHECK(!there.empty());
  file.apply(there.script.up);
  CHECK(way(file, wanted).empty());
  CHECK(fired(file) == fired(wanted));
  file.apply(there.script.down);
  CHECK(fired(file) == fired(File(from)));
}

}  // namespace

TEST_CASE("SQLite: triggers keep their order when one of them changes, is added or dropped") {
  const std::string from = schema({{"a1", "1"}, {"a2", "2"}, {"a3", "3"}});
  go_there_and_back(from, schema({{"a1", "1"}, {"a2", "two"}, {"a3", "3"}}));
  go_there_and_back(from, schema({{"a1", "one"}, {"a2", "2"}, {"a3", "3"}}));
  go_there_and_back(from, schema({{"a1", "1"}, {"a3", "3"}}));
  go_there_and_back(from, schema({{"a1", "1"}, {"new", "0"}, {"a2", "2"}, {"a3", "3"}}));
  go_there_and_back(from, schema({{"a3", "3"}, {"a2", "2"}, {"a1", "1"}}));
  go_there_and_back(from, schema({{"a1", "1"}, {"a2", "2"}, {"a3", "3"}, {"a4", "4"}}));
}

TEST_CASE("SQLite: triggers that come before the change stay") {
  const File file(schema({{"a1", "1"}, {"a2", "2"}, {"a3", "3"}}));
  const change::SchemaChange there = way(file, File(schema({{"a1", "1"}, {"a2", "2"}, {"a3", "three"}})));
  CHECK(there.script.up.size() == 2);
}

TEST_CASE("SQLite: the order of triggers that do not fire together does not matter") {
  const auto one = [](const std::string& name, const std::string& when) {
    return "CREATE TRIGGER " + name + ' ' + when + " ON t BEGIN INSERT INTO log VALUES ('" + name + "'); END;";
  };
  const std::string tables = "CREATE TABLE t(a, b); CREATE TABLE log(x);";
  const std::string before = one("p", "BEFORE INSERT");
  const std::string after = one("q", "AFTER INSERT");
  const std::string update = one("r", "AFTER UPDATE OF a");
  const File file(tables + before + after + update);
  CHECK(way(file, File(tables + update + after + before)).empty());
  const change::SchemaChange there = way(file, File(tables + update + after + one("s", "AFTER UPDATE OF b") + before));
  CHECK(there.script.up.size() == 1);
  const File reordered(tables + one("s", "AFTER UPDATE OF b") + before + after + update);
  CHECK(way(reordered, File(tables + update + one("s", "AFTER UPDATE OF b") + after + before)).script.up.size() == 4);
}
