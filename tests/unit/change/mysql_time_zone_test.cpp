#include <doctest/doctest.h>

#include <chrono>

#include "unit/change/mysql_there_and_back.h"
#include "unit/fixture/answers.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// What the server computes from times in the zone of the session, while a change copies or updates the rows.

using namespace whimbrel;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::run_all;

namespace {

/// The zone of programs that set none.
class ServerZone {
 public:
  explicit ServerZone(const std::string& zone) { test::mysql_server().run("SET GLOBAL time_zone = '" + zone + "'"); }
  ServerZone(const ServerZone&) = delete;
  ServerZone& operator=(const ServerZone&) = delete;
  ~ServerZone() { test::mysql_server().run("SET GLOBAL time_zone = DEFAULT"); }
};

/// A program's row, one hour after the beginning of a year there, and five before it in UTC.
constexpr const char* row =
    "SET time_zone = '+06:00'; INSERT INTO t (id, created) VALUES (1, '2020-01-01 01:00:00'); SET time_zone = '+00:00'";

std::string rows(const Database& database, const std::string& columns) {
  return database.value("SELECT CONCAT_WS(' ', " + columns + ") FROM t");
}

/// Returns the notes on the way there. On it and back, the values of the columns stay.
std::vector<std::string> keep(const std::string& from, const std::string& to, const std::string& columns,
                              const diff::Answers& answers = {}) {
  CAPTURE(from);
  CAPTURE(to);
  const ServerZone zone("+06:00");
  const Database there;
  const Database wanted;
  there.query(from);
  wanted.query(to);
  there.query(row);
  const std::string before = rows(there, columns);
  const change::SchemaChange change = compare(there.url(), wanted.url(), answers);
  CHECK_FALSE(change.script.up.empty());
  run_all(there, change.script.up);
  CHECK(there.value("SELECT @@time_zone") == "+00:00");
  CHECK(rows(there, columns) == before);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  run_all(there, change.script.down);
  CHECK(rows(there, columns) == before);
  return change.notes;
}

std::string table(const std::string& columns) {
  return "CREATE TABLE t (id int PRIMARY KEY, created timestamp NOT NULL, " + columns + ")";
}

/// A trigger that computes the day in which the row changed.
constexpr const char* day_trigger =
    "; CREATE TRIGGER tb BEFORE UPDATE ON t FOR EACH ROW SET NEW.day = DATE(NEW.created)";

bool has(const std::vector<std::string>& notes, const std::string& words) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

namespace earlier {

enum class Kind { a, b };

struct Visit {
  std::int32_t id{};
  Kind kind{};
  std::chrono::sys_seconds at{};
  std::optional<std::string> day{};

  static void describe(Entity<Visit>& visit) {
    visit.primary_generated<&Visit::id>();
    visit.column<&Visit::kind>();
    visit.column<&Visit::at>({.with_time_zone = true});
    visit.column<&Visit::day>({.length = 40, .computed = "date(at)", .stored = true});
  }
};

}  // namespace earlier

namespace later {

enum class Kind { b, a };

struct Visit {
  std::int32_t id{};
  Kind kind{};
  std::chrono::sys_seconds at{};
  std::optional<std::string> day{};

  static void describe(Entity<Visit>& visit) {
    visit.primary_generated<&Visit::id>();
    visit.column<&Visit::kind>();
    visit.column<&Visit::at>({.with_time_zone = true});
    visit.column<&Visit::day>({.length = 40, .computed = "date(at)", .stored = true});
  }
};

}  // namespace later

}  // namespace

TEST_CASE("MariaDB and MySQL: a migration of a table that computes by local time is verified, and replayed") {
  const std::string url = test::mysql_server().fresh_database();
  fixture::Trial trial(nullptr, "", url);
  trial.arrive_at(entities<earlier::Visit>());
  const change::SchemaChange change = trial.arrive_at(entities<later::Visit>());
  const auto texts = fixture::texts(change.script.up);
  CHECK(std::count(texts.begin(), texts.end(), "SET time_zone = @@GLOBAL.time_zone") == 1);
  CHECK(trial.is_at(entities<later::Visit>()));
  trial.revert_last();
  CHECK(trial.is_at(entities<earlier::Visit>()));
}

