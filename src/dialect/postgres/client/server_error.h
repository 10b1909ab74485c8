#pragma once

#include <string>
#include <string_view>

#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

/// An error as the server reports it. Unreported parts are empty.
struct ServerError {
  std::string sqlstate;  ///< Empty: an error of the client library.
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;  ///< The call stack of functions.
  std::string schema;
  std::string table;
  std::string column;
  std::string constraint;
  int position = 0;  ///< The position in the statement, in characters from 1.
};

/// The state of the connection when a statement fails.
struct Situation {
  std::string database;  ///< The connection's description.
  std::string role;      ///< The role that it is connected as.
  bool is_lost = false;  ///< The connection was lost.
  bool is_interrupted = false;
  bool is_replica = false;    ///< The server only replays the changes of another one.
  bool is_read_only = false;  ///< The connection was opened read-only.
  std::string first_failure;  ///< The message of the first error in the failed transaction.
  std::string wait;           ///< What the statement waited for, and the holder: `table "a", held by ...`.
  std::string prepared;       ///< The prepared transaction that holds the lock.
};

/// Returns the error of a statement.
[[nodiscard]] Error statement_error(const ServerError& error, const Situation& situation, std::string_view statement);

/// The parameters of a connection that could not be made.
struct Destination {
  std::string name;  ///< The database in messages.
  std::string database;
  std::string role;
  bool lacks_password = false;
};

/// Returns the error of a connection that could not be made.
[[nodiscard]] Error connection_error(const ServerError& error, const Destination& destination);

/// Returns the code in a verbose message of the client library: `FATAL:  3D000: database "a" does not exist`.
[[nodiscard]] std::string find_sqlstate(std::string_view verbose_message);

}  // namespace whimbrel::dialect::postgres
