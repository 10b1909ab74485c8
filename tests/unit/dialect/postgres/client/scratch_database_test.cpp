#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "dialect/postgres/text/sqlstate.h"
#include "temporary_directory.h"
#include "unit/dialect/postgres/open.h"
#include "whimbrel/postgres.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::postgres;

namespace {

std::int64_t count_scratches() {
  return postgres_server()
      .run("SELECT count(*) FROM pg_database WHERE datname LIKE 'whimbrel\\_scratch%'")
      .values[0][0]
      .integer();
}

std::unique_ptr<dialect::Connection> open_scratch(const std::string& url) {
  return whimbrel::postgres::driver().open_scratch({.url = url});
}

}  // namespace

TEST_CASE("PostgreSQL: a scratch database is empty, like the other, and gone with its connection") {
  postgres_server().run(
      "CREATE DATABASE whimbrel_latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  {
    const auto connection = open(postgres_server().url("whimbrel_latin"));
    connection->run("CREATE TABLE a(x int); BEGIN");
    const auto scratch = connection->open_scratch();
    const auto second = connection->open_scratch();
    CHECK(count_scratches() == 2);
    CHECK(value(*scratch, "SELECT to_regclass('a')") == Value());
    CHECK(value(*scratch, "SHOW server_encoding") == Value("LATIN1"));
    CHECK(value(*scratch, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == Value("C"));
    CHECK(value(*scratch, "SELECT 'ü'") == Value("ü"));
    CHECK(contains(scratch->description(), "scratch"));
    scratch->run("CREATE TABLE b(x int); BEGIN");
  }
  CHECK(count_scratches() == 0);
  postgres_server().run("DROP DATABASE whimbrel_latin");
}

TEST_CASE("PostgreSQL: a scratch database needs a server, and not the URL's database") {
  const auto scratch = open_scratch(postgres_server().url("nothing"));
  CHECK(number(*scratch, "SELECT 1") == 1);
  CHECK(error_of([] { open_scratch("postgresql:///app?host=/nowhere"); })->kind() == ErrorKind::connection);
}

TEST_CASE("PostgreSQL: a role that may not create databases is told so") {
  postgres_server().run("CREATE ROLE scratchless LOGIN");
  const auto error = error_of([] { open_scratch(postgres_server().url_as("scratchless", "postgres")); });
  REQUIRE(error);
  CHECK(dialect::postgres::sqlstate(*error) == "42501");
  CHECK(contains(error->remedy(), "ALTER ROLE \"scratchless\" CREATEDB"));
  postgres_server().run("DROP ROLE scratchless");
}

TEST_CASE("PostgreSQL: a scratch database that was left behind is dropped with the next, and nothing but that") {
  const std::string url = fresh_database();
  const auto in_use = open_scratch(url);
  const std::string mark = postgres_server()
                               .run(
                                   "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE "
                                   "'whimbrel\\_scratch%'")
                               .values[0][0]
                               .text();
  CHECK_FALSE(mark.empty());
  // A process of that number may run; it began at another time.
  const std::string pid = postgres_server().run("SELECT min(pid)::text FROM pg_stat_activity").values[0][0].text();
  for (const std::string& name : {std::string("1_2_3"), pid + "_2_3"}) {
    postgres_server().run("CREATE DATABASE whimbrel_scratch_" + name + " TEMPLATE template0");
    postgres_server().run("COMMENT ON DATABASE whimbrel_scratch_" + name + " IS '" + mark + '\'');
  }
  postgres_server().run("ALTER DATABASE whimbrel_scratch_1_2_3 IS_TEMPLATE true");
  // Somebody's, who chose such a name.
  postgres_server().run("CREATE DATABASE whimbrel_scratch_4_5_6 TEMPLATE template0");
  CHECK(count_scratches() == 4);
  {
    const auto next = open_scratch(url);
    CHECK(count_scratches() == 3);
    CHECK(number(*in_use, "SELECT 1") == 1);
  }
  CHECK(count_scratches() == 2);
  postgres_server().run("DROP DATABASE whimbrel_scratch_4_5_6");
}

TEST_CASE("PostgreSQL: a scratch database that cannot be dropped is named on the error stream") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("error");
  postgres_server().run("CREATE ROLE maker LOGIN CREATEDB");
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  ::dup2(file, STDERR_FILENO);
  {
    const auto scratch = open_scratch(postgres_server().url_as("maker", "postgres"));
    postgres_server().run("ALTER DATABASE \"" + value(*scratch, "SELECT current_database()").text() +
                          "\" OWNER TO postgres");
  }
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  ::close(file);
  std::ifstream stream(path);
  std::string line;
  std::getline(stream, line);
  CHECK(contains(line, "warning: \"whimbrel_scratch_"));
  CHECK(contains(line, "remains on the server"));
  CHECK(count_scratches() == 1);
  open_scratch(fresh_database());
  CHECK(count_scratches() == 0);
  postgres_server().run("DROP ROLE maker");
}

TEST_CASE("PostgreSQL: a killed program leaves no scratch database and no role, without another run") {
  const std::string url = fresh_database();
  const auto leftovers = [] {
    return postgres_server()
        .run(
            "SELECT (SELECT count(*) FROM pg_database WHERE datname LIKE 'whimbrel\\_scratch%') + (SELECT count(*) "
            "FROM pg_roles WHERE rolname LIKE 'whimbrel\\_scratch%')")
        .values[0][0]
        .integer();
  };
  for (int kill_after = 0; kill_after < 120; kill_after += 10) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const auto scratch = whimbrel::postgres::driver().open_scratch({.url = url, .confined = true});
        scratch->run(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database()); END $$;"
            "SELECT pg_sleep(60)");
      } catch (...) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kill_after));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (int i = 0; i < 200 && leftovers() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(leftovers() == 0);
  }
}