TEST_CASE("MariaDB and MySQL: what is computed by local time is computed in the zone of the server") {
  const std::string day = "day date AS (DATE(created)) STORED";
  const std::vector<std::string> notes =
      keep(table("a int, KEY (day), " + day), table("a bigint, KEY (day), " + day), "created, day");
  const std::string note =
      "recomputes the time-zone-dependent parts of table \"t\" in the server's zone (@@GLOBAL.time_zone)";
  CHECK(std::count(notes.begin(), notes.end(), note) == 1);
  keep(table("a int, " + day), table("b bigint, " + day), "created, day", fixture::renamed_column("t", "a", "b"));
  keep(table("a int, " + day), "CREATE TABLE t (id bigint PRIMARY KEY, created timestamp NOT NULL, a int, " + day + ')',
       "created, day");
  diff::Answers answers;
  answers.backfills[{"t", "b"}] = "5";
  keep(table("a int, " + day), table("a int, b int NOT NULL, " + day), "created, day", answers);
  // From a virtual column, in an index, and in a check.
  keep(table("a int, d date AS (DATE(created)) VIRTUAL, y int AS (YEAR(d)) STORED"),
       table("a bigint, d date AS (DATE(created)) VIRTUAL, y int AS (YEAR(d)) STORED"), "created, y");
  keep(table("a int, d date AS (DATE(created)) VIRTUAL, KEY (d)"),
       table("a bigint, d date AS (DATE(created)) VIRTUAL, KEY (d)"), "created, (SELECT d FROM t WHERE d > 0)");
  keep(table("a int, CHECK (HOUR(created) = 1)"), table("a bigint, CHECK (HOUR(created) = 1)"), "created");
  const std::string number =
      is_mariadb() ? "n int AS (UNIX_TIMESTAMP(d)) STORED" : "n int AS (HOUR(FROM_UNIXTIME(1))) STORED";
  keep(table("a int, d datetime DEFAULT '2020-01-01 01:00:00', " + number),
       table("a bigint, d datetime DEFAULT '2020-01-01 01:00:00', " + number), "n");
}

TEST_CASE("MariaDB and MySQL: a column that begins to be computed by local time has that of the server") {
  const ServerZone zone("+06:00");
  const Database first;
  const Database second;
  first.query(table("a int"));
  first.query(row);
  second.query(table("a int, day date AS (DATE(created)) STORED"));
  run_all(first, compare(first.url(), second.url()).script.up);
  CHECK(rows(first, "created, day") == "2019-12-31 19:00:00 2020-01-01");
}

TEST_CASE("MariaDB and MySQL: the default of a new column is computed for its rows in the zone of the server") {
  const ServerZone zone("+06:00");
  const Database first;
  const Database second;
  first.query(table("a int"));
  first.query(row);
  second.query(
      table("a bigint, h int NOT NULL DEFAULT (HOUR(created)), d date DEFAULT (CAST(created AS date)), "
            "u bigint DEFAULT (UNIX_TIMESTAMP('2020-01-01 06:00:00')), at datetime NOT NULL DEFAULT "
            "CURRENT_TIMESTAMP, l timestamp NOT NULL DEFAULT '2020-02-02 00:00:00'"));
  run_all(first, compare(first.url(), second.url()).script.up);
  CHECK(compare(first.url(), second.url()).operations.empty());
  CHECK(rows(first, "h, d, u, l") == "1 2020-01-01 1577836800 2020-02-02 00:00:00");
  CHECK(rows(first, "ROUND(TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), at) / 60)") == "6");
}

TEST_CASE("MariaDB and MySQL: times that a change gives are in UTC, also where others are computed by local time") {
  const ServerZone zone("+06:00");
  const std::string day = ", day date AS (DATE(created)) STORED";
  for (const std::string renamed : {"t", "s"}) {
    const Database first;
    const Database second;
    first.query(table("a timestamp NULL" + day));
    first.query(row);
    first.query("UPDATE t SET a = '2020-05-05 01:00:00'");
    first.query("SET time_zone = '+06:00'; UPDATE t SET id = 2; SET time_zone = '+00:00'");
    second.query(table("a datetime, b timestamp NOT NULL DEFAULT '2020-01-01 00:00:00'" + day));
    if (renamed != "t") second.query("RENAME TABLE t TO s");
    run_all(first, compare(first.url(), second.url(), fixture::renamed_table("t", renamed)).script.up);
    CHECK(compare(first.url(), second.url()).operations.empty());
    if (renamed != "t") first.query("RENAME TABLE s TO t");
    CHECK(rows(first, "a, b, created, day") ==
          "2020-05-05 01:00:00 2020-01-01 00:00:00 2019-12-31 19:00:00 2020-01-01");
  }
}

