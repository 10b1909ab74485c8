#include "dialect/mysql/client/destination.h"

#include <doctest/doctest.h>

#include <fstream>

#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;
using dialect::mysql::describe;
using dialect::mysql::read_url;
using dialect::mysql::TlsMode;

TEST_CASE("MySQL: a URL has the parts of a connection, percent-encoded") {
  const auto all = read_url(
      "mysql://a%40b:p%2Fw%3A@example.org:3307/my%20db?ssl-mode=VERIFY-IDENTITY&ssl_ca=/ca.pem&connect-timeout=3");
  CHECK(all.user == "a@b");
  CHECK(all.password == "p/w:");
  CHECK(all.host == "example.org");
  CHECK(all.port == 3307);
  CHECK(all.database == "my db");
  CHECK(all.tls == TlsMode::verified);
  CHECK(all.files.at("ssl-ca") == "/ca.pem");
  CHECK(all.connect_timeout == 3);
  CHECK_FALSE(all.is_local());
  CHECK(describe(all, all.title) == "MySQL database \"my db\" on example.org:3307");
  const auto local = read_url("mariadb://root@localhost/x");
  CHECK(local.is_local());
  CHECK(describe(local, local.title) == "MariaDB database \"x\"");
  CHECK_FALSE(read_url("mysql://localhost:3306/x").is_local());
  CHECK_FALSE(read_url("mysql://localhost/x?protocol=tcp").is_local());
  CHECK(read_url("mysql://localhost/x?socket=%2Frun%2Fa").socket == "/run/a");
  CHECK(read_url("mysql://[::1]:3307/x").host == "::1");
  CHECK(read_url("mysql://[::1]/x").port == 0);
}

TEST_CASE("MySQL: a URL with a mistake is refused without its password") {
  const auto refused = [](const std::string& url) {
    const auto error = error_of([&] { static_cast<void>(read_url(url)); });
    CAPTURE(url);
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::usage);
    CHECK_FALSE(contains(error->what(), "secret"));
    return *error;
  };
  CHECK(contains(refused("mysql://a@b/c?nothing=1").what(), "unknown parameter \"nothing\""));
  CHECK(contains(refused("mysql://a@b/c?nothing=1").remedy(), "ssl-mode"));
  refused("mysql:a@b/c");
  refused("mysql://a:sec@ret-secret@b/c");
  refused("mysql://a:secret@b:x/c");
  refused("mysql://a:secret@b:99999/c");
  refused("mysql://a:secret@b/c%2");
  refused("mysql://a:secret@b/c%00");
  refused("mysql://a:secret@b/c/d");
  refused("mysql://a:secret@[::1/c");
  refused("mysql://a:secret@b/c?ssl-mode=maybe");
  refused("mysql://a:secret@b/c?connect-timeout=soon");
  CHECK(contains(refused("mysql://a:secret@b/c?ssl-mode=verify-ca").remedy(), "verify-identity"));
}

TEST_CASE("MySQL: an option file that the URL names has what the URL omits") {
  MysqlServer& server = mysql_server();
  server.run(
      "CREATE USER IF NOT EXISTS whimbrel_password@localhost IDENTIFIED BY 'p@/w'; GRANT ALL ON *.* TO "
      "whimbrel_password@localhost");
  const std::string url = server.fresh_database();
  const std::string socket = url.substr(url.find("?socket=") + 8);
  const std::string name = url.substr(url.find("localhost/") + 10, url.find('?') - url.find("localhost/") - 10);
  const std::string file = socket + ".cnf";
  std::ofstream(file) << "[mine]\nuser=whimbrel_password\npassword='p@/w'\nsocket=" << socket << "\n";
  const auto connection = open("mysql://localhost/" + name + "?defaults-file=" + file + "&defaults-group=mine");
  CHECK(value(*connection, "SELECT user()") == Value("whimbrel_password@localhost"));
  CHECK(value(*open(server.url_as("whimbrel_password:p%40%2Fw", name)), "SELECT 1") == Value(1));
  const auto wrong = error_of([&] { open(server.url_as("whimbrel_password:secret", name)); });
  REQUIRE(wrong);
  CHECK(wrong->kind() == ErrorKind::connection);
  CHECK(wrong->native_code() == 1045);
  CHECK_FALSE(contains(wrong->what(), "secret"));
}

TEST_CASE("MySQL: what cannot be reached says what to do") {
  const auto missing = error_of([] { open(mysql_server().url("nothing")); });
  REQUIRE(missing);
  CHECK(missing->native_code() == 1049);
  CHECK(contains(missing->remedy(), "CREATE DATABASE `nothing`"));
  const auto none = error_of([] { open(mysql_server().url("")); });
  CHECK(contains(none->what(), "names no database"));
  const auto nobody = error_of([] { open("mysql://localhost/a?socket=/tmp/nothing/socket"); });
  CHECK(contains(nobody->remedy(), "Check that the server is running."));
  const auto address = error_of([] { open("mysql://127.0.0.1:1/a?connect-timeout=2"); });
  CHECK(contains(address->what(), "on 127.0.0.1:1"));
}
