#include <doctest/doctest.h>

#include "unit/fixture/answers.h"
#include "unit/fixture/schema_file.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Views and triggers to which SQLite's RENAME gives another meaning without an error, and those that DROP COLUMN would
// find unreadable.

using namespace whimbrel;
using fixture::renamed_column;
using fixture::renamed_table;
using fixture::SchemaFile;
using fixture::Trial;

namespace {

/// Makes the first schema the second and again the first; the query returns the same rows at both ends.
void go_there_and_back(const std::string& from, const std::string& to, const std::string& rows,
                       const std::string& query_before, const std::string& query_after,
                       const diff::Answers& answers = {}) {
  CAPTURE(from);
  CAPTURE(to);
  const SchemaFile wanted(to);
  const SchemaFile there(from);
  there.query(rows);
  const SchemaFile first(from);
  const std::string found = there.query(query_before);
  const change::SchemaChange change = way(there, wanted, answers);
  there.apply(change.script.up);
  CHECK(way(there, wanted).empty());
  CHECK(there.query(query_after) == found);
  there.apply(change.script.down);
  CHECK(way(there, first).empty());
  CHECK(there.query(query_before) == found);
}

namespace before {
struct Team {
  std::int32_t id{};
  std::string nick;
  static void describe(Entity<Team>& team) {
    team.primary_column<&Team::id>();
    team.column<&Team::nick>();
  }
};
struct User {
  std::int32_t id{};
  std::string nick;
  static void describe(Entity<User>& user) {
    user.primary_column<&User::id>();
    user.column<&User::nick>();
  }
};
}  // namespace before

namespace after {
struct Team {
  std::int32_t id{};
  std::string handle;
  static void describe(Entity<Team>& team) {
    team.primary_column<&Team::id>();
    team.column<&Team::handle>({.renamed_from = "nick"});
  }
};
struct Person {
  std::int32_t id{};
  std::string nick;
  static void describe(Entity<Person>& person) {
    person.table({.renamed_from = "user"});
    person.primary_column<&Person::id>();
    person.column<&Person::nick>();
  }
};
struct Squad {
  std::int32_t id{};
  std::string nick;
  static void describe(Entity<Squad>& squad) {
    squad.table({.renamed_from = "team"});
    squad.primary_column<&Squad::id>();
    squad.column<&Squad::nick>();
  }
};
}  // namespace after

namespace later {
struct Team {
  std::int32_t id{};
  static void describe(Entity<Team>& team) { team.primary_column<&Team::id>(); }
};
}  // namespace later

}  // namespace

TEST_CASE("a view that RENAME COLUMN would make read a string is restored on the way back") {
  go_there_and_back(
      "CREATE TABLE t (id integer PRIMARY KEY, a text);"
      "CREATE VIEW v1 AS SELECT id, a FROM t; CREATE VIEW v2 AS SELECT \"a\" AS n FROM (SELECT * FROM v1)",
      "CREATE TABLE t (id integer PRIMARY KEY, b text);"
      "CREATE VIEW v1 AS SELECT id, b FROM t; CREATE VIEW v2 AS SELECT \"b\" AS n FROM (SELECT * FROM v1)",
      "INSERT INTO t VALUES (1, 'x')", "SELECT n FROM v2", "SELECT n FROM v2", renamed_column("t", "a", "b"));
}

TEST_CASE("a name that RENAME COLUMN would let another column catch is restored on the way back") {
  go_there_and_back(
      "CREATE TABLE t (a text); CREATE TABLE u (b text); CREATE VIEW v AS SELECT (SELECT a FROM u) AS x FROM t",
      "CREATE TABLE t (a text); CREATE TABLE u (a text); CREATE VIEW v AS SELECT (SELECT t.a FROM u) AS x FROM t",
      "INSERT INTO t VALUES ('x'); INSERT INTO u VALUES ('y')", "SELECT x FROM v", "SELECT x FROM v",
      renamed_column("u", "b", "a"));
}