TEST_CASE("MariaDB and MySQL: what a change in UTC computed is computed anew before anything else can fail") {
  const ServerZone zone("+06:00");
  const Database first;
  const Database second;
  const std::string day = ", s enum('x', 'y'), day date AS (DATE(created)) STORED";
  const std::string failing = "; CREATE TABLE u (id int PRIMARY KEY, s enum('x', 'y'))";
  first.query(table("a datetime" + day) + failing + "; INSERT INTO u VALUES (1, 'y')");
  first.query(row);
  first.query("UPDATE t SET s = 'y'");
  first.query("SET time_zone = '+06:00'; UPDATE t SET id = 2; SET time_zone = '+00:00'");
  second.query("CREATE TABLE t (id int PRIMARY KEY, created timestamp NOT NULL, a timestamp NULL, s enum('x'), " +
               std::string("day date AS (DATE(created)) STORED); CREATE TABLE u (id int PRIMARY KEY, s enum('x'))"));
  // First of the same table, then of the other one.
  for (const char* const end : {"UPDATE t SET s = 'x'", "UPDATE u SET s = 'x'"}) {
    bool has_failed = false;
    for (const sql::Statement& statement : compare(first.url(), second.url()).script.up) {
      try {
        first.query(statement.sql);
      } catch (const Error&) {
        has_failed = true;
        break;
      }
    }
    CHECK(has_failed);
    first.query("SET time_zone = '+06:00'");
    CHECK(rows(first, "day") == "2020-01-01");
    first.query(end);
    first.query("SET time_zone = '+00:00'");
  }
  run_all(first, compare(first.url(), second.url()).script.up);
  CHECK(compare(first.url(), second.url()).operations.empty());
  CHECK(rows(first, "day") == "2020-01-01");
}

TEST_CASE("MariaDB and MySQL: the triggers of updated rows run in the zone of the server") {
  diff::Answers answers;
  answers.column_renames.push_back({{"t", "s"}, "y", "z"});
  const std::string from = table("day date, s enum('x', 'y')");
  const ServerZone zone("+06:00");
  const Database first;
  const Database second;
  first.query(from + day_trigger);
  first.query(row);
  first.query("UPDATE t SET s = 'y'");
  second.query(table("day date, s enum('x', 'z')") + day_trigger);
  const change::SchemaChange change = compare(first.url(), second.url(), answers);
  run_all(first, change.script.up);
  CHECK(rows(first, "s, day") == "z 2020-01-01");
  first.query("SET time_zone = '+06:00'; UPDATE t SET id = 2; SET time_zone = '+00:00'");
  run_all(first, change.script.down);
  CHECK(rows(first, "s, day") == "y 2020-01-01");
  CHECK(has(change.notes, "for each of which these triggers run: \"tb\""));
}

TEST_CASE(
    "MariaDB and MySQL: an expression that backfills is computed in the zone of the server, a time given in UTC") {
  const ServerZone zone("+06:00");
  diff::Answers answers;
  answers.backfills[{"t", "n"}] = "HOUR(created)";
  answers.backfills[{"t", "at"}] = "'2020-02-02 20:00:00'";
  for (const std::string& rest : {std::string(), std::string(", day date AS (DATE(created)) STORED")}) {
    CAPTURE(rest);
    const Database first;
    const Database second;
    first.query(table("a int" + rest));
    first.query(row);
    second.query(table("a int, n int NOT NULL, at timestamp NOT NULL" + rest));
    run_all(first, compare(first.url(), second.url(), answers).script.up);
    CHECK(compare(first.url(), second.url()).operations.empty());
    CHECK(rows(first, "n, at") == "1 2020-02-02 20:00:00");
    if (!rest.empty()) CHECK(rows(first, "day") == "2020-01-01");
  }
}

TEST_CASE(
    "MariaDB and MySQL: a time for a new column does not run the triggers of its table, one for NULL does in UTC") {
  const ServerZone zone("+06:00");
  diff::Answers answers;
  answers.backfills[{"t", "at"}] = "'2020-02-02 20:00:00'";
  const auto change = [&](const std::string& from, const std::string& to) {
    CAPTURE(from);
    const Database first;
    const Database second;
    first.query(from + day_trigger);
    first.query(row);
    second.query(to + day_trigger);
    const change::SchemaChange made = compare(first.url(), second.url(), answers);
    run_all(first, made.script.up);
    CHECK(compare(first.url(), second.url()).operations.empty());
    return std::pair(made.notes, rows(first, "at, day"));
  };
  const auto [notes, values] = change(table("day date"), table("day date, at timestamp NOT NULL"));
  CHECK(values == "2020-02-02 20:00:00");
  CHECK_FALSE(has(notes, "triggers run"));
  const auto [other, updated] =
      change(table("day date, at timestamp NULL"), table("day date, at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP"));
  CHECK(updated == "2020-02-02 20:00:00 2019-12-31");
  CHECK(has(other, "these triggers run in UTC: \"tb\""));
}

