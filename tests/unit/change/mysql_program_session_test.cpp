#include <doctest/doctest.h>

#include "dialect/samples.h"
#include "unit/change/mysql_there_and_back.h"
#include "unit/dialect/connection.h"
#include "unit/fixture/answers.h"

// The session in which triggers, routines and events were created is a part of them, as it is in a dump.

using namespace whimbrel;
using fixture::error_of;
using test::contains;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::go_there_and_back;

namespace {

const std::string table = "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b int);";
const std::string default_modes = "SET sql_mode = DEFAULT;";

std::string in_mode(const std::string& mode, const std::string& statement) {
  return "SET sql_mode = '" + mode + "';" + statement + ';' + default_modes;
}

std::string sessions(const Database& database) {
  std::string text;
  for (const auto& row :
       database
           .query("SELECT CONCAT_WS(' ', TRIGGER_NAME, SQL_MODE, COLLATION_CONNECTION, ACTION_STATEMENT) FROM "
                  "information_schema.TRIGGERS "
                  "WHERE TRIGGER_SCHEMA = DATABASE() UNION ALL SELECT CONCAT_WS(' ', ROUTINE_NAME, SQL_MODE, "
                  "COLLATION_CONNECTION, "
                  "ROUTINE_DEFINITION) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() UNION ALL "
                  "SELECT CONCAT_WS(' ', EVENT_NAME, SQL_MODE, COLLATION_CONNECTION, TIME_ZONE, STARTS, EXECUTE_AT, "
                  "EVENT_DEFINITION) FROM "
                  "information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1")
           .values) {
    text += row[0].text() + '\n';
  }
  return text;
}

void check_same_sessions(const Database& made, const Database& wanted) {
  CHECK(sessions(made) == sessions(wanted));
  CHECK(made.value("SELECT @@sql_mode") == "NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION");
  CHECK(made.value("SELECT @@time_zone") == "+00:00");
}

/// The programs, and the sessions that they were created in, are those of the second schema, then of the first.
void check_sessions(const std::string& from, const std::string& to, const diff::Answers& answers = {}) {
  const Database first;
  const Database second;
  first.query(from);
  second.query(to);
  const auto& drivers = whimbrel::detail::linked_drivers();
  CHECK(change::verify_whole(change::read_database(drivers, first.url()), change::read_database(drivers, second.url()),
                             compare(first.url(), second.url(), answers).script.up) == "");
  go_there_and_back(from, to, answers, check_same_sessions);
}

std::string trigger(const std::string& body) { return "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW " + body; }

}  // namespace

TEST_CASE("MariaDB: a recreated trigger keeps its SQL mode") {
  for (const std::string mode : {"PIPES_AS_CONCAT", "ALLOW_INVALID_DATES", "ANSI", "TRADITIONAL",
                                 "ERROR_FOR_DIVISION_BY_ZERO,STRICT_TRANS_TABLES", ""}) {
    const auto schema = [&](const std::string& column) {
      return "CREATE TABLE t (id int PRIMARY KEY, " + column + " varchar(9), b int);" +
             in_mode(mode, trigger("SET NEW." + column + "='x' || 'y'"));
    };
    check_sessions(schema("a"), schema("c"), fixture::renamed_column("t", "a", "c"));
  }
}

TEST_CASE("MariaDB: routines keep their SQL mode, and those that differ by it are recreated") {
  const auto function = [](const std::string& mode, const std::string& value) {
    return in_mode(mode, "CREATE FUNCTION f() RETURNS varchar(9) DETERMINISTIC RETURN " + value);
  };
  check_sessions(function("ANSI_QUOTES,PIPES_AS_CONCAT", "'a' || 'b'"), function("ANSI_QUOTES", "'a' || 'c'"));
  check_sessions(function("", "'a'"), function("STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO", "'b'"));
  check_sessions(function("ALLOW_INVALID_DATES", "'a'"), function("ALLOW_INVALID_DATES", "'b'"));
  check_sessions(function("PIPES_AS_CONCAT", "'a' || 'b'"), function("", "'a' || 'b'"));
  check_sessions(table + in_mode("ANSI_QUOTES", trigger("SET NEW.\"a\" = 'x'")),
                 table + in_mode("ANSI_QUOTES", trigger("SET NEW.\"a\" = 'y'")));
  check_sessions(in_mode("ANSI_QUOTES", "CREATE PROCEDURE \"p q\"() SELECT 1 AS \"a\""),
                 in_mode("ANSI_QUOTES", "CREATE PROCEDURE \"p q\"() SELECT 2 AS \"a\""));
}

TEST_CASE("MariaDB: the modes of servers that treat values differently make no difference") {
  const Database loose;
  const Database strict;
  loose.query(table + in_mode("", trigger("SET NEW.a = 'x'")));
  strict.query(table + in_mode("STRICT_ALL_TABLES", trigger("SET NEW.a = 'x'")));
  CHECK(compare(loose.url(), strict.url()).operations.empty());
}

TEST_CASE("MariaDB: a recreated event runs at the same time") {
  const auto event = [](const std::string& zone, const std::string& body) {
    return "SET time_zone = '" + zone +
           "'; CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 12:00:00' DO SELECT " + body +
           "; CREATE EVENT once ON SCHEDULE AT '2036-01-01 12:00:00' DO SELECT " + body + "; SET time_zone = '+00:00'";
  };
  check_sessions(event("+05:00", "1"), event("+05:00", "2"));
  check_sessions(event("+05:00", "1"), event("-03:30", "1"));
  check_sessions(event("SYSTEM", "1"), event("+01:00", "2"));
}

