#include <doctest/doctest.h>

#include <thread>

#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;
using namespace std::chrono_literals;

namespace {

using Values = std::vector<Value>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("MySQL: values keep their types and their bytes, as text and as parameters") {
  const auto connection = open_fresh();
  const Bytes bytes{std::byte{0}, std::byte{0xff}, std::byte{'\\'}, std::byte{'\''}};
  connection->run(
      "CREATE TABLE a(i int, b bigint, u bigint unsigned, d double, f float, t text, x blob, y varbinary(9), o bool, "
      "n decimal(40,10), e enum('x','y'), da date, dt datetime(6), ti time(3), j json, bi bit(12), yr year)");
  const Values row{7,
                   std::int64_t{1} << 40,
                   "18446744073709551615",
                   0.1,
                   1.5,
                   "ü''\n\\\"",
                   bytes,
                   bytes,
                   1,
                   "123456789012345678901234567890.5000000000",
                   "y",
                   "2024-02-29",
                   "2024-02-29 12:34:56.123456",
                   "-800:01:02.500",
                   "[1, \"ü\"]",
                   0xabc,
                   2024};
  connection->run("INSERT INTO a VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row);
  CHECK(connection->run("SELECT * FROM a").values == std::vector<Values>{row});
  CHECK(connection->run("SELECT a.* FROM a WHERE i = ?", {7}).values == std::vector<Values>{row});
  CHECK(connection->run("SELECT i, b AS c FROM a").columns == Texts{"i", "c"});
  CHECK(value(*connection, "SELECT NULL") == Value());
  CHECK(value(*connection, "SELECT CAST(1 AS UNSIGNED)") == Value(1));
  CHECK(value(*connection, "SELECT x'00ff'") == Value(Bytes{std::byte{0}, std::byte{0xff}}));
  CHECK(connection->run("SELECT ?, ?, ?, ?", {nullptr, "ü", 0.1, Bytes{}}).values ==
        std::vector<Values>{{nullptr, "ü", 0.1, Bytes{}}});
  CHECK(connection->run("SELECT ?", {std::string("a\0b", 3)}).values[0][0] == Value(std::string("a\0b", 3)));
  const std::string large(3'000'000, 'x');
  CHECK(connection->run("SELECT ?", {large}).values[0][0] == Value(large));
}

TEST_CASE("MySQL: several statements run one by one, with the rows of the last that has any") {
  const auto connection = open_fresh();
  const Rows::Data rows = connection->run(
      "CREATE TABLE a(x int); INSERT INTO a VALUES (1), (2); SELECT 1; SELECT x FROM a; CREATE TRIGGER t BEFORE INSERT "
      "ON a "
      "FOR EACH ROW BEGIN SET NEW.x = NEW.x + 1; SET NEW.x = NEW.x + 1; END; -- the end\n");
  CHECK(rows.columns == Texts{"x"});
  CHECK(rows.values == std::vector<Values>{{1}, {2}});
  CHECK(connection->run("").columns.empty());
  CHECK(connection->run("/*!999999 nothing */").columns.empty());
  CHECK_THROWS_AS(connection->run("INSERT INTO a VALUES (3); SELECT nothing; INSERT INTO a VALUES (4)"), Error);
  CHECK(number(*connection, "SELECT max(x) FROM a") == 5);
  const auto several = error_of([&] { connection->run(" SELECT ?; SELECT 2", {1}); });
  REQUIRE(several);
  CHECK(contains(several->what(), "several statements"));
  CHECK(several->statement_offset() == 10);
  for (const Values& values : {Values{}, Values{1, 2}}) {
    const auto count = error_of([&] { connection->run("SELECT ?", values); });
    REQUIRE(count);
    CHECK(contains(count->what(), "placeholders for 1 values"));
  }
  CHECK(number(*connection, "SELECT 1") == 1);
}

TEST_CASE("MySQL: a procedure's last rows are those of the call") {
  const auto connection = open_fresh();
  connection->run("CREATE PROCEDURE p(n int) BEGIN SELECT 1 AS a; SELECT n AS b UNION ALL SELECT n + 1; END");
  CHECK(connection->run("CALL p(2)").values == std::vector<Values>{{2}, {3}});
  CHECK(connection->run("CALL p(?)", {5}).values == std::vector<Values>{{5}, {6}});
  connection->run("CREATE PROCEDURE q() BEGIN SELECT 1; SELECT * FROM nothing; END");
  CHECK(error_of([&] { connection->run("CALL q()"); })->native_code() == 1146);
  CHECK(number(*connection, "SELECT 1") == 1);
}

TEST_CASE("MySQL: a refused statement is an error with its place and the server's number") {
  const auto connection = open_fresh();
  const auto error = error_of([&] { connection->run("SELECT 'ü'; SELECT 'ü',\n FROM a"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(error->native_code() == 1064);
  CHECK(error->statement() == "SELECT 'ü',\n FROM a");
  CHECK(error->statement_offset() == 14);
  CHECK(contains(error->what(), "syntax error near 'FROM a' in line 2"));
  CHECK(error_of([&] { connection->run("SELECT ("); })->statement_offset() == 8);
  CHECK(contains(error_of([&] { connection->run("DELIMITER $$\nSELECT 1"); })->remedy(), "DELIMITER"));
  const auto missing = error_of([&] { connection->run("SELECT * FROM nothing"); });
  CHECK(missing->native_code() == 1146);
  CHECK(missing->statement_offset() == -1);
  const auto file =
      error_of([&] { connection->run("CREATE TABLE a(x int); LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE a"); });
  CHECK(contains(file->remedy(), "could ask for any file"));
  const auto nul = error_of([&] { connection->run(std::string_view("SELECT 1\0; SELECT 2", 19)); });
  CHECK(nul->statement_offset() == 8);
}

TEST_CASE("MySQL: an observer sees every statement, takes rows as they come, and can run statements meanwhile") {
  const auto connection = open_fresh();
  Recorder recorder;
  recorder.refuse = "DROP TABLE a";
  CHECK_THROWS_AS(connection->run(" CREATE TABLE a(x int) ; DROP TABLE a;", nullptr, recorder), Error);
  CHECK(recorder.told == Texts{"before CREATE TABLE a(x int)", "after CREATE TABLE a(x int)", "before DROP TABLE a"});
  connection->run("INSERT INTO a VALUES (1), (2), (3)");
  for (const bool is_prepared : {false, true}) {
    CAPTURE(is_prepared);
    const Values parameters{0};
    const char* const sql = is_prepared ? "SELECT x FROM a WHERE x > ? ORDER BY x" : "SELECT x FROM a ORDER BY x";
    Recorder taker;
    std::int64_t sum = 0;
    taker.on_row = [&](const Values& row) {
      sum += row[0].integer() + number(*connection, "SELECT count(*) FROM a");
      return row[0].integer() != 2;
    };
    CHECK(connection->run(sql, is_prepared ? &parameters : nullptr, taker).values == std::vector<Values>{{2}});
    CHECK(sum == 15);
    taker.on_row = [](const Values&) -> bool { throw Error(ErrorKind::usage, "enough"); };
    CHECK(error_of([&] { connection->run(sql, is_prepared ? &parameters : nullptr, taker); })->kind() ==
          ErrorKind::usage);
    CHECK(number(*connection, "SELECT count(*) FROM a") == 3);
  }
}

TEST_CASE("MySQL: the unwanted rest of a large result is not read") {
  const auto connection = open_fresh();
  connection->run(
      "CREATE TABLE a(x int); INSERT INTO a VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10); "
      "CREATE TABLE b AS SELECT a.x FROM a, a b, a c");
  Recorder taker;
  taker.on_row = [](const Values&) -> bool { throw Error(ErrorKind::usage, "enough"); };
  const auto start = std::chrono::steady_clock::now();
  CHECK(error_of([&] { connection->run("SELECT a.x FROM b a, b b, b c", nullptr, taker); })->kind() ==
        ErrorKind::usage);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  CHECK(number(*connection, "SELECT count(*) FROM a") == 10);
}

TEST_CASE("MySQL: the server says whether a transaction is open") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int PRIMARY KEY)");
  CHECK_FALSE(connection->is_transaction_active());
  connection->run("START TRANSACTION; INSERT INTO a VALUES (1)");
  CHECK(connection->is_transaction_active());
  CHECK(error_of([&] { connection->run("INSERT INTO a VALUES (1)"); })->kind() == ErrorKind::statement);
  CHECK(connection->is_transaction_active());
  CHECK(error_of([&] { connection->run("CREATE TABLE a(x int)"); })->native_code() == 1050);
  CHECK_FALSE(connection->is_transaction_active());
  connection->run("BEGIN");
  connection->run("CREATE TABLE b(x int)");
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("MySQL: an interrupt ends the running statement, and none after it") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int)");
  connection->run("START TRANSACTION; INSERT INTO a VALUES (1)");
  for (const bool is_prepared : {false, true}) {
    CAPTURE(is_prepared);
    Interrupter interrupter(*connection);
    // MySQL's SLEEP() itself returns 1 if it is interrupted.
    const auto error = error_of([&] {
      const std::string sql =
          "SELECT count(*) FROM a WHERE sleep(30) = 0 AND x IN (SELECT benchmark(1000000000, sha2('a', 256)))";
      is_prepared ? connection->run(sql + " AND x = ?", {1}) : connection->run(sql);
      connection->run("SELECT benchmark(10000000000, sha2('a', 256))");
    });
    interrupter.stop();
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::interrupted);
    CHECK(number(*connection, "SELECT count(*) FROM a") == 1);
    CHECK(connection->is_transaction_active());
  }
}

TEST_CASE("MySQL: a lock that is not released in time is an error of its own kind") {
  const std::string url = fresh_url();
  const auto holder = open(url);
  const auto waiter = open(url, 1s);
  holder->run("CREATE TABLE a(x int PRIMARY KEY); INSERT INTO a VALUES (1); START TRANSACTION; UPDATE a SET x = 2");
  const auto row = error_of([&] { waiter->run("UPDATE a SET x = 3"); });
  REQUIRE(row);
  CHECK(row->kind() == ErrorKind::busy);
  CHECK(row->native_code() == 1205);
  const auto table = error_of([&] { waiter->run("ALTER TABLE a ADD y int"); });
  REQUIRE(table);
  CHECK(table->kind() == ErrorKind::busy);
  CHECK(contains(table->remedy(), "busy_timeout"));
}

TEST_CASE("MySQL: a deadlock is busy, and ends the transaction") {
  const std::string url = fresh_url();
  const auto one = open(url);
  const auto other = open(url);
  one->run("CREATE TABLE a(x int PRIMARY KEY, y int); INSERT INTO a VALUES (1, 1), (2, 2)");
  one->run("START TRANSACTION; UPDATE a SET y = 3 WHERE x = 1");
  other->run("START TRANSACTION; UPDATE a SET y = 3 WHERE x = 2");
  std::optional<Error> of_one;
  std::thread thread([&] { of_one = error_of([&] { one->run("UPDATE a SET y = 4 WHERE x = 2"); }); });
  const auto of_other = error_of([&] { other->run("UPDATE a SET y = 4 WHERE x = 1"); });
  thread.join();
  REQUIRE(static_cast<bool>(of_one) != static_cast<bool>(of_other));
  CHECK((of_one ? *of_one : *of_other).kind() == ErrorKind::busy);
  CHECK_FALSE((of_one ? *one : *other).is_transaction_active());
  CHECK((of_one ? *other : *one).is_transaction_active());
}

TEST_CASE("MySQL: an error ends a transaction, or does not") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int); START TRANSACTION");
  CHECK(error_of([&] { connection->run("SELECT nothing"); }));
  CHECK(connection->is_transaction_active());
  CHECK(error_of([&] { connection->run("SELECT nothing"); }));
  connection->run("INSERT INTO a VALUES (1)");
  CHECK(connection->is_transaction_active());
  CHECK(error_of([&] { connection->run("ALTER TABLE nothing ADD COLUMN y int"); }));
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("MySQL: a lost connection is an error, and is made again between commands") {
  const std::string url = fresh_url();
  const auto connection = open(url);
  const auto kill = [&] {
    const std::string id = value(*connection, "SELECT connection_id()").text();
    open(url)->run("KILL CONNECTION " + id);
    std::this_thread::sleep_for(50ms);
  };
  connection->run("CREATE TABLE a(x int)");
  kill();
  connection->reconnect_if_lost();
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
  CHECK(contains(value(*connection, "SELECT @@sql_mode").text(), "STRICT_ALL_TABLES"));
  kill();
  const auto error = error_of([&] { connection->run("SELECT 1"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(error_of([&] { connection->run("SELECT 1"); })->kind() == ErrorKind::connection);
  connection->reconnect_if_lost();
  connection->run("START TRANSACTION; INSERT INTO a VALUES (1)");
  kill();
  CHECK(contains(error_of([&] { connection->reconnect_if_lost(); })->what(), "in the middle of a transaction"));
  connection->reconnect_if_lost();
  CHECK_FALSE(connection->is_transaction_active());
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
}

TEST_CASE("MySQL: a statement that runs often outlives changes of the table, errors and the connection") {
  const std::string url = fresh_url();
  const auto connection = open(url);
  const auto add = [&](const Value& x) { connection->run_often("INSERT INTO a(x) VALUES (?)", {x}); };
  connection->run("CREATE TABLE a(x varchar(20) PRIMARY KEY)");
  add("one");
  add(2);
  CHECK(error_of([&] { add(2); })->kind() == ErrorKind::statement);
  add("three");
  connection->run("ALTER TABLE a ADD COLUMN y int NOT NULL DEFAULT 7, MODIFY x varchar(30)");
  add(std::string(25, 'x'));
  connection->run("DROP TABLE a");
  CHECK(error_of([&] { add(4); })->kind() == ErrorKind::statement);
  connection->run("CREATE TABLE a(x int)");
  add(5);
  open(url)->run("KILL CONNECTION " + value(*connection, "SELECT connection_id()").text());
  std::this_thread::sleep_for(50ms);
  connection->reconnect_if_lost();
  add(6);
  CHECK(number(*connection, "SELECT count(*) FROM a WHERE x IN (5, 6)") == 2);
}

TEST_CASE("MySQL: a server that is gone in the middle is an error of the connection") {
  MysqlServer server;
  const auto connection = open(server.fresh_database());
  std::thread thread([&] {
    std::this_thread::sleep_for(300ms);
    server.stop();
  });
  const auto error = error_of([&] { connection->run("SELECT sleep(30)"); });
  thread.join();
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(error_of([&] { connection->reconnect_if_lost(); })->kind() == ErrorKind::connection);
}

TEST_CASE("MySQL: the server's facts, and the settings of every connection") {
  const std::string url = fresh_url();
  const auto connection = open(url, 1500ms);
  const dialect::ServerFacts facts = connection->server();
  CHECK(facts.flavour == (is_mariadb() ? "mariadb" : "mysql"));
  CHECK(facts.version >= 80000);
  CHECK(facts.settings.contains("lower_case_table_names"));
  CHECK(facts.settings.at("character_set_database") == "utf8mb4");
  CHECK(contains(connection->description(), is_mariadb() ? "MariaDB database \"test_" : "MySQL database \"test_"));
  CHECK(value(*connection, "SELECT @@time_zone") == Value("+00:00"));
  CHECK(value(*connection, "SELECT @@character_set_client") == Value("utf8mb4"));
  CHECK(number(*connection, "SELECT @@lock_wait_timeout") == 2);
  CHECK(number(*connection, "SELECT @@innodb_lock_wait_timeout") == 2);
  mysql_server().run("SET GLOBAL sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'");
  const auto other = open(url);
  mysql_server().run("SET GLOBAL sql_mode = DEFAULT");
  CHECK(value(*other, "SELECT \"\\\"\"") == Value("\""));
  const auto read_only = whimbrel::mysql::driver().open({.url = url, .read_only = true});
  const auto refused = error_of([&] { read_only->run("CREATE TABLE a(x int)"); });
  REQUIRE(refused);
  CHECK(refused->kind() == ErrorKind::connection);
  CHECK(contains(refused->remedy(), "opened read-only"));
  read_only->open_again()->run("CREATE TABLE a(x int)");
}

TEST_CASE("MySQL: other work is done once, while the server works on the next statement") {
  const auto connection = open_fresh();
  int times = 0;
  connection->meanwhile([&] { ++times; });
  CHECK(value(*connection, "SELECT SLEEP(0.1)") == Value(0));
  CHECK(times == 1);
  CHECK(value(*connection, "SELECT 1") == Value(1));
  CHECK(times == 1);
}

TEST_CASE("MySQL: warnings are notices, line by line") {
  const auto connection = open_fresh();
  Texts notices;
  connection->on_notice([&](const std::string& line) { notices.push_back(line); });
  connection->run("SET SESSION sql_mode = 'STRICT_ALL_TABLES'");
  connection->run("DROP TABLE IF EXISTS nothing");
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].starts_with("Note: Unknown table"));
}

TEST_CASE("MySQL: a value above max_allowed_packet says what to raise") {
  const auto connection = open_fresh();
  const std::int64_t limit = number(*connection, "SELECT @@max_allowed_packet");
  const auto error = error_of(
      [&] { connection->run("SELECT length(?)", {std::string(static_cast<std::size_t>(limit) + 1000, 'x')}); });
  REQUIRE(error);
  CHECK(contains(error->remedy() + error->what(), is_mariadb() ? "" : "max_allowed_packet"));
}