TEST_CASE("MariaDB and MySQL: rows that are valid in the zone of the server stay so where a change is in UTC") {
  const ServerZone zone("+05:00");
  const std::string key =
      ", owner int DEFAULT 1, day date AS (DATE(created)) STORED, UNIQUE (owner, day), FOREIGN KEY (owner) REFERENCES "
      "o (id)";
  const std::string check = ", s enum('x', 'y'), CONSTRAINT office CHECK (HOUR(created) BETWEEN 8 AND 18)";
  const std::string unique = ", day date AS (DATE(created)) STORED, UNIQUE (day)";
  struct Case {
    std::string from, to, rows;
  };
  const std::string late = "('2024-06-01 23:30:00'), ('2024-06-02 00:30:00')";
  for (const Case& tried : {Case{"x datetime" + unique, "x timestamp NULL" + unique, late},
                            Case{"x datetime" + key, "x timestamp NULL" + key, late},
                            Case{"x datetime" + check, "x timestamp NULL" + check, "('2024-06-01 09:00:00')"},
                            Case{"x int" + check,
                                 "x int, s enum('y', 'x'), e timestamp NOT NULL DEFAULT '2020-01-01 00:00:00'" +
                                     check.substr(check.find(", CONSTRAINT")),
                                 "('2024-06-01 09:00:00')"}}) {
    CAPTURE(tried.from);
    const Database first;
    const Database second;
    const auto created = [](const std::string& columns) {
      return "CREATE TABLE o (id int PRIMARY KEY); INSERT INTO o VALUES (1); CREATE TABLE t (id int PRIMARY KEY "
             "AUTO_INCREMENT, created "
             "timestamp NOT NULL, " +
             columns + ")";
    };
    first.query(created(tried.from));
    first.query("SET time_zone = '+05:00'; INSERT INTO t (created) VALUES " + tried.rows +
                "; SET time_zone = '+00:00'");
    second.query(created(tried.to));
    const change::SchemaChange change = compare(first.url(), second.url());
    run_all(first, change.script.up);
    CHECK(compare(first.url(), second.url()).operations.empty());
    run_all(first, change.script.down);
    CHECK(has(change.notes, "copies table \"t\""));
    CHECK_FALSE(has(change.notes, "in UTC"));
  }
}

TEST_CASE("MariaDB and MySQL: a statement in UTC does not come between a counting column and its key") {
  const std::string day = "day date AS (DATE(created)) STORED";
  const std::string key = is_mariadb() ? ", UNIQUE (day)" : ", UNIQUE (day), UNIQUE ((HOUR(created)))";
  test::mysql::go_there_and_back("CREATE TABLE t (created timestamp NOT NULL, " + day + ", x datetime" + key + ")",
                                 "CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, created timestamp NOT NULL, " +
                                     day + ", x timestamp NULL, e timestamp NOT NULL DEFAULT '2020-01-01 00:00:00'" +
                                     key + ", KEY (e))");
}

TEST_CASE("MariaDB: a change in UTC that verifies the check of a column says so") {
  if (!is_mariadb()) return;
  const Database first;
  const Database second;
  const std::string begin = "CREATE TABLE t (created timestamp NOT NULL CHECK (HOUR(created) > 0), ";
  first.query(begin + "x datetime)");
  second.query(begin + "x timestamp NULL)");
  CHECK(has(compare(first.url(), second.url()).notes,
            "violate in UTC what depends on the time zone: the check of column \"created\""));
}

TEST_CASE("MariaDB and MySQL: a new time copies a table that computes by local time, which a note says") {
  const Database first;
  const Database second;
  const std::string day = "day date AS (DATE(created)) STORED";
  first.query(table(day));
  second.query(table(day + ", at timestamp NOT NULL DEFAULT '2020-01-01 00:00:00'"));
  CHECK(has(compare(first.url(), second.url()).notes, "copies table \"t\""));
}

TEST_CASE("MariaDB: the rows in the history are computed by local time, too") {
  if (!is_mariadb()) return;
  const std::string day = ", day date AS (DATE(created)) STORED";
  keep(table("a int" + day) + " WITH SYSTEM VERSIONING", table("a bigint" + day) + " WITH SYSTEM VERSIONING",
       "created, day");
}

TEST_CASE("MariaDB and MySQL: a table without local times changes in the session of every script") {
  const Database first;
  const Database second;
  first.query(table("a int, d datetime, day date AS (DATE(d)) STORED, CHECK (a > 0)"));
  second.query(table("a bigint, d datetime, day date AS (DATE(d)) STORED, CHECK (a > 0)"));
  const change::SchemaChange change = compare(first.url(), second.url());
  CHECK(change.script.up.size() == 1);
}

TEST_CASE("MariaDB and MySQL: a default time is the same whatever the zone of the session that changed the table") {
  const Database first;
  const Database second;
  first.query("CREATE TABLE t (c timestamp NOT NULL DEFAULT '2020-01-01 00:00:00')");
  second.query(
      "SET time_zone = '+06:00'; CREATE TABLE t (c timestamp NOT NULL DEFAULT '2020-01-01 06:00:00'); "
      "SET time_zone = '+00:00'");
  CHECK(compare(first.url(), second.url()).operations.empty());
}
