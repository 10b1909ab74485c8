#include <doctest/doctest.h>

#include "dialect/postgres/sqlstate.h"
#include "unit/dialect/postgres/open.h"

using namespace whimbrel;
using namespace whimbrel::test::postgres;

namespace {

using dialect::postgres::sqlstate;
using Values = std::vector<Value>;

}  // namespace

TEST_CASE("PostgreSQL: values keep their types and their bytes") {
  const auto connection = open_fresh();
  const Bytes bytes{std::byte{0}, std::byte{0xff}, std::byte{'\\'}};
  connection->run("CREATE TABLE a(i integer, b bigint, d double precision, t text, x bytea, o boolean, n numeric)");
  const Values row{7, std::int64_t{1} << 40, 0.1, "ü''\n", bytes, 1, "123456789012345678901234567890.5"};
  connection->run("INSERT INTO a VALUES ($1, $2, $3, $4, $5, $6, $7)", row);
  CHECK(connection->run("SELECT * FROM a").values == std::vector<Values>{row});
  CHECK(connection->run("SELECT * FROM a").columns == std::vector<std::string>{"i", "b", "d", "t", "x", "o", "n"});
  CHECK(value(*connection, "SELECT NULL::integer") == Value());
}

TEST_CASE("PostgreSQL: a refused statement is an error with its place and the server's code") {
  const auto connection = open_fresh();
  const auto error = error_of([&] { connection->run("SELECT 'ü'; SELECT 'ü', nothing"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::statement);
  CHECK(sqlstate(*error) == "42703");
  CHECK(error->statement() == "SELECT 'ü', nothing");
  CHECK(error->statement_offset() == 13);
  CHECK(contains(error->what(), "column \"nothing\" does not exist"));
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
