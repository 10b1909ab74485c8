#pragma once

#include <string>

#include "dialect/mysql/dialect.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

/// Lets a session that only reads write, for what the server counts as a change although no row and no schema changes.
class Writing {
 public:
  Writing(Connection& connection, const Server& server)
      : connection_(connection), was_read_only_(is_read_only(connection, server)) {
    if (was_read_only_) connection_.run("SET SESSION TRANSACTION READ WRITE");
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  ~Writing() {
    try {
      if (was_read_only_) connection_.run("SET SESSION TRANSACTION READ ONLY");
    } catch (const Error&) {
      // The connection is lost.
    }
  }

 private:
  static bool is_read_only(Connection& connection, const Server& server) {
    const bool has_old_name = server.is_mariadb && !server.is_mariadb_since(110100);
    const std::string variable = has_old_name ? "tx_read_only" : "transaction_read_only";
    return connection.run("SELECT @@SESSION." + variable).values.at(0).at(0).integer() != 0;
  }

  Connection& connection_;
  bool was_read_only_;
};

}  // namespace whimbrel::dialect::mysql
