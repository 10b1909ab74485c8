#include <doctest/doctest.h>
#include <libpq-fe.h>

#include <memory>

#include "support/postgres_server.h"
#include "unit/dialect/postgres/open.h"
#include "whimbrel/postgres.h"

using namespace whimbrel;
using whimbrel::test::postgres::error_of;

namespace {

/// What another client of the pooler finds.
std::string setting(const std::string& url, const std::string& name) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), ("SHOW " + name).c_str()),
                                                             PQclear);
  REQUIRE(PQresultStatus(result.get()) == PGRES_TUPLES_OK);
  return PQgetvalue(result.get(), 0, 0);
}

}  // namespace

TEST_CASE("a pooler that gives each transaction another session is refused, and nobody's session is changed") {
  for (const std::string mode : {"transaction", "statement"}) {
    CAPTURE(mode);
    const test::PostgresServer server({"--pooler", mode});
    for (const bool read_only : {false, true}) {
      const auto error = error_of([&] { postgres::driver().open({.url = server.url(), .read_only = read_only}); });
      REQUIRE(error);
      CHECK(error->kind() == ErrorKind::connection);
      CHECK(std::string(error->what()).find("transaction-pooling proxy") != std::string::npos);
      CHECK(error->remedy().find("pool_mode = session") != std::string::npos);
    }
    CHECK(setting(server.url(), "lock_timeout") == "0");
    CHECK(setting(server.url(), "default_transaction_read_only") == "off");
  }
}

TEST_CASE("a pooler that keeps the session is no difference, even when it has no second one to give") {
  for (const std::string most : {"20", "1"}) {
    const test::PostgresServer server({"--pooler", "session", "--pool-size", most});
    const auto connection = postgres::driver().open({.url = server.url()});
    connection->run("CREATE TABLE t (x integer); INSERT INTO t VALUES (7)");
    CHECK(connection->run("SELECT x FROM t").values.at(0).at(0).integer() == 7);
    CHECK(connection->run("SHOW lock_timeout").values.at(0).at(0).text() == "5s");
  }
}
