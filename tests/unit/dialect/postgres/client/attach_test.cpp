#include <doctest/doctest.h>
#include <libpq-fe.h>

#include "unit/dialect/postgres/open.h"

#include "whimbrel/postgres.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::postgres;

namespace {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Program = std::unique_ptr<PGconn, Finish>;

Program connect(const std::string& url) { return Program(PQconnectdb(url.c_str())); }

std::string text(const Program& program, const char* sql) {
  PGresult* const result = PQexec(program.get(), sql);
  std::string value = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
  PQclear(result);
  return value;
}

std::unique_ptr<dialect::Connection> attach(const Program& program) {
  return whimbrel::postgres::driver().attach(program.get(), {.busy_timeout = std::chrono::milliseconds(5)});
}

}  // namespace

TEST_CASE("PostgreSQL: a program's own connection is used as it is, and stays open and unchanged") {
  const Program program = connect(fresh_database());
  text(program, "SET DateStyle = 'SQL, DMY'");
  text(program, "SET bytea_output = escape");
  text(program, "SET lock_timeout = 1234");
  text(program, "SET client_encoding = LATIN1");
  {
    const auto connection = attach(program);
    CHECK(contains(connection->description(), "PostgreSQL database \"test_"));
    CHECK(value(*connection, "SELECT '29/02/2024'::date") == Value("2024-02-29"));
    CHECK(value(*connection, "SELECT 'ü'") == Value("ü"));
    CHECK(value(*connection, "SHOW lock_timeout") == Value("1234ms"));
    connection->run("CREATE TABLE a(x int UNIQUE); INSERT INTO a VALUES (1)");
    CHECK(error_of([&] { connection->run("INSERT INTO a VALUES (1)"); }));
    connection->reconnect_if_lost();
  }
  CHECK(text(program, "SHOW DateStyle") == "SQL, DMY");
  CHECK(text(program, "SHOW bytea_output") == "escape");
  CHECK(text(program, "SHOW lock_timeout") == "1234ms");
  CHECK(text(program, "SHOW client_encoding") == "LATIN1");
  CHECK(PQisnonblocking(program.get()) == 0);
  CHECK(text(program, "SELECT count(*) FROM a") == "1");
}

TEST_CASE("PostgreSQL: the program's own notices go where they went") {
  const Program program = connect(fresh_database());
  std::string seen;
  PQsetNoticeProcessor(
      program.get(), [](void* text, const char* message) { *static_cast<std::string*>(text) += message; }, &seen);
  const auto connection = attach(program);
  connection->on_notice([](const std::string&) { FAIL("the program's connection"); });
  connection->run("DROP TABLE IF EXISTS nothing");
  CHECK(contains(seen, "does not exist, skipping"));
}

TEST_CASE("PostgreSQL: a program's own connection must be there, open and outside a transaction") {
  const auto kind_of = [](PGconn* connection) {
    const auto error = error_of([&] { whimbrel::postgres::driver().attach(connection, {}); });
    REQUIRE(error);
    CHECK_FALSE(error->remedy() == "?");
    return error->kind();
  };
  CHECK(kind_of(nullptr) == ErrorKind::usage);
  CHECK(kind_of(connect("postgresql:///app?host=/nowhere").get()) == ErrorKind::usage);
  const Program program = connect(fresh_database());
  text(program, "BEGIN");
  CHECK(kind_of(program.get()) == ErrorKind::usage);
  text(program, "ROLLBACK");
  PQsendQuery(program.get(), "SELECT 1");
  CHECK(kind_of(program.get()) == ErrorKind::usage);
}

TEST_CASE("PostgreSQL: a program's own connection that is lost is not made anew") {
  const Program program = connect(fresh_database());
  const auto connection = attach(program);
  postgres_server().run("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(program.get())) + ')');
  connection->reconnect_if_lost();
  const auto error = error_of([&] { connection->run("SELECT 1"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
}

TEST_CASE("PostgreSQL: a scratch database is made beside the program's own connection") {
  const Program program = connect(fresh_database());
  const auto connection = attach(program);
  CHECK(number(*connection->open_scratch(), "SELECT 1") == 1);
}
