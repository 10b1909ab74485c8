#include "support/mysql_server.h"

#include <stdexcept>

#include "dialect/dialect.h"
#include "whimbrel/mysql.h"

namespace whimbrel::test {

namespace {

std::vector<std::string> command_with(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"python3", WHIMBREL_MYSQL_SERVER_SCRIPT};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

MysqlServer::MysqlServer(const std::vector<std::string>& arguments) : process_(command_with(arguments)) {
  const std::size_t socket = process_.line().find("?socket=");
  if (socket == std::string::npos) {
    throw std::runtime_error("no MariaDB server for the tests; what mysql_server.py wrote says why");
  }
  socket_ = process_.line().substr(socket + 8);
}

std::string MysqlServer::url(std::string_view database) const { return url_as("root", database); }

std::string MysqlServer::url_as(std::string_view user, std::string_view database) const {
  return "mysql://" + std::string(user) + "@localhost/" + std::string(database) + "?socket=" + socket_;
}

std::string MysqlServer::fresh_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  run("CREATE DATABASE " + name);
  return url(name);
}

Rows::Data MysqlServer::run(std::string_view sql) const { return mysql::driver().open({.url = url()})->run(sql); }

MysqlServer& mysql_server() {
  static MysqlServer server;
  return server;
}

bool is_mariadb() {
  static const bool result = mysql::driver().open({.url = mysql_server().url()})->server().flavour == "mariadb";
  return result;
}

}  // namespace whimbrel::test
