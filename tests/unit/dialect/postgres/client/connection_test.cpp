#include <doctest/doctest.h>

#include <thread>

#include "dialect/postgres/text/sqlstate.h"
#include "unit/dialect/postgres/open.h"
#include "whimbrel/postgres.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::postgres;
using namespace std::chrono_literals;

namespace {

using dialect::postgres::sqlstate;
using Values = std::vector<Value>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("PostgreSQL: values keep their types and their bytes") {
  const auto connection = open_fresh();
  const Bytes bytes{std::byte{0}, std::byte{0xff}, std::byte{'\\'}};
  connection->run("CREATE TABLE a(i integer, b bigint, d double precision, t text, x bytea, o boolean, n numeric)");
  const Values row{7, std::int64_t{1} << 40, 0.1, "ü''\n\\", bytes, 1, "123456789012345678901234567890.5"};
  connection->run("INSERT INTO a VALUES ($1, $2, $3, $4, $5, $6, $7)", row);
  CHECK(connection->run("SELECT * FROM a").values == std::vector<Values>{row});
  CHECK(connection->run("SELECT * FROM a").columns == Texts{"i", "b", "d", "t", "x", "o", "n"});
  CHECK(value(*connection, "SELECT NULL::integer") == Value());
  CHECK(value(*connection, "SELECT false") == Value(0));
  CHECK(value(*connection, "SELECT 1::smallint") == Value(1));
  CHECK(value(*connection, "SELECT 1.5::real") == Value(1.5));
  CHECK(value(*connection, "SELECT '{1,NULL}'::integer[]") == Value("{1,NULL}"));
  CHECK(value(*connection, "SELECT 'pg_class'::regclass") == Value("pg_class"));
}

TEST_CASE("PostgreSQL: a parameter fits the column that it is for") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(t text, o boolean, d date, u uuid, j jsonb, n numeric, e double precision)");
  connection->run("INSERT INTO a VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  {7, true, "2024-02-29", "00000000-0000-0000-0000-000000000001", R"({"a": 1})", 2.5, nullptr});
  CHECK(connection->run("SELECT * FROM a").values ==
        std::vector<Values>{
            {"7", 1, "2024-02-29", "00000000-0000-0000-0000-000000000001", R"({"a": 1})", "2.5", nullptr}});
  CHECK(number(*connection, "SELECT 1 WHERE 'a' = 'a'") == 1);
  CHECK(connection->run("SELECT $1::bytea", {Bytes{}}).values[0][0] == Value(Bytes{}));
}

TEST_CASE("PostgreSQL: text with a NUL character cannot be stored, and bytes with one can") {
  const auto connection = open_fresh();
  const auto error = error_of([&] { connection->run("SELECT $1, $2", {"a", std::string("b\0c", 3)}); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(contains(error->what(), "$2"));
  CHECK(contains(error->remedy(), "bytea"));
  const auto in_sql = error_of([&] { connection->run(std::string_view("SELECT 1\0; SELECT 2", 19)); });
  REQUIRE(in_sql);
  CHECK(in_sql->statement_offset() == 8);
}

TEST_CASE("PostgreSQL: several statements run one by one, and the rows are those of the last that has any") {
  const auto connection = open_fresh();
  const auto rows = connection->run(
      "CREATE TABLE a(x int); INSERT INTO a VALUES (1), (2); SELECT 1; SELECT x FROM a;"
      " CREATE TABLE b(y int); -- the end\n");
  CHECK(rows.columns == Texts{"x"});
  CHECK(rows.values == std::vector<Values>{{1}, {2}});
  CHECK(connection->run("").columns.empty());
  // They are no transaction: what comes before an error stays.
  CHECK_THROWS_AS(connection->run("INSERT INTO a VALUES (3); SELECT 1/0; INSERT INTO a VALUES (4)"), Error);
  CHECK(number(*connection, "SELECT count(*) FROM a") == 3);
  connection->run(
      "VACUUM a; CREATE DATABASE whimbrel_split_test TEMPLATE template0; DROP DATABASE whimbrel_split_test");
}

TEST_CASE("PostgreSQL: parameters go with one statement, and there are as many as placeholders") {
  const auto connection = open_fresh();
  const auto several = error_of([&] { connection->run(" SELECT $1; SELECT 2", {1}); });
  REQUIRE(several);
  CHECK(contains(several->what(), "several statements"));
  CHECK(several->statement() == "SELECT $1; SELECT 2");
  CHECK(several->statement_offset() == 11);
  CHECK(connection->run("SELECT $1::int ; -- that is all", {Value(1)}).values.size() == 1);
  CHECK(sqlstate(*error_of([&] { connection->run("SELECT $1::int, $2::int", {1}); })) == "08P01");
}

TEST_CASE("PostgreSQL: a refused statement is an error with its place, its names and the server's code") {
  const auto connection = open_fresh();
  const auto error = error_of([&] { connection->run("SELECT 'ü'; SELECT 'ü', nothing"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(sqlstate(*error) == "42703");
  CHECK(error->statement() == "SELECT 'ü', nothing");
  CHECK(error->statement_offset() == 13);
  CHECK(contains(error->what(), "column \"nothing\" does not exist"));

  connection->run("CREATE TABLE a(x int CONSTRAINT positive CHECK (x > 0) UNIQUE); INSERT INTO a VALUES (1)");
  const auto unique = error_of([&] { connection->run("INSERT INTO a VALUES (1)"); });
  REQUIRE(unique);
  CHECK(contains(unique->what(), "\"a_x_key\""));
  CHECK(contains(unique->what(), "Key (x)=(1) already exists."));
  CHECK(contains(unique->what(), "table \"a\""));
  CHECK(unique->statement_offset() == -1);
  const auto hint = error_of([&] { connection->run("SELECT concat_(1)"); });
  CHECK(contains(hint->remedy(), "You might need to add explicit type casts."));
  const auto nested = error_of([&] { connection->run("DO $$ BEGIN PERFORM 1/0; END $$"); });
  CHECK(contains(nested->what(), "PL/pgSQL function"));
}

TEST_CASE("PostgreSQL: an observer sees every statement before and after it, and can stop it") {
  const auto connection = open_fresh();
  Recorder recorder;
  recorder.refuse = "DROP TABLE a";
  CHECK_THROWS_AS(connection->run(" CREATE TABLE a(x int) ; DROP TABLE a;", nullptr, recorder), Error);
  CHECK(recorder.told == Texts{"before CREATE TABLE a(x int)", "after CREATE TABLE a(x int)", "before DROP TABLE a"});
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
}

TEST_CASE("PostgreSQL: an observer takes rows as they come, and can run statements meanwhile") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int); BEGIN");
  Recorder recorder;
  std::int64_t sum = 0;
  recorder.on_row = [&](const Values& row) {
    if (row[0] == Value(7)) return false;
    if (row[0].integer() % 1000 == 0) connection->run("INSERT INTO a VALUES ($1)", {row[0]});
    sum += row[0].integer();
    return true;
  };
  const auto rows = connection->run("SELECT * FROM generate_series(1, 5000)", nullptr, recorder);
  CHECK(rows.values == std::vector<Values>{{7}});
  CHECK(sum == 5000 * 5001 / 2 - 7);
  connection->run("COMMIT");
  CHECK(number(*connection, "SELECT count(*) FROM a") == 5);
}

TEST_CASE("PostgreSQL: an error after the first rows reaches the caller, also when another statement came between") {
  const auto connection = open_fresh();
  for (const bool between : {false, true}) {
    Recorder recorder;
    int rows = 0;
    recorder.on_row = [&](const Values&) {
      if (++rows == 1 && between) connection->run("SELECT 1");
      return true;
    };
    const auto error =
        error_of([&] { connection->run("SELECT 10 / (3 - x) FROM generate_series(1, 3) x", nullptr, recorder); });
    REQUIRE(error);
    CHECK(sqlstate(*error) == "22012");
    CHECK(rows == 2);
  }
}

TEST_CASE("PostgreSQL: an observer that throws ends the statement, and the connection and its transaction go on") {
  const auto connection = open_fresh();
  Recorder recorder;
  recorder.on_row = [](const Values&) -> bool { throw std::runtime_error("enough"); };
  CHECK_THROWS_AS(connection->run("SELECT * FROM generate_series(1, 100000000)", nullptr, recorder),
                  std::runtime_error);
  CHECK(number(*connection, "SELECT 1") == 1);
  connection->run("BEGIN");
  CHECK_THROWS_AS(connection->run("SELECT * FROM generate_series(1, 10000)", nullptr, recorder), std::runtime_error);
  CHECK(number(*connection, "SELECT 1") == 1);
  connection->run("COMMIT");
}

TEST_CASE("PostgreSQL: queries that are run together give the rows of each") {
  const auto connection = open_fresh();
  const auto results = connection->run_together(
      {"SELECT 1 AS a, 2 AS b", "SELECT * FROM generate_series(1, 3) AS x", "SELECT 'x' WHERE false"});
  REQUIRE(results.size() == 3);
  CHECK(results[0].columns == Texts{"a", "b"});
  CHECK(results[0].values == std::vector<Values>{{1, 2}});
  CHECK(results[1].values == std::vector<Values>{{1}, {2}, {3}});
  CHECK(results[2].values.empty());
  CHECK(results[2].columns.size() == 1);
  CHECK(connection->run_together({}).empty());

  connection->run("BEGIN");
  CHECK(connection->run_together({"SELECT 1", "SELECT 2"}).size() == 2);
  connection->run("COMMIT");
  const auto error = error_of([&] { connection->run_together({"SELECT 1", "SELECT nothing", "SELECT 1/0"}); });
  REQUIRE(error);
  CHECK(error->statement() == "SELECT nothing");
  CHECK(sqlstate(*error) == "42703");
  CHECK(number(*connection, "SELECT 1") == 1);
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("PostgreSQL: whether a transaction is active follows the statements") {
  const auto connection = open_fresh();
  CHECK_FALSE(connection->is_transaction_active());
  connection->run("BEGIN");
  CHECK(connection->is_transaction_active());
  CHECK_THROWS_AS(connection->run("SELECT 1/0"), Error);
  CHECK(connection->is_transaction_active());
  connection->run("ROLLBACK");
  CHECK_FALSE(connection->is_transaction_active());
}

TEST_CASE("PostgreSQL: what fails after an error in a transaction tells of that error") {
  const auto connection = open_fresh();
  connection->run("BEGIN");
  CHECK_THROWS_AS(connection->run("SELECT nothing"), Error);
  const auto error = error_of([&] { connection->run("SELECT 1"); });
  REQUIRE(error);
  CHECK(sqlstate(*error) == "25P02");
  CHECK(contains(error->what(), "column \"nothing\" does not exist"));
  CHECK(contains(error->remedy(), "savepoint"));
  const auto commit = error_of([&] { connection->run("COMMIT"); });
  REQUIRE(commit);
  CHECK(contains(commit->what(), "rolled back instead of committed"));
  CHECK(contains(commit->what(), "column \"nothing\" does not exist"));
  CHECK_FALSE(connection->is_transaction_active());
  connection->run("BEGIN; COMMIT");
}

TEST_CASE("PostgreSQL: a statement that copies from or to the program is an error, and the connection goes on") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a(x int); INSERT INTO a SELECT * FROM generate_series(1, 10000)");
  const auto input = error_of([&] { connection->run("COPY a FROM STDIN"); });
  REQUIRE(input);
  CHECK(contains(input->what(), "COPY FROM STDIN"));
  CHECK(contains(input->remedy(), "INSERT"));
  const auto output = error_of([&] { connection->run("COPY a TO STDOUT"); });
  REQUIRE(output);
  CHECK(contains(output->what(), "COPY TO STDOUT"));
  CHECK(number(*connection, "SELECT count(*) FROM a") == 10000);
}

TEST_CASE("PostgreSQL: the version is the server's, and the description has no password") {
  const auto connection = open(fresh_database() + "&password=secret");
  const auto known = value(*connection, "SHOW server_version_num").integer();
  CHECK(connection->version() == known / 10000 * 10000 + known % 10000 * 100);
  CHECK(connection->description() ==
        "PostgreSQL database \"" + value(*connection, "SELECT current_database()").text() + '"');
}

TEST_CASE("PostgreSQL: settings that text depends on are made, and others are left as they are") {
  const std::string url = fresh_database();
  const auto before = open(url);
  const std::string name = value(*before, "SELECT current_database()").text();
  before->run("ALTER DATABASE " + name + " SET DateStyle = 'SQL, DMY'; ALTER DATABASE " + name +
              " SET bytea_output = 'escape'; ALTER DATABASE " + name + " SET search_path = other; ALTER DATABASE " +
              name + " SET standard_conforming_strings = off; ALTER DATABASE " + name +
              " SET quote_all_identifiers = on");
  const auto connection = open(url);
  CHECK(value(*connection, "SELECT '29/02/2024'::date") == Value("2024-02-29"));
  CHECK(value(*connection, "SELECT 'a\\'") == Value("a\\"));
  CHECK(value(*connection, "SHOW search_path") == Value("other"));
  CHECK(value(*connection, "SHOW application_name") == Value("whimbrel"));
  CHECK(value(*connection, "SHOW quote_all_identifiers") == Value("off"));
  CHECK(value(*open(url + "&application_name=mine"), "SHOW application_name") == Value("mine"));
}

TEST_CASE("PostgreSQL: the timeout for locks is the option's, or that of the URL, the role or the database") {
  const std::string url = fresh_database();
  CHECK(value(*open(url, 1500ms), "SHOW lock_timeout") == Value("1500ms"));
  CHECK(value(*open(url, 0ms), "SHOW lock_timeout") == Value("1ms"));
  CHECK(value(*open(url, std::chrono::hours(100000)), "SHOW lock_timeout") == Value("2147483647ms"));
  CHECK(value(*open(url + "&options=-c%20lock_timeout%3D7s"), "SHOW lock_timeout") == Value("7s"));
}

TEST_CASE("PostgreSQL: what is opened to be read cannot write") {
  const std::string url = fresh_database();
  open(url)->run("CREATE TABLE a(x int)");
  const auto connection = whimbrel::postgres::driver().open({.url = url, .read_only = true});
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
  const auto error = error_of([&] { connection->run("INSERT INTO a VALUES (1)"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  CHECK(sqlstate(*error) == "25006");
  CHECK(contains(error->what(), "opened read-only"));
}

TEST_CASE("PostgreSQL: a further connection is to the same database, and may write") {
  const std::string url = fresh_database();
  const auto connection = whimbrel::postgres::driver().open({.url = url, .read_only = true});
  connection->open_again()->run("CREATE TABLE a(x int)");
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
}

TEST_CASE("PostgreSQL: notices are told to who listens") {
  const auto connection = open_fresh();
  connection->run("DROP TABLE IF EXISTS nothing");
  Texts notices;
  connection->on_notice([&](const std::string& line) { notices.push_back(line); });
  connection->run("DROP TABLE IF EXISTS nothing");
  connection->run("DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'look' ; END $$");
  CHECK(notices == Texts{"NOTICE: table \"nothing\" does not exist, skipping", "WARNING: careful. look"});
}

TEST_CASE("PostgreSQL: a statement is interrupted from another thread") {
  const auto connection = open_fresh();
  Interrupter interrupter(*connection);
  const auto error = error_of([&] { connection->run("SELECT pg_sleep(600)"); });
  interrupter.stop();
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::interrupted);
  CHECK(number(*connection, "SELECT 1") == 1);
}

TEST_CASE("PostgreSQL: an interrupt between two statements of a text keeps the second from being run") {
  const auto connection = open_fresh();
  Recorder recorder;
  recorder.on_row = [&](const Values&) {
    connection->interrupt();
    return true;
  };
  const auto error = error_of([&] { connection->run("SELECT 1; CREATE TABLE a(x int)", nullptr, recorder); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::interrupted);
  CHECK(value(*connection, "SELECT to_regclass('a')") == Value());
}

TEST_CASE("PostgreSQL: the schemes end with a null pointer") {
  const char* const* const schemes = whimbrel::postgres::driver().schemes;
  CHECK(std::string(schemes[0]) == "postgresql");
  CHECK(std::string(schemes[1]) == "postgres");
  CHECK(schemes[2] == nullptr);
}