TEST_CASE("a trigger whose `excluded` RENAME TO would replace keeps it, in both directions") {
  const auto schema = [](const std::string& name) {
    return "CREATE TABLE " + name + " (k integer PRIMARY KEY, a); CREATE TABLE u (k);" +
           "CREATE TRIGGER q AFTER INSERT ON u BEGIN INSERT INTO " + name +
           " VALUES (new.k, 1) ON CONFLICT (k) DO UPDATE SET a = excluded.a; END";
  };
  const std::string upsert = "INSERT INTO u VALUES (1); SELECT a FROM ";
  go_there_and_back(schema("t"), schema("t2"), "INSERT INTO t VALUES (1, 2)", upsert + "t", upsert + "t2",
                    renamed_table("t", "t2"));
}

TEST_CASE("a view with an INSTEAD OF trigger that another view reads follows a rename, in both directions") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE t (" + column + ", c); CREATE VIEW v0 AS SELECT " + column +
           " FROM t; CREATE VIEW v1 AS SELECT " + column +
           " FROM v0; CREATE TRIGGER gi INSTEAD OF INSERT ON v0 BEGIN INSERT INTO t VALUES (new." + column +
           ", 1); END";
  };
  go_there_and_back(schema("d"), schema("r"), "INSERT INTO v0 VALUES (5)", "SELECT d FROM v1", "SELECT r FROM v1",
                    renamed_column("t", "d", "r"));
}

TEST_CASE("a rename that a view or a trigger made by hand cannot follow is refused, and changes nothing") {
  SUBCASE("a view over a view, with quotes that may enclose a string") {
    Trial trial;
    trial.arrive_at(entities<before::Team>());
    trial.query("INSERT INTO team VALUES (1, 'al')");
    trial.query("CREATE VIEW v1 AS SELECT id, nick FROM team");
    trial.query("CREATE VIEW v2 AS SELECT \"nick\" AS n FROM (SELECT * FROM v1)");
    const Error error = fixture::error_of([&] { trial.arrive_at(entities<after::Team>()); });
    CHECK(fixture::mentions(error, "view \"v2\" that reads a name as a string (no such column: "));
    CHECK(trial.query("SELECT n FROM v2") == "al");
  }
  SUBCASE("a view over a view") {
    Trial trial;
    trial.arrive_at(entities<before::Team>());
    trial.query("CREATE VIEW v1 AS SELECT id, nick FROM team; CREATE VIEW v2 AS SELECT nick FROM v1");
    const Error error = fixture::error_of([&] { trial.arrive_at(entities<after::Team>()); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "The change would break \"v2\""));
    CHECK(fixture::mentions(error, "`newmigration`"));
  }
  SUBCASE("an upsert") {
    Trial trial;
    trial.arrive_at(entities<before::Team>());
    trial.query("CREATE TABLE log (id integer PRIMARY KEY, x text)");
    trial.query(
        "CREATE TRIGGER up AFTER INSERT ON log BEGIN INSERT INTO team VALUES (1, new.x) "
        "ON CONFLICT (id) DO UPDATE SET nick = excluded.nick; END");
    const Error error = fixture::error_of([&] { trial.arrive_at(entities<after::Squad>()); });
    CHECK(fixture::mentions(error, "The change would break \"up\""));
    trial.query("INSERT INTO log (x) VALUES ('al'); INSERT INTO log (x) VALUES ('bo')");
    CHECK(trial.query("SELECT nick FROM team") == "bo");
  }
}

TEST_CASE("a dropped column that changes what a trigger made by hand reads is refused, with rows or without") {
  for (const char* const row : {"SELECT 1", "INSERT INTO team VALUES (1, 'al')"}) {
    Trial trial;
    trial.arrive_at(entities<before::Team>());
    trial.query("CREATE TABLE notes (id integer PRIMARY KEY, nick text)");
    trial.query(
        "CREATE TRIGGER g AFTER INSERT ON notes BEGIN DELETE FROM notes WHERE nick IN (SELECT nick FROM team); END");
    trial.query(row);
    const Error error = fixture::error_of([&] { trial.arrive_at(entities<later::Team>()); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "This would change the meaning of trigger \"g\""));
    CHECK_FALSE(fixture::mentions(error, "existing rows"));
  }
}

