#include <doctest/doctest.h>

#include "support/mysql_server.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/data_source.h"
#include "whimbrel/schema.h"

// The schema operations of a QueryRunner on MariaDB and MySQL.

namespace {

using namespace whimbrel;

/// Counts the catalogue's queries of tables, and those that name the table "author".
struct Queries {
  int all = 0;
  int of_author = 0;
};

void count(LogLevel level, const char* line, void* context) {
  const std::string text = line;
  if (level != LogLevel::query || text.find("information_schema.TABLES WHERE") == std::string::npos) return;
  Queries& queries = *static_cast<Queries*>(context);
  ++queries.all;
  if (text.find("TABLE_NAME IN ('author')") != std::string::npos) ++queries.of_author;
}

}  // namespace

TEST_CASE("MariaDB and MySQL: has_table() and has_column() read their table alone") {
  Queries queries;
  DataSourceOptions options;
  options.url = test::mysql_server().fresh_database();
  options.logger = count;
  options.logger_context = &queries;
  DataSource source(options);
  source.initialize();
  QueryRunner& runner = source.query_runner();
  runner.query("CREATE TABLE author (id int PRIMARY KEY)");
  runner.query("CREATE TABLE book (id int PRIMARY KEY, author_id int REFERENCES author (id))");
  CHECK(runner.has_table("author"));
  CHECK(runner.has_column("author", "ID"));
  CHECK_FALSE(runner.has_column("author", "name"));
  CHECK(queries.all == 3);
  CHECK(queries.of_author == 3);
  CHECK_FALSE(runner.has_table("reader"));
  CHECK(runner.get_table("author").columns.size() == 1);
}
