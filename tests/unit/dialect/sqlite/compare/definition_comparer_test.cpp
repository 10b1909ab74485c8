#include "dialect/sqlite/compare/definition_comparer.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "support/version.h"
#include "unit/fixture/schema_file.h"

using namespace whimbrel;
using File = fixture::SchemaFile;

namespace {

const std::string tables =
    "CREATE TABLE t(a, w, n); CREATE TABLE post(id integer PRIMARY KEY); CREATE TABLE user(id integer PRIMARY KEY, "
    "status); CREATE VIRTUAL TABLE f USING fts5(body);";

std::string view(const std::string& query) { return tables + "CREATE VIEW v " + query; }
std::string trigger(const std::string& body) {
  return tables + "CREATE TRIGGER g AFTER INSERT ON t BEGIN " + body + "; END";
}

bool are_same(const std::string& a, const std::string& b) {
  const File left(a);
  const File right(b);
  const bool is_empty = fixture::way(left, right).empty();
  CHECK(is_empty == fixture::way(right, left).empty());
  return is_empty;
}

/// The first becomes the second, and is then the same.
void check_different(const std::string& a, const std::string& b) {
  CAPTURE(a);
  CAPTURE(b);
  const File there(a);
  const File wanted(b);
  const change::SchemaChange change = fixture::way(there, wanted);
  REQUIRE(!change.empty());
  there.apply(change.script.up);
  CHECK(fixture::way(there, wanted).empty());
  there.apply(change.script.down);
  CHECK(fixture::way(there, File(a)).empty());
}

}  // namespace

TEST_CASE("SQLite: the quotes and the case of names in a view do not matter") {
  CHECK(are_same(view("AS SELECT a FROM Post, t"), view("as  select \"A\" from \"post\", T")));
  CHECK(are_same(view("AS SELECT \"A\" FROM t"), view("AS SELECT \"a\" FROM t")));
  CHECK(are_same(view("AS SELECT a AS new_one FROM t"), view("AS SELECT a AS \"new_one\" FROM t")));
  CHECK(are_same(view("AS SELECT cast(a AS TEXT) AS x FROM t"), view("AS SELECT cast(a AS text) AS x FROM t")));
  CHECK(are_same(view("AS SELECT \"W\", \"Hello\" FROM t"), view("AS SELECT w, 'Hello' FROM t")));
  CHECK(are_same(trigger("UPDATE t SET w = \"Q\""), trigger("UPDATE T SET \"W\" = 'Q'")));
}

TEST_CASE("SQLite: a name in quotes is no keyword") {
  for (const char* const word : {"null", "true", "current_date"}) {
    check_different(view("AS SELECT \"" + std::string(word) + "\" AS h"),
                    view("AS SELECT " + std::string(word) + " AS h"));
  }
}

TEST_CASE("SQLite: a string in double quotes is one although something else has its name") {
  check_different(view("AS SELECT a FROM t WHERE a = \"User\""), view("AS SELECT a FROM t WHERE a = \"user\""));
  check_different(view("AS SELECT \"Hello\" AS h"), view("AS SELECT \"hello\" AS h"));
  check_different(view("AS SELECT \"Hello\" AS h"), view("AS SELECT 'hello' AS h"));
  check_different(view("AS SELECT x'00' AS h"), view("AS SELECT 'x''00' AS h"));
  check_different(trigger("UPDATE t SET a = \"User\""), trigger("UPDATE t SET a = \"user\""));
  check_different(trigger("INSERT INTO t VALUES (\"Hello\", 1, 1)"), trigger("INSERT INTO t VALUES (\"hello\", 1, 1)"));
  check_different(trigger("UPDATE t SET w = \"W\" || \"q\""), trigger("UPDATE t SET w = \"W\" || \"Q\""));
}

TEST_CASE("SQLite: a name in double quotes is no string, whatever it names") {
  check_different(view("AS SELECT \"a\" AS h FROM t"), view("AS SELECT 'a' AS h FROM t"));
  check_different(view("AS SELECT a AS grp, count(*) AS c FROM t GROUP BY \"grp\""),
                  view("AS SELECT a AS grp, count(*) AS c FROM t GROUP BY 'grp'"));
  check_different(view("AS SELECT \"rowid\" AS x FROM user"), view("AS SELECT 'rowid' AS x FROM user"));
  check_different(view("AS SELECT \"body\" AS x FROM f"), view("AS SELECT 'body' AS x FROM f"));
  check_different(trigger("UPDATE user SET status = 'x' WHERE \"rowid\" = NEW.n"),
                  trigger("UPDATE user SET status = 'x' WHERE 'rowid' = NEW.n"));
}

