#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "support/server_process.h"

namespace whimbrel::test {

/// A PostgreSQL server on a temporary directory, stopped and removed with the object, whatever becomes of the program.
/// Its databases are reached as the superuser postgres; the role whimbrel_password, once made, needs its password.
class PostgresServer {
 public:
  /// The arguments are those of postgres_server.py. Throws std::runtime_error when no server can be started.
  explicit PostgresServer(const std::vector<std::string>& arguments = {});
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The URL of a database of the server, by default of one that is always there.
  [[nodiscard]] std::string url(std::string_view database = "postgres") const;
  /// The same for another role.
  [[nodiscard]] std::string url_as(std::string_view role, std::string_view database) const;
  /// The URL of a new empty database.
  [[nodiscard]] std::string fresh_database();
  /// Runs statements as the superuser, by default in the database that is always there.
  Rows::Data run(std::string_view sql) const;
  /// Stops it before the object is gone.
  void stop() {
    maker_.reset();
    process_.stop();
  }

 private:
  void drop_old_database();

  ServerProcess process_;
  std::string directory_;
  std::unique_ptr<dialect::Connection> maker_{};  ///< Creates the databases.
  int databases_ = 0;
};

/// The server of this program, started at the first call.
[[nodiscard]] PostgresServer& postgres_server();

/// Is that server of this version or later?
[[nodiscard]] bool has_postgres(int major);

/// SQL for that server: what came with a later version is left out, or written in the way of before.
[[nodiscard]] std::string for_server(std::string sql);

/// The URL of a new empty database of that server.
[[nodiscard]] inline std::string fresh_database() { return postgres_server().fresh_database(); }

/// The statements that pg_dump writes of a database's schema, with owners and privileges, sorted, without what the
/// model does not know of NOT NULL.
[[nodiscard]] std::vector<std::string> dumped_statements(const std::string& url);

}  // namespace whimbrel::test
