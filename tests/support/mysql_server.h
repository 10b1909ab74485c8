#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "support/server_process.h"

namespace whimbrel::test {

/// A MariaDB or MySQL server on a temporary directory, stopped and removed with the object, whatever becomes of the
/// program. Its databases are reached as root.
class MysqlServer {
 public:
  /// The arguments are those of mysql_server.py. Throws std::runtime_error when no server can be started.
  explicit MysqlServer(const std::vector<std::string>& arguments = {});
  MysqlServer(const MysqlServer&) = delete;
  MysqlServer& operator=(const MysqlServer&) = delete;

  /// The URL of a database of the server, by default of one that is always there.
  [[nodiscard]] std::string url(std::string_view database = "mysql") const;
  /// The same for another user, `name` or `name:password`.
  [[nodiscard]] std::string url_as(std::string_view user, std::string_view database) const;
  /// The URL of a new empty database.
  [[nodiscard]] std::string fresh_database();
  /// Runs statements as root, by default in the database that is always there.
  Rows::Data run(std::string_view sql) const;
  /// Stops it before the object is gone.
  void stop() { process_.stop(); }

 private:
  ServerProcess process_;
  std::string socket_;
  int databases_ = 0;
};

/// The server of this program, started at the first call.
[[nodiscard]] MysqlServer& mysql_server();

/// Is that server MariaDB? If not, it is MySQL.
[[nodiscard]] bool is_mariadb();

}  // namespace whimbrel::test