TEST_CASE("MariaDB: a trigger that is put aside while rows are copied returns in its SQL mode") {
  const Database database;
  database.query(table + in_mode("ANSI_QUOTES", trigger("SET NEW.\"a\" = 'x'")));
  const auto connection = whimbrel::mysql::driver().open({.url = database.url()});
  const auto dialect = whimbrel::mysql::driver().make_dialect(connection->server());
  const std::string before = sessions(database);
  dialect->samples().without_triggers(*connection, [&] { CHECK(sessions(database) == ""); });
  CHECK(sessions(database) == before);
  CHECK(connection->run("SELECT @@sql_mode").values[0][0].text().find("ANSI_QUOTES") == std::string::npos);
}

TEST_CASE("MariaDB: literals of recreated views and triggers keep their collation") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + column +
           " varchar(9)); SET NAMES utf8mb4 COLLATE utf8mb4_bin; CREATE VIEW v AS SELECT 'a' = 'A' AS same, " + column +
           " FROM t;" + trigger("SET NEW." + column + "=IF('a' = 'A', 'same', 'other')") + "; SET NAMES utf8mb4";
  };
  const diff::Answers answers = fixture::renamed_column("t", "a", "c");
  check_sessions(schema("a"), schema("c"), answers);
  const Database there;
  const Database wanted;
  there.query(schema("a"));
  wanted.query(schema("c"));
  test::mysql::run_all(there, compare(there.url(), wanted.url(), answers).script.up);
  there.query("INSERT INTO t (id) VALUES (1)");
  CHECK(there.value("SELECT concat(same, c) FROM v") == "0other");
  CHECK(there.value("SELECT @@collation_connection") == wanted.value("SELECT @@collation_connection"));
}

TEST_CASE("MariaDB: what no script can create in its SQL mode is not dropped") {
  const Database first;
  const Database second;
  first.query("SET sql_mode = 'NO_BACKSLASH_ESCAPES'");
  first.query("CREATE PROCEDURE p() SELECT 'a\\n'");
  second.query("CREATE PROCEDURE p() SELECT 1");
  const Error error = error_of([&] { return compare(second.url(), first.url()); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(contains(error.what(), "procedure \"p\": its SQL mode is NO_BACKSLASH_ESCAPES"));
  const change::SchemaChange change = compare(first.url(), second.url());
  REQUIRE(change.irreversible_because);
  CHECK(contains(change.irreversible_because->what(), "NO_BACKSLASH_ESCAPES"));
}

TEST_CASE("MariaDB: a trigger with a renamed column in double quotes becomes the one of the second schema") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + column + " varchar(9));" +
           in_mode("ANSI_QUOTES", trigger("SET NEW.\"" + column + "\" = 'x'"));
  };
  const Database first;
  const Database second;
  first.query(schema("a"));
  second.query(schema("c"));
  const change::SchemaChange change = compare(first.url(), second.url(), fixture::renamed_column("t", "a", "c"));
  test::mysql::run_all(first, change.script.up);
  CHECK(compare(first.url(), second.url()).operations.empty());
  first.query("INSERT INTO t VALUES (1, 'y')");
  CHECK(first.value("SELECT c FROM t") == "x");
}

TEST_CASE("an event that does not say when it starts is the same whenever it was created") {
  const Database first;
  const Database second;
  const std::string event = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT ";
  first.query("SET timestamp = 1700000000; " + event + "1");
  second.query("SET timestamp = 1700003600; " + event + "1");
  CHECK(compare(first.url(), second.url()).empty());
  SUBCASE("it keeps its start if it changes") {
    second.query("DROP EVENT e; SET timestamp = 1700007200; " + event + "2");
    const std::vector<sql::Statement> up = compare(first.url(), second.url()).script.up;
    CHECK(std::any_of(up.begin(), up.end(), [](const sql::Statement& statement) {
      return statement.sql.find("EVERY 1 DAY STARTS '2023-11-14 22:13:20'") != std::string::npos;
    }));
  }
  SUBCASE("a new one does not say it either") {
    const std::vector<sql::Statement> up = compare(Database().url(), second.url()).script.up;
    CHECK(std::none_of(up.begin(), up.end(), [](const sql::Statement& statement) {
      return statement.sql.find("STARTS") != std::string::npos;
    }));
  }
  SUBCASE("a new one is the same in another copy that was made without it") {
    const auto& drivers = whimbrel::detail::linked_drivers();
    const change::SchemaChange made = change::create_whole(change::read_database(drivers, first.url()), {});
    const Database copy;
    copy.query("SET timestamp = 1700009999");
    test::mysql::run_all(copy, made.script.up);
    change::SchemaSource target = change::read_database(drivers, first.url());
    target.schema = made.target;
    CHECK(change::compare_whole(change::read_database(drivers, copy.url()), target, {}).operations.empty());
  }
  SUBCASE("a start that is said is compared") {
    second.query("DROP EVENT e; CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 12:00:00' DO SELECT 1");
    CHECK(!compare(first.url(), second.url()).empty());
  }
}
