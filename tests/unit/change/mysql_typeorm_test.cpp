#include <algorithm>
#include <fstream>
#include <iterator>

#include "change/generate.h"
#include "operation/describe.h"
#include "unit/change/mysql_there_and_back.h"
#include "unit/change/typeorm_library.h"
#include "whimbrel/data_source.h"

// A database that TypeORM made on MariaDB or MySQL (data/library.mariadb.sql, data/library.mysql.sql), and entities
// that say what TypeORM's did.

namespace {

using namespace whimbrel;
namespace library = test::library;
using Lines = std::vector<std::string>;

/// While it lives, the entities are those of this server.
struct OnThisServer {
  OnThisServer() { library::server = test::is_mariadb() ? library::Server::mariadb : library::Server::mysql; }
  OnThisServer(const OnThisServer&) = delete;
  OnThisServer& operator=(const OnThisServer&) = delete;
  ~OnThisServer() {
    library::server = library::Server::none;
    library::grown = false;
  }
};

/// TypeORM's database, and another one.
struct AdoptedOnMysql : OnThisServer {
  test::mysql::Database database;

  AdoptedOnMysql() {
    std::ifstream file(std::string(WHIMBREL_TEST_DATA_DIRECTORY) +
                       (test::is_mariadb() ? "/library.mariadb.sql" : "/library.mysql.sql"));
    database.query({std::istreambuf_iterator<char>(file), {}});
  }

  [[nodiscard]] static DataSourceOptions options(const std::string& url) {
    DataSourceOptions options;
    options.url = url;
    options.entities = library::all();
    return options;
  }

  [[nodiscard]] std::string changes() const {
    session::Session session(options(database.url()), session::Access::read_only);
    std::string text;
    for (const operation::Operation& operation : change::generate(session).operations) {
      text += operation::describe(operation) + '\n';
    }
    return text;
  }

  /// What the server shows of the tables that are no history's.
  [[nodiscard]] static Lines shown(const test::mysql::Database& shown) {
    Lines lines = test::mysql::shown(shown);
    std::erase_if(lines, [](const std::string& line) {
      return line.starts_with("migrations") || line.starts_with("typeorm_metadata: ");
    });
    return lines;
  }
};

TEST_CASE_FIXTURE(AdoptedOnMysql, "a MariaDB or MySQL database that TypeORM made fits entities that say the same") {
  CHECK(changes() == std::string());
}

TEST_CASE_FIXTURE(AdoptedOnMysql, "entities make of an empty MariaDB or MySQL database what TypeORM's made of it") {
  const test::mysql::Database made;
  // Each server has a default of its own.
  made.query("ALTER DATABASE COLLATE " + database.value("SELECT table_collation FROM information_schema.tables WHERE "
                                                        "table_schema = DATABASE() AND table_name = 'tag'"));
  DataSourceOptions wanted = options(made.url());
  wanted.synchronize = true;
  DataSource(wanted).initialize();
  Lines ours = shown(made);
  const Lines theirs = shown(database);
  REQUIRE(ours.size() == theirs.size());
  // TypeORM takes the session's time for UTC.
  const std::string now = test::is_mariadb() ? "utc_timestamp(6)" : "(utc_timestamp(6))";
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (const std::size_t place = ours[i].find(now); place != std::string::npos) {
      ours[i].replace(place, now.size(), test::is_mariadb() ? "current_timestamp(6)" : "CURRENT_TIMESTAMP(6)");
    }
    CHECK(ours[i] == theirs[i]);
  }
}

TEST_CASE_FIXTURE(AdoptedOnMysql, "entities find no changes in TypeORM's database beside a history of whimbrel's") {
  const fixture::Program program(
      {{"AddNote1800000000000", fixture::statements({"ALTER TABLE `country` ADD COLUMN `note` varchar(255) NULL"}),
        fixture::statements({"ALTER TABLE `country` DROP COLUMN `note`"})}});
  DataSourceOptions wanted = options(database.url());
  wanted.migrations = program.list();
  DataSource source(wanted);
  source.initialize();
  const Lines before = shown(database);
  CHECK(source.run_migrations() == std::vector<std::string>{"AddNote1800000000000"});
  CHECK(database.value("SELECT GROUP_CONCAT(id, ' ', timestamp, ' ', name ORDER BY id) FROM migrations") ==
        "1 1700000000000 CreateLibrary1700000000000,2 1800000000000 AddNote1800000000000");
  // As TypeORM writes to it, which knows nothing of further columns.
  database.query("INSERT INTO migrations(timestamp, name) VALUES (1900000000000, 'Later1900000000000')");
  CHECK(source.pending_migrations().empty());
  database.query("DELETE FROM migrations WHERE timestamp = 1900000000000");
  source.revert_last_migration();
  CHECK(shown(database) == before);
  CHECK(changes() == std::string());
}

TEST_CASE_FIXTURE(AdoptedOnMysql, "entities that have changed lead TypeORM's tables there and back") {
  database.query("INSERT INTO tag(label) VALUES ('a'), ('A')");
  const Lines before = shown(database);
  library::grown = true;
  std::vector<sql::Statement> up;
  std::vector<sql::Statement> down;
  {
    session::Session session(options(database.url()), session::Access::read_only);
    const change::SchemaChange change = change::generate(session);
    CHECK(change::verify(session, change).empty());
    up = change.script.up;
    down = change.script.down;
  }
  test::mysql::run_all(database, up);
  CHECK(changes() == std::string());
  CHECK(shown(database) != before);
  test::mysql::run_all(database, down);
  CHECK(shown(database) == before);
  library::grown = false;
  CHECK(changes() == std::string());
}

}  // namespace
