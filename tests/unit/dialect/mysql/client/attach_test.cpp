#include <doctest/doctest.h>
#include <mysql.h>

#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;

namespace {

struct Close {
  void operator()(MYSQL* connection) const { mysql_close(connection); }
};
using Program = std::unique_ptr<MYSQL, Close>;

/// A connection to a new empty database.
Program connect() {
  const std::string url = fresh_url();
  const std::string socket = url.substr(url.find("?socket=") + 8);
  const std::size_t begin = url.find("localhost/") + 10;
  Program program(mysql_init(nullptr));
  mysql_real_connect(program.get(), "localhost", "root", nullptr, url.substr(begin, url.find('?') - begin).c_str(), 0,
                     socket.c_str(), 0);
  return program;
}

std::string text(const Program& program, const char* sql) {
  if (mysql_query(program.get(), sql) != 0) return mysql_error(program.get());
  MYSQL_RES* const result = mysql_store_result(program.get());
  if (result == nullptr) return {};
  MYSQL_ROW const row = mysql_fetch_row(result);
  std::string value = row == nullptr || row[0] == nullptr ? "" : row[0];
  mysql_free_result(result);
  return value;
}

std::unique_ptr<dialect::Connection> attach(const Program& program) {
  return whimbrel::mysql::driver().attach(program.get(), {.busy_timeout = std::chrono::seconds(1)});
}

}  // namespace

TEST_CASE("MySQL: a program's own connection is used as it is, and stays open and unchanged") {
  const Program program = connect();
  text(program, "SET NAMES latin1");
  text(program,
       "SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00', foreign_key_checks = 0, lock_wait_timeout = 77, "
       "autocommit = 0 /*M!, alter_algorithm = 'INSTANT', check_constraint_checks = 0 */");
  constexpr const char* settings =
      "SELECT concat_ws(' ', @@sql_mode, @@time_zone, @@foreign_key_checks, @@lock_wait_timeout, @@autocommit, "
      "@@character_set_client, @@character_set_results, @@collation_connection, @@completion_type /*M!, "
      "@@alter_algorithm, @@check_constraint_checks */)";
  const std::string before = text(program, settings);
  text(program, "COMMIT");
  {
    const auto connection = attach(program);
    CHECK(contains(connection->description(), "database \"test_"));
    CHECK(value(*connection, "SELECT \"ü\"") == Value("ü"));
    CHECK(value(*connection, "SELECT concat('DEFAULT' /*M!, @@alter_algorithm */)").text().find("INST") ==
          std::string::npos);
    CHECK(value(*connection, "SELECT concat('' /*M!, @@check_constraint_checks */)").text() ==
          (is_mariadb() ? "ON" : ""));
    connection->run("CREATE TABLE a(x int UNIQUE); INSERT INTO a VALUES (1)");
    CHECK_FALSE(connection->is_transaction_active());
    CHECK(error_of([&] { connection->run("INSERT INTO a VALUES (?)", {1}); })->native_code() == 1062);
    connection->reconnect_if_lost();
    CHECK(number(*connection->open_again(), "SELECT count(*) FROM a") == 1);
    CHECK(number(*connection->open_scratch(), "SELECT 1") == 1);
    Interrupter interrupter(*connection);
    CHECK(error_of([&] { connection->run("SELECT sleep(30)"); })->kind() == ErrorKind::interrupted);
  }
  CHECK(text(program, settings) == before);
  CHECK(text(program, "SELECT count(*) FROM a") == "1");
}

TEST_CASE("MySQL: a program's connection must be open, idle and on a database") {
  CHECK(contains(error_of([] { attach(Program()); })->what(), "null pointer"));
  const Program closed(mysql_init(nullptr));
  CHECK(contains(error_of([&] { attach(closed); })->what(), "not open"));
  const Program busy = connect();
  text(busy, "START TRANSACTION");
  CHECK(contains(error_of([&] { attach(busy); })->what(), "inside a transaction or busy"));
  text(busy, "COMMIT");
  text(busy, "CREATE DATABASE whimbrel_gone");
  text(busy, "USE whimbrel_gone");
  text(busy, "DROP DATABASE whimbrel_gone");
  CHECK(contains(error_of([&] { attach(busy); })->what(), "no database selected"));
}
