#include <doctest/doctest.h>

#include "unit/cli/sqlite_shell.h"

// What `diff` prints of SQLite databases, run on a database that is not the first of them.

using namespace whimbrel;
using test::script_between;
using test::Shell;

TEST_CASE("a script that would drop what it does not know with a rebuilt table stops by itself") {
  const Shell from("a.db", "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE INDEX ta ON t (a);");
  const Shell to("b.db", "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL); CREATE INDEX ta ON t (a);");
  const std::string rows = "INSERT INTO t (id, a) VALUES (1, 'x');";
  for (const std::string more :
       {"ALTER TABLE t ADD COLUMN secret; UPDATE t SET secret = 'y';", "CREATE INDEX T2 ON T (id, a);",
        "CREATE TRIGGER tg AFTER INSERT ON t BEGIN SELECT 1; END;"}) {
    for (const bool down : {false, true}) {
      CAPTURE(more);
      CAPTURE(down);
      const Shell& end = down ? to : from;
      const Shell other("c.db", end.dump() + rows + more);
      const std::string before = other.dump();
      bool succeeded = true;
      const std::string said = other.run(script_between(from, to, down), &succeeded);
      CHECK_FALSE(succeeded);
      CHECK(said.find("no columns, indexes and triggers besides those that the script knows") != std::string::npos);
      CHECK(other.dump() == before);
    }
  }
  const Shell same("d.db", "CREATE TABLE T (ID integer PRIMARY KEY, A text); CREATE INDEX TA ON t (a);" + rows);
  bool succeeded = false;
  CHECK(same.run(script_between(from, to), &succeeded).empty());
  CHECK(succeeded);
}
