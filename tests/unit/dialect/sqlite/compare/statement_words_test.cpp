#include "dialect/sqlite/compare/statement_words.h"

#include <doctest/doctest.h>

#include "unit/dialect/sqlite/open.h"
#include "unit/fixture/schema_file.h"

using namespace whimbrel;
using dialect::sqlite::Names;
using dialect::sqlite::same_words;
using File = fixture::SchemaFile;

namespace {

bool same(const std::string& a, const std::string& b) {
  const Names names = {"t", "a", "post"};
  CHECK(same_words(a, b, names) == same_words(b, a, names));
  return same_words(a, b, names);
}

}  // namespace

TEST_CASE("the quotes and the case of names do not matter") {
  CHECK(same("AS SELECT a FROM Post", "as  select \"A\" from \"post\""));
  CHECK(same("AS SELECT \"A\" FROM t", "AS SELECT \"a\" FROM t"));
  CHECK(same("AS SELECT new_one FROM t", "AS SELECT \"new_one\" FROM t"));
  CHECK(same("AS SELECT cast(a AS TEXT) FROM t", "AS SELECT cast(a AS text) FROM t"));
}

TEST_CASE("a name in quotes is no keyword") {
  for (const char* const word : {"null", "true", "current_date"}) {
    CAPTURE(word);
    CHECK_FALSE(same("AS SELECT \"" + std::string(word) + "\" AS h", "AS SELECT " + std::string(word) + " AS h"));
  }
}

TEST_CASE("a text in double quotes that is no name is a string") {
  CHECK_FALSE(same("AS SELECT \"Hello\" AS h", "AS SELECT \"hello\" AS h"));
  CHECK(same("AS SELECT \"Hello\" AS h", "AS SELECT 'Hello' AS h"));
  CHECK_FALSE(same("AS SELECT \"Hello\" AS h", "AS SELECT 'hello' AS h"));
  CHECK_FALSE(same("AS SELECT \"a\" AS h", "AS SELECT 'a' AS h"));
  CHECK_FALSE(same("AS SELECT x'00' AS h", "AS SELECT 'x''00' AS h"));
}

TEST_CASE("the case of a result column matters") {
  CHECK_FALSE(same("AS SELECT a AS Name FROM t", "AS SELECT a AS name FROM t"));
  CHECK(same("AS SELECT a AS Name FROM t", "AS SELECT a AS \"Name\" FROM t"));
}

TEST_CASE("the names of a database are those of its tables, views and columns") {
  const auto connection = test::open_memory();
  connection->run("CREATE TABLE Post(Id); CREATE VIEW v AS SELECT id AS other FROM post");
  const Names names = dialect::sqlite::names_in(*connection);
  CHECK(names.size() == 3);
  for (const char* const name : {"id", "post", "v"}) CHECK(names.contains(name));
}

TEST_CASE("SQLite: views and triggers that mean something else differ") {
  const std::string table = "CREATE TABLE t(a, w);";
  const auto view = [&](const std::string& query) { return table + "CREATE VIEW v AS SELECT " + query + " FROM t"; };
  const auto trigger = [&](const std::string& body) {
    return table + "CREATE TRIGGER g AFTER INSERT ON t BEGIN " + body + "; END";
  };
  const std::vector<std::pair<std::string, std::string>> different = {
      {view("\"null\" AS h"), view("null AS h")},
      {view("\"Hello\""), view("\"hello\"")},
      {view("a AS Name"), view("a AS name")},
      {trigger("INSERT INTO t VALUES (\"Hello\", 1)"), trigger("INSERT INTO t VALUES (\"hello\", 1)")},
      {trigger("UPDATE t SET w = \"W\" || \"q\""), trigger("UPDATE t SET w = \"W\" || \"Q\"")}};
  for (const auto& pair : different) {
    CAPTURE(pair.second);
    const File file(pair.first);
    const run::SchemaChange there = fixture::way(file, File(pair.second));
    CHECK(!there.empty());
    file.apply(there.script.up);
    CHECK(fixture::way(file, File(pair.second)).empty());
  }
  CHECK(fixture::way(File(view("\"W\", \"Hello\"")), File(view("w, 'Hello'"))).empty());
}