TEST_CASE("a view that reads a string in double quotes by itself does not stop a rename") {
  Trial trial;
  trial.arrive_at(entities<before::Team>());
  trial.query("INSERT INTO team VALUES (1, 'al')");
  trial.query("CREATE VIEW v AS SELECT \"none\" AS n, nick FROM team");
  trial.arrive_at(entities<after::Team>());
  CHECK(trial.query("SELECT n, handle FROM v") == "none|al");
  trial.revert_last();
  CHECK(trial.query("SELECT n, nick FROM v") == "none|al");
}

TEST_CASE("a column is dropped while a view that others read is replaced") {
  const std::string rest[] = {
      "CREATE VIEW w AS SELECT a FROM v",
      "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET b = (SELECT count(*) FROM v); END",
      "CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE u SET b = (SELECT count(*) FROM v); END",
  };
  for (const std::string& reader : rest) {
    go_there_and_back(
        "CREATE TABLE u (b); CREATE TABLE t (id integer PRIMARY KEY, a, d);"
        "CREATE VIEW v AS SELECT a FROM t; " +
            reader,
        "CREATE TABLE u (b); CREATE TABLE t (id integer PRIMARY KEY, a);"
        "CREATE VIEW v AS SELECT a, 1 AS z FROM t; " +
            reader,
        "INSERT INTO t (id, a) VALUES (1, 2)", "SELECT a FROM v", "SELECT a FROM v");
  }
}

TEST_CASE("a column is dropped while a rebuilt table gets a trigger that reads something new") {
  const std::string news[] = {
      "CREATE VIEW z AS SELECT id FROM u; CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO u SELECT id FROM z; "
      "END",
      "CREATE VIRTUAL TABLE z USING fts5(words);"
      "CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO z (words) VALUES (new.a); END",
  };
  for (const std::string& made : news) {
    go_there_and_back("CREATE TABLE t (pk integer PRIMARY KEY, a); CREATE TABLE u (id, extra)",
                      "CREATE TABLE t (pk integer PRIMARY KEY, a integer); CREATE TABLE u (id);" + made,
                      "INSERT INTO t VALUES (1, 2); INSERT INTO u (id) VALUES (1)", "SELECT a FROM t",
                      "SELECT a FROM t");
  }
}

TEST_CASE("triggers that RENAME TO would change fire in their order, there and back") {
  const auto schema = [](const std::string& name) {
    const auto trigger = [&](const std::string& letter) {
      return "CREATE TRIGGER " + letter + " AFTER INSERT ON u BEGIN INSERT INTO " + name +
             " VALUES (new.k, 1) ON CONFLICT (k) DO UPDATE SET a = excluded.a; END;";
    };
    return "CREATE TABLE " + name + " (k integer PRIMARY KEY, a); CREATE TABLE u (k);" + trigger("q") + trigger("p") +
           trigger("r");
  };
  const std::string order =
      "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid)";
  go_there_and_back(schema("t"), schema("t2"), "", order, order, renamed_table("t", "t2"));
}

TEST_CASE("views and triggers made by hand follow a table whose name other databases reserve") {
  Trial trial;
  trial.arrive_at(entities<before::User>());
  trial.query("INSERT INTO user VALUES (1, 'al')");
  trial.query("CREATE VIEW v AS SELECT id, nick FROM user");
  trial.query("CREATE TABLE log (x text)");
  trial.query("CREATE TRIGGER g AFTER INSERT ON log BEGIN UPDATE user SET nick = new.x; END");
  trial.arrive_at(entities<after::Person>());
  trial.query("INSERT INTO log VALUES ('bo')");
  CHECK(trial.query("SELECT nick FROM v") == "bo");
  trial.revert_last();
  trial.query("INSERT INTO log VALUES ('cy')");
  CHECK(trial.query("SELECT nick FROM v") == "cy");
}
