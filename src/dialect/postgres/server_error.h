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

/// The error of a statement. `database` is the connection's description.
[[nodiscard]] Error statement_error(const ServerError& error, const std::string& database, std::string_view statement);

/// The error of a connection that could not be made.
[[nodiscard]] Error connection_error(const ServerError& error, const std::string& database);

}  // namespace whimbrel::dialect::postgres