TEST_CASE("SQLite: the case of a view's columns matters, however they are named") {
  check_different(view("AS SELECT a AS Name FROM t"), view("AS SELECT a AS name FROM t"));
  check_different(view("AS SELECT a Foo FROM t"), view("AS SELECT a foo FROM t"));
  check_different(view("(Foo) AS SELECT a FROM t"), view("(foo) AS SELECT a FROM t"));
  check_different(view("AS WITH c(Foo) AS (SELECT a FROM t) SELECT * FROM c"),
                  view("AS WITH c(foo) AS (SELECT a FROM t) SELECT * FROM c"));
  check_different(view("AS SELECT * FROM (SELECT a AS Foo FROM t)"), view("AS SELECT * FROM (SELECT a AS foo FROM t)"));
  check_different(view("AS SELECT * FROM (SELECT 1 AS Foo)"), view("AS SELECT * FROM (SELECT 1 AS foo)"));
}

TEST_CASE("SQLite: the name of an unnamed column is its text, with white space and comments") {
  check_different(view("AS SELECT a+w FROM t"), view("AS SELECT a + w FROM t"));
  check_different(view("AS SELECT a+w FROM t"), view("AS SELECT a+/**/w FROM t"));
  CHECK(are_same(view("AS SELECT a+w FROM t"), view("AS SELECT \"a\"+w  FROM t")));
  CHECK(are_same(view("AS SELECT a+w AS s FROM t"), view("AS SELECT a + w AS s FROM t")));
}

TEST_CASE("SQLite: a string in double quotes that becomes a column is another text") {
  const auto with = [](const std::string& column, const std::string& rest) {
    return "CREATE TABLE t(id integer PRIMARY KEY, a text" + column + ");" + rest;
  };
  const auto read = [](const std::string& text) { return "CREATE VIEW v AS SELECT a FROM t WHERE a <> " + text; };
  const auto fire = [](const std::string& text) {
    return "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = " + text + "; END";
  };
  for (const std::string text : {"'foo'", "\"foo\""}) {
    check_different(with("", read("\"foo\"")), with(", foo text", read(text)));
    check_different(with("", fire("\"foo\"")), with(", foo text", fire(text)));
  }
  const File there(with("", read("\"foo\"") + "; INSERT INTO t VALUES (1, 'x')"));
  there.apply(fixture::way(there, File(with(", foo text", read("'foo'")))).script.up);
  CHECK(there.query("SELECT a FROM v") == "x");
}

TEST_CASE("SQLite: a definition that cannot be read is compared by its text") {
  CHECK(are_same("CREATE TABLE t(a); CREATE VIEW v AS SELECT x FROM nowhere",
                 "CREATE TABLE t(a); CREATE VIEW v AS SELECT  x FROM nowhere"));
  const auto broken = [](const std::string& text) {
    return "CREATE TABLE t(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE gone SET a = " + text + "; END";
  };
  check_different(broken("\"Yes\""), broken("\"YES\""));
  CHECK(are_same(broken("\"Yes\""), broken("\"Yes\"")));
  CHECK(are_same(broken("yes"), broken("Yes")));
  const auto beside = [](const std::string& text) {
    return "CREATE TABLE t(a); CREATE TRIGGER other BEFORE DELETE ON t BEGIN DELETE FROM gone; END; "
           "CREATE TRIGGER g BEFORE DELETE ON t BEGIN UPDATE t SET a = " +
           text + "; END";
  };
  check_different(beside("\"Yes\""), beside("\"YES\""));
  CHECK(are_same(beside("\"Yes\""), beside("'Yes'")));
  for (const std::string& same :
       {std::string("CREATE TABLE t(id integer PRIMARY KEY, a, n); CREATE UNIQUE INDEX i ON t(a); CREATE TABLE log(x); "
                    "CREATE TRIGGER g AFTER INSERT ON log BEGIN INSERT INTO t(a, n) VALUES (NEW.x, \"str\") ON "
                    "CONFLICT(a) DO UPDATE SET n = 1; END"),
        std::string(
            "CREATE TABLE t(a); CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT a FROM t INDEXED BY i WHERE a = "
            "\"str\"")}) {
    CHECK(are_same(same, same));
  }
  CHECK(are_same("CREATE TABLE t(a); CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT a FROM t INDEXED BY i",
                 "CREATE TABLE t(a); CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT \"a\" FROM t INDEXED BY i"));
}

TEST_CASE("SQLite: the message of a trigger is a string") {
  check_different(trigger("SELECT RAISE(ABORT, \"Not Allowed\")"), trigger("SELECT RAISE(ABORT, \"not allowed\")"));
  if (test::has_sqlite(47)) return;  // The message is an expression since then.
  for (const auto& [left, right] : {std::pair("Locked", "LOCKED"), std::pair("`Not Allowed`", "`not allowed`"),
                                    std::pair("[Locked]", "[locked]"), std::pair("Locked", "'locked'")}) {
    check_different(trigger("SELECT RAISE(ABORT, " + std::string(left) + ")"),
                    trigger("SELECT RAISE(ABORT, " + std::string(right) + ")"));
  }
  CHECK(are_same(trigger("SELECT RAISE(ABORT, Locked)"), trigger("SELECT raise(abort, \"Locked\")")));
}
