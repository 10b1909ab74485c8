#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "temporary_directory.h"
#include "unit/dialect/mysql/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using namespace whimbrel::test::mysql;

namespace {

/// Returns a port that nothing listens on.
std::string free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound = bind(descriptor, any, size) == 0 && getsockname(descriptor, any, &size) == 0;
  close(descriptor);
  REQUIRE(is_bound);
  return std::to_string(ntohs(address.sin_port));
}

/// An authority, a certificate of it for the host `localhost`, and another authority.
struct Certificates {
  TemporaryDirectory directory;

  Certificates() {
    make_authority("ca");
    make_authority("stranger");
    openssl("req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr");
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 2 -extfile names.cnf -out server.pem",
        "echo 'subjectAltName = DNS:localhost' > names.cnf && ");
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (directory.path() / name).string(); }

 private:
  void make_authority(const std::string& name) const {
    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + name + " -keyout " + name + ".key -out " + name +
            ".pem");
  }
  void openssl(const std::string& arguments, const std::string& before = "") const {
    const std::string command =
        "cd '" + directory.path().string() + "' && " + before + "openssl " + arguments + " 2> log";
    REQUIRE(std::system(command.c_str()) == 0);
  }
};

/// A server that is reached over TCP.
struct TcpServer {
  std::string port = free_port();
  MysqlServer server;

  explicit TcpServer(std::vector<std::string> arguments) : server(with_port(std::move(arguments))) {
    // Of each host, since the server may know this one by its number.
    server.run("CREATE USER caller IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO caller");
  }
  [[nodiscard]] std::string url(const std::string& host, const std::string& parameters) const {
    return "mysql://caller:secret@" + host + ':' + port + "/mysql?" + parameters;
  }

 private:
  [[nodiscard]] std::vector<std::string> with_port(std::vector<std::string> arguments) const {
    for (const std::string& setting :
         {std::string("skip-networking=0"), std::string("bind-address=127.0.0.1"), "port=" + port}) {
      arguments.insert(arguments.end(), {"--set", setting});
    }
    return arguments;
  }
};

std::string cipher_of(const std::string& url) {
  return open(url)->run("SHOW STATUS LIKE 'Ssl_cipher'").values.at(0).at(1).text();
}

Error refusal(const std::string& url) {
  CAPTURE(url);
  const auto error = error_of([&] { open(url); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::connection);
  return *error;
}

}  // namespace

TEST_CASE("MySQL: a connection is encrypted and its server checked as the URL asks") {
  const Certificates certificates;
  const TcpServer tcp({"--set", "ssl-cert=" + certificates.file("server.pem"), "--set",
                       "ssl-key=" + certificates.file("server.key"), "--set", "ssl-ca=" + certificates.file("ca.pem")});
  const std::string ours = "&ssl-ca=" + certificates.file("ca.pem");
  const std::string other = "&ssl-ca=" + certificates.file("stranger.pem");

  CHECK_FALSE(cipher_of(tcp.url("localhost", "ssl-mode=verify-identity" + ours)).empty());
  CHECK_FALSE(cipher_of(tcp.url("localhost", "ssl-mode=required" + ours)).empty());
  CHECK_FALSE(cipher_of(tcp.url("127.0.0.1", "ssl-mode=required")).empty());
  CHECK_FALSE(cipher_of(tcp.url("127.0.0.1", "")).empty());
  CHECK_FALSE(cipher_of(tcp.url("127.0.0.1", "ssl-mode=preferred")).empty());
  CHECK(cipher_of(tcp.url("127.0.0.1", "ssl-mode=disabled")).empty());

  for (const std::string& mode : {std::string("verify-identity"), std::string("required")}) {
    const Error stranger = refusal(tcp.url("localhost", "ssl-mode=" + mode + other));
    CHECK(contains(stranger.what(), "self-signed certificate"));
    CHECK(contains(stranger.remedy(), "ssl-ca"));
    CHECK_FALSE(contains(stranger.what(), "secret"));
  }
  CHECK(contains(refusal(tcp.url("localhost", "ssl-mode=verify-identity")).remedy(), "ssl-ca"));
  // The certificate is for another name of the host.
  const Error elsewhere = refusal(tcp.url("127.0.0.1", "ssl-mode=verify-identity" + ours));
  CHECK(elsewhere.native_code() == 2026);
  CHECK(contains(elsewhere.remedy(), "ssl-ca"));
  CHECK_FALSE(cipher_of(tcp.url("127.0.0.1", "ssl-mode=required" + ours)).empty());
  const Error missing = refusal(tcp.url("localhost", "ssl-mode=required&ssl-ca=" + certificates.file("nothing.pem")));
  CHECK(contains(missing.remedy(), "ssl-ca"));

  tcp.server.run("SET GLOBAL require_secure_transport = ON");
  CHECK(contains(refusal(tcp.url("127.0.0.1", "ssl-mode=disabled")).remedy(), "ssl-mode=required"));
  CHECK_FALSE(cipher_of(tcp.url("127.0.0.1", "")).empty());

  // A connection that is opened for another one has the same security.
  const auto verified = open(tcp.url("localhost", "ssl-mode=verify-identity" + ours));
  CHECK_FALSE(verified->open_again()->run("SHOW SESSION STATUS LIKE 'Ssl_cipher'").values.at(0).at(1).text().empty());
}

TEST_CASE("MySQL: a connection that must be encrypted is refused without TLS, and another one falls back") {
  if (!is_mariadb()) return;  // MySQL always has TLS.
  const TcpServer tcp({"--set", "ssl=0"});
  for (const std::string& mode : {std::string("verify-identity"), std::string("required")}) {
    const Error error = refusal(tcp.url("127.0.0.1", "ssl-mode=" + mode));
    CHECK(contains(error.what(), "TLS"));
    CHECK(contains(error.remedy(), "ssl-mode=disabled"));
  }
  CHECK(cipher_of(tcp.url("127.0.0.1", "ssl-mode=preferred")).empty());
  CHECK(cipher_of(tcp.url("127.0.0.1", "")).empty());
}
