#include <doctest/doctest.h>

#include <thread>

#include "dialect/postgres/text/sqlstate.h"
#include "unit/dialect/postgres/open.h"

// What goes wrong on the way to the server and with its answers: one clear error with a remedy each.

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::postgres;
using namespace std::chrono_literals;

namespace {

using dialect::postgres::sqlstate;

Error failure_of(const std::function<void()>& function) {
  const auto error = error_of(function);
  REQUIRE(error);
  return *error;
}

Error open_failure(const std::string& url) {
  return failure_of([&] { open(url); });
}

/// The name of the database of a URL of the tests' server.
std::string database_of(const std::string& url) {
  const auto begin = url.find("@/") + 2;
  return url.substr(begin, url.find('?') - begin);
}

/// A role that is there for the test alone.
class Role {
 public:
  explicit Role(std::string name, const std::string& attributes = "LOGIN") : name_(std::move(name)) {
    postgres_server().run("DROP ROLE IF EXISTS " + name_ + "; CREATE ROLE " + name_ + ' ' + attributes);
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  ~Role() { postgres_server().run("DROP OWNED BY " + name_ + "; DROP ROLE " + name_); }

 private:
  std::string name_;
};

void end_sessions(const std::string& database) {
  const std::string sessions = " FROM pg_stat_activity WHERE datname = '" + database + "'";
  postgres_server().run("SELECT pg_terminate_backend(pid)" + sessions);
  while (!postgres_server().run("SELECT" + sessions).values.empty()) std::this_thread::sleep_for(5ms);
}

/// Waits until somebody waits for a lock in the database.
void wait_for_waiting(const std::string& database) {
  while (postgres_server()
             .run("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '" + database + "'")
             .values.empty()) {
    std::this_thread::sleep_for(5ms);
  }
}

}  // namespace

TEST_CASE("PostgreSQL: a server that is not there is an error that says where it was looked for") {
  const Error socket = open_failure("postgresql:///app?host=/nowhere");
  CHECK(socket.kind() == ErrorKind::connection);
  CHECK(contains(socket.what(), "\"app\" cannot be reached"));
  CHECK_FALSE(contains(socket.what(), "?"));  // libpq asks on a second line whether the server is running.
  CHECK(contains(socket.what(), "/nowhere"));
  CHECK(contains(socket.remedy(), "Check that the server is running"));
  const Error port = open_failure("postgresql://ada:secret@127.0.0.1:1/app");
  CHECK(port.kind() == ErrorKind::connection);
  CHECK(contains(port.what(), "PostgreSQL database \"app\" on 127.0.0.1:1"));
  CHECK_FALSE(contains(port.what(), "secret"));
  CHECK_FALSE(contains(port.what(), "\n"));
}

TEST_CASE("PostgreSQL: a URL that cannot be read is an error that shows no password") {
  for (const std::string url : {"postgresql:app", "postgresql:/app", "postgres:app", "postgresql"}) {
    const Error error = open_failure(url);
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(contains(error.remedy(), "postgresql://"));
  }
  for (const std::string url : {"postgresql://ada:sec%ret@host/app", "postgresql://host/app?nothing=1",
                                "postgresql://host/app?password=sec%zzret", "postgresql://[::1/app"}) {
    CAPTURE(url);
    const Error error = open_failure(url);
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(contains(error.what(), "cannot be parsed"));
    CHECK_FALSE(contains(error.what(), "ret"));
  }
}

TEST_CASE("PostgreSQL: the scheme counts whatever its case") {
  std::string url = fresh_database();
  url.replace(0, 10, "PostgreSQL");
  CHECK(number(*open(url), "SELECT 1") == 1);
}

TEST_CASE("PostgreSQL: an unknown database, an unknown role and a missing right to connect are told apart") {
  const Error database = open_failure(postgres_server().url("nothing"));
  CHECK(database.kind() == ErrorKind::connection);
  CHECK(sqlstate(database) == "3D000");
  CHECK(contains(database.what(), "database \"nothing\" does not exist"));
  CHECK(contains(database.remedy(), "createdb \"nothing\""));

  const Error role = open_failure(postgres_server().url_as("nobody", "postgres"));
  CHECK(sqlstate(role) == "28000");
  CHECK(contains(role.what(), "role \"nobody\" does not exist"));
  CHECK(contains(role.remedy(), "\"nobody\""));

  const std::string url = fresh_database();
  const Role stranger("stranger");
  postgres_server().run("REVOKE CONNECT ON DATABASE " + database_of(url) + " FROM public");
  const Error right = open_failure(postgres_server().url_as("stranger", database_of(url)));
  CHECK(sqlstate(right) == "42501");
  CHECK(contains(right.remedy(), "GRANT CONNECT ON DATABASE \"" + database_of(url) + "\" TO \"stranger\";"));
}

TEST_CASE("PostgreSQL: a password that is wrong or missing is asked for, and one that is right is taken from the URL") {
  const Role role("whimbrel_password", "LOGIN PASSWORD 'p@ss/w%rd'");
  const std::string url = postgres_server().url_as("whimbrel_password", "postgres");
  const Error missing = open_failure(url + "&passfile=/nowhere");
  CHECK(missing.kind() == ErrorKind::connection);
  CHECK(contains(missing.remedy(), "~/.pgpass"));
  CHECK(contains(missing.remedy(), "\"whimbrel_password\""));
  const Error wrong = open_failure(url + "&password=guess");
  CHECK(sqlstate(wrong) == "28P01");
  CHECK(contains(wrong.remedy(), "PGPASSWORD"));
  CHECK_FALSE(contains(wrong.what(), "guess"));
  CHECK(number(*open(postgres_server().url_as("whimbrel_password:p%40ss%2Fw%25rd", "postgres")), "SELECT 1") == 1);
}

TEST_CASE("PostgreSQL: too many connections are an error with a remedy") {
  const std::string url = fresh_database();
  const Role stranger("stranger", "LOGIN CONNECTION LIMIT 1");
  const std::string theirs = postgres_server().url_as("stranger", database_of(url));
  const auto one = open(theirs);
  const Error error = open_failure(theirs);
  CHECK(error.kind() == ErrorKind::connection);
  CHECK(sqlstate(error) == "53300");
  CHECK(contains(error.remedy(), "Close unused connections"));
}

TEST_CASE("PostgreSQL: a missing right is an error that says who needs which") {
  const std::string url = fresh_database();
  const Role stranger("stranger");
  const auto owner = open(url);
  owner->run("CREATE TABLE a(x int); CREATE SCHEMA s; REVOKE CREATE ON SCHEMA public FROM public");
  {
    const auto connection = open(postgres_server().url_as("stranger", database_of(url)));
    const auto remedy_of = [&](std::string_view sql) {
      const Error error = failure_of([&] { connection->run(sql); });
      CHECK(error.kind() == ErrorKind::statement);
      CHECK(sqlstate(error) == "42501");
      return error.remedy();
    };
    const std::string in_public = remedy_of("CREATE TABLE b(x int)");
    CHECK(contains(in_public, "GRANT USAGE, CREATE ON schema public TO \"stranger\";"));
    CHECK(contains(in_public, "Since PostgreSQL 15"));
    CHECK(contains(remedy_of("SELECT * FROM s.a"), "GRANT USAGE ON schema s TO \"stranger\";"));
    CHECK(contains(remedy_of("SELECT * FROM a"), "GRANT SELECT ON table a TO \"stranger\";"));
    CHECK(contains(remedy_of("DELETE FROM a"), "GRANT DELETE ON table a"));
    CHECK(contains(remedy_of("ALTER TABLE a ADD y int"), "make \"stranger\" the owner"));
    CHECK(contains(remedy_of("CREATE DATABASE b"), "ALTER ROLE \"stranger\" CREATEDB"));
    CHECK(contains(remedy_of("SET ROLE postgres"), "Role \"stranger\" lacks"));
    CHECK(connection->open_scratch() == nullptr);
  }
  owner->run("DROP OWNED BY stranger");
}

TEST_CASE("PostgreSQL: a role that may not write is told how it came") {
  const std::string url = fresh_database();
  const auto connection = open(url + "&options=-c%20default_transaction_read_only%3Don");
  const Error error = failure_of([&] { connection->run("CREATE TABLE a(x int)"); });
  CHECK(error.kind() == ErrorKind::connection);
  CHECK(contains(error.what(), "cannot be written"));
  CHECK(contains(error.remedy(), "default_transaction_read_only"));
}

TEST_CASE("PostgreSQL: a replica is told apart") {
  const PostgresServer replica({"--standby"});
  const auto connection = open(replica.url());
  CHECK(number(*connection, "SELECT 1") == 1);
  const Error error = failure_of([&] { connection->run("CREATE TABLE a(x int)"); });
  CHECK(error.kind() == ErrorKind::connection);
  // Before version 14, a server does not say what it is.
  const bool is_said = test::has_postgres(14);
  CHECK(contains(is_said ? error.what() : error.remedy(), "replica"));
  CHECK(contains(error.remedy(), "primary") == is_said);
  CHECK(connection->open_scratch() == nullptr);
}

TEST_CASE("PostgreSQL: the server's time limit is no interrupt") {
  const auto connection = open_fresh();
  connection->run("SET statement_timeout = 20");
  const Error error = failure_of([&] { connection->run("SELECT pg_sleep(600)"); });
  CHECK(error.kind() == ErrorKind::statement);
  CHECK(sqlstate(error) == "57014");
  CHECK(contains(error.what(), "statement timeout"));
  CHECK(contains(error.remedy(), "statement_timeout"));
}

TEST_CASE("PostgreSQL: a lock that is not given up is an error that says which, and who has it") {
  const std::string url = fresh_database();
  const auto holder = open(url + "&application_name=holder");
  holder->run("CREATE TABLE a(x int); BEGIN; INSERT INTO a VALUES (1)");
  const auto connection = open(url, 1500ms);
  const auto start = std::chrono::steady_clock::now();
  const Error error = failure_of([&] { connection->run("ALTER TABLE a ADD y int"); });
  CHECK(std::chrono::steady_clock::now() - start >= 1500ms);
  CHECK(error.kind() == ErrorKind::busy);
  CHECK(sqlstate(error) == "55P03");
  CHECK(contains(error.what(), R"(on "public"."a" (AccessExclusiveLock), held by process )"));
  CHECK(contains(error.what(), "(postgres, holder, idle in transaction)"));
  CHECK(contains(error.remedy(), "busy_timeout"));
  holder->run("COMMIT");
  connection->run("ALTER TABLE a ADD y int");
}

TEST_CASE("PostgreSQL: a lock of a prepared transaction names that transaction") {
  const std::string url = fresh_database();
  const auto holder = open(url);
  holder->run("CREATE TABLE a(x int); BEGIN; INSERT INTO a VALUES (1); PREPARE TRANSACTION 'it''s mine'");
  const auto connection = open(url, 1500ms);
  const Error error = failure_of([&] { connection->run("DROP TABLE a"); });
  CHECK(error.kind() == ErrorKind::busy);
  CHECK(contains(error.what(), "held by the prepared transaction 'it's mine'"));
  CHECK(contains(error.remedy(), "ROLLBACK PREPARED 'it''s mine' "));
  CHECK(contains(error.remedy(), "pg_prepared_xacts"));
  holder->run("ROLLBACK PREPARED 'it''s mine'");
}

TEST_CASE("PostgreSQL: a lock that is given up in time is waited for") {
  const std::string url = fresh_database();
  const auto holder = open(url);
  holder->run("CREATE TABLE a(x int); BEGIN; LOCK TABLE a");
  const auto connection = open(url, 60s);
  std::thread release([&] {
    wait_for_waiting(database_of(url));
    holder->run("COMMIT");
  });
  connection->run("INSERT INTO a VALUES (1)");
  release.join();
  CHECK(number(*holder, "SELECT count(*) FROM a") == 1);
}

TEST_CASE("PostgreSQL: waiting for a lock is interrupted") {
  const std::string url = fresh_database();
  const auto holder = open(url);
  holder->run("CREATE TABLE a(x int); BEGIN; LOCK TABLE a");
  const auto connection = open(url, 60s);
  std::thread interrupt([&] {
    wait_for_waiting(database_of(url));
    connection->interrupt();
  });
  const Error error = failure_of([&] { connection->run("SELECT * FROM a"); });
  interrupt.join();
  CHECK(error.kind() == ErrorKind::interrupted);
}

TEST_CASE("PostgreSQL: a deadlock is an error that says to run it again") {
  const std::string url = fresh_database() + "&options=-c%20deadlock_timeout%3D10ms";
  const auto one = open(url, 60s);
  const auto other = open(url, 60s);
  one->run("CREATE TABLE a(x int); CREATE TABLE b(x int); BEGIN; LOCK TABLE a");
  other->run("BEGIN; LOCK TABLE b");
  std::optional<Error> other_error;
  std::thread thread([&] { other_error = error_of([&] { other->run("LOCK TABLE a; COMMIT"); }); });
  wait_for_waiting(database_of(url.substr(0, url.find('&'))));
  const auto error = error_of([&] { one->run("LOCK TABLE b"); });
  if (!error) one->run("ROLLBACK");
  thread.join();
  const Error failed = error ? *error : other_error.value();
  CHECK(failed.kind() == ErrorKind::busy);
  CHECK(sqlstate(failed) == "40P01");
  CHECK(contains(failed.remedy(), "Run it again"));
}

TEST_CASE("PostgreSQL: a connection that is cut during a statement is an error, and the next command has a new one") {
  const std::string url = fresh_database();
  const auto connection = open(url);
  connection->run("CREATE TABLE a(x int); BEGIN; INSERT INTO a VALUES (1)");
  std::thread cut([&] {
    while (postgres_server().run("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'").values.empty()) {
    }
    end_sessions(database_of(url));
  });
  const Error error = failure_of([&] { connection->run("SELECT pg_sleep(600)"); });
  cut.join();
  CHECK(error.kind() == ErrorKind::connection);
  CHECK(sqlstate(error) == "57P01");
  CHECK(contains(error.what(), "ended the connection"));
  CHECK(contains(error.remedy(), "rolled back"));
  CHECK_FALSE(connection->is_transaction_active());
  // Not in the middle of what was lost.
  const Error after = failure_of([&] { connection->run("INSERT INTO a VALUES (2)"); });
  CHECK(after.kind() == ErrorKind::connection);
  CHECK(contains(after.what(), "is lost"));
  connection->reconnect_if_lost();
  CHECK(number(*connection, "SELECT count(*) FROM a") == 0);
  CHECK(value(*connection, "SHOW lock_timeout") == Value("5s"));
}

TEST_CASE("PostgreSQL: a connection that is cut between commands is made anew, but for one inside a transaction") {
  const std::string url = fresh_database();
  const auto connection = open(url);
  end_sessions(database_of(url));
  connection->reconnect_if_lost();
  CHECK(number(*connection, "SELECT 1") == 1);
  connection->run("BEGIN");
  connection->reconnect_if_lost();
  CHECK(connection->is_transaction_active());
  end_sessions(database_of(url));
  const Error error = failure_of([&] { connection->reconnect_if_lost(); });
  CHECK(error.kind() == ErrorKind::connection);
  CHECK(contains(error.what(), "in the middle of a transaction"));
  connection->reconnect_if_lost();
  CHECK_FALSE(connection->is_transaction_active());
  CHECK(number(*connection, "SELECT 1") == 1);
}

TEST_CASE("PostgreSQL: a connection that is cut at COMMIT leaves the outcome open, and the remedy says so") {
  const std::string url = fresh_database();
  const auto connection = open(url);
  connection->run("CREATE TABLE a(x int); BEGIN; INSERT INTO a VALUES (1)");
  end_sessions(database_of(url));
  const Error error = failure_of([&] { connection->run("COMMIT"); });
  CHECK(error.kind() == ErrorKind::connection);
  CHECK(contains(error.remedy(), "It is unknown"));
}

TEST_CASE("PostgreSQL: a server that stops is an error before and after, until it is back") {
  PostgresServer server;
  const auto connection = open(server.url());
  server.stop();
  CHECK(failure_of([&] { connection->run("SELECT 1"); }).kind() == ErrorKind::connection);
  const Error error = failure_of([&] { connection->reconnect_if_lost(); });
  CHECK(error.kind() == ErrorKind::connection);
  CHECK(contains(error.what(), "cannot be reached"));
}

TEST_CASE("PostgreSQL: a limit of the server's resources is an error of the connection") {
  const auto connection = open_fresh();
  // Nothing here fills a disk; the server's own words are what is read.
  const Error disk = failure_of([&] {
    connection->run(
        "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100', HINT = 'Check free disk space.'; "
        "END $$");
  });
  CHECK(disk.kind() == ErrorKind::connection);
  CHECK(contains(disk.what(), "the disk of the server is full"));
  CHECK(contains(disk.remedy(), "Check free disk space. Free space"));
  for (const char* code : {"53200", "58030", "XX001"}) {
    const Error error = failure_of([&] {
      connection->run("DO $$ BEGIN RAISE EXCEPTION 'out' USING ERRCODE = '" + std::string(code) + "'; END $$");
    });
    CHECK(error.kind() == ErrorKind::connection);
  }
}
