#pragma once

#include <string>
#include <string_view>

#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

/// What the server says about an error. What it does not say is empty.
struct ServerError {
  std::string sqlstate;  ///< Empty: the client library's own, the server said nothing.
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;  ///< Where in functions it happened.
  std::string schema;
  std::string table;
  std::string column;
  std::string constraint;
  int position = 0;  ///< The character in the statement, from 1.
};

/// What the connection knows of its state when a statement fails.
struct Situation {
  std::string database;  ///< The connection's description.
  std::string role;      ///< Who it is connected as.
  bool is_lost = false;  ///< The connection is gone.
  bool is_interrupted = false;
  bool is_replica = false;    ///< The server only replays what another writes.
  bool is_read_only = false;  ///< It was opened only to read.
  std::string first_failure;  ///< What the first error in the failed transaction said.
  std::string wait;           ///< What the statement waited for, and who has it: `table "a", which ... holds`.
  std::string prepared;       ///< The prepared transaction that holds it.
};

/// The error of a statement.
[[nodiscard]] Error statement_error(const ServerError& error, const Situation& situation, std::string_view statement);

/// Where a connection that could not be made was to go.
struct Destination {
  std::string name;  ///< The database as messages call it.
  std::string database;
  std::string role;
  bool lacks_password = false;
};

/// The error of a connection that could not be made.
[[nodiscard]] Error connection_error(const ServerError& error, const Destination& destination);

/// The code in a message that the client library wrote with all details: `FATAL:  3D000: database "a" does not exist`.
[[nodiscard]] std::string find_sqlstate(std::string_view verbose_message);

}  // namespace whimbrel::dialect::postgres
