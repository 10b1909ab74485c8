#pragma once

#include <string>
#include <string_view>

#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

/// An error of the server or of the client library.
struct ServerError {
  int code = 0;
  std::string message;
};

/// The state of the connection when a statement fails.
struct Situation {
  std::string database{};  ///< The connection's description.
  std::string schema{};    ///< The name of the database, which messages leave out.
  std::string user{};      ///< The account: `'a'@'localhost'`.
  bool is_interrupted = false;
  bool is_read_only = false;  ///< The connection was opened read-only.
  std::string wait{};         ///< The holder of the lock that the statement waited for.
};

/// Returns whether the connection no longer exists after an error.
[[nodiscard]] bool ends_connection(int code);

/// Returns the error of a statement.
[[nodiscard]] Error statement_error(const ServerError& error, const Situation& situation, std::string_view statement);

/// The parameters of a connection that could not be made.
struct ConnectionTarget {
  std::string name;  ///< The database in messages.
  std::string database;
  std::string user;
  std::string socket;        ///< Empty: TCP.
  bool without_tls = false;  ///< The URL forbids TLS.
};

/// Returns the error of a connection that could not be made.
[[nodiscard]] Error connection_error(const ServerError& error, const ConnectionTarget& target);

}  // namespace whimbrel::dialect::mysql
