#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "dialect/postgres/dialect.h"
#include "dialect/statement_error.h"
#include "unit/dialect/postgres/open.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace test::postgres;

std::vector<std::string> dump(Connection& connection) {
  return test::dumped_statements(test::postgres_server().url(value(connection, "SELECT current_database()").text()));
}

}  // namespace

TEST_CASE("a database made from what was read of another has the same dump") {
  std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/postgres/everything.sql");
  const std::string script = test::for_server({std::istreambuf_iterator<char>(file), {}});
  REQUIRE_FALSE(script.empty());
  const std::unique_ptr<Connection> connection = open_fresh();
  connection->run(script);

  const InspectScope everything{{}, true};
  std::vector<std::string> left_out;
  const std::unique_ptr<Connection> copy = copy_schema(*connection, everything, CopyUse::any_statements, left_out);
  CHECK(left_out == std::vector<std::string>());
  CHECK(canonical(inspect(*copy, everything)) == canonical(inspect(*connection, everything)));
  CHECK(unsupported_objects(*connection, everything) == std::vector<std::string>());

  const std::vector<std::string> expected = dump(*connection);
  const std::vector<std::string> actual = dump(*copy);
  std::vector<std::string> differences;
  std::set_symmetric_difference(expected.begin(), expected.end(), actual.begin(), actual.end(),
                                std::back_inserter(differences));
  CHECK(expected.size() > 150);
  CHECK(differences == std::vector<std::string>());
}

TEST_CASE("the reason of an error is the same in a scratch schema and on the connection itself") {
  const std::unique_ptr<Connection> connection = open_fresh();
  const std::unique_ptr<Connection> scratch = open_scratch(*connection, 10);
  for (Connection* const tried : {connection.get(), scratch.get()}) {
    const std::optional<Error> error = error_of([&] { tried->run("SELECT 1 / 0"); });
    REQUIRE(error);
    CHECK(reason(*error, *tried) == "division by zero.");
  }
}

TEST_CASE("a function is copied whose body reads a table that is made after it") {
  const std::unique_ptr<Connection> connection = open_fresh();
  connection->run("CREATE TABLE tag (id integer)");
  connection->run("CREATE FUNCTION tags() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM tag'");
  for (const CopyUse use : {CopyUse::generated_statements, CopyUse::any_statements}) {
    std::vector<std::string> left_out;
    const std::unique_ptr<Connection> copy = copy_schema(*connection, {}, use, left_out);
    CHECK(left_out == std::vector<std::string>());
    CHECK(number(*copy, "SELECT tags()") == 0);
  }
}

}  // namespace whimbrel::dialect::postgres
