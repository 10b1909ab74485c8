#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "dialect/postgres/dialect.h"
#include "open.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace test::postgres;

/// The statements that pg_dump writes, in one order whatever the database.
std::vector<std::string> dump(Connection& connection) {
  const std::string database = value(connection, "SELECT current_database()").text();
  const std::string command = "pg_dump --schema-only --no-owner '" + test::postgres_server().url(database) + "'";
  std::FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::vector<std::string> statements(1);
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    const std::string_view text = line.data();
    const bool is_comment = text.starts_with("--") || text.starts_with("\\") || text == "\n";
    if (!is_comment) statements.back() += text;
    if (text.ends_with(";\n")) statements.emplace_back();
  }
  REQUIRE(pclose(pipe) == 0);
  std::sort(statements.begin(), statements.end());
  return statements;
}

}  // namespace

TEST_CASE("a database made from what was read of another has the same dump") {
  std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/postgres/everything.sql");
  const std::string script((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  REQUIRE_FALSE(script.empty());
  const std::unique_ptr<Connection> connection = open_fresh();
  connection->run(script);

  const Scope everything{{}, true};
  std::vector<std::string> left_out;
  const std::unique_ptr<Connection> copy = copy_schema(*connection, everything, CopyUse::any_statements, left_out);
  CHECK(left_out == std::vector<std::string>());
  CHECK(canonical(inspect(*copy, everything)) == canonical(inspect(*connection, everything)));
  CHECK(not_modelled(*connection, everything) == std::vector<std::string>());

  const std::vector<std::string> expected = dump(*connection);
  const std::vector<std::string> actual = dump(*copy);
  std::vector<std::string> differences;
  std::set_symmetric_difference(expected.begin(), expected.end(), actual.begin(), actual.end(),
                                std::back_inserter(differences));
  CHECK(expected.size() > 150);
  CHECK(differences == std::vector<std::string>());
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
