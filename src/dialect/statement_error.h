#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "whimbrel/error.h"

/// Errors of statements for reasons that are the same in every database.
namespace whimbrel::dialect {

/// Returns the database's own message in an error of the connection.
[[nodiscard]] std::string reason(const Error& error, const Connection& connection);

/// Throws Error (statement) for text with a NUL character, after which a client library reads nothing. The remedy says
/// how such a value is passed.
void require_no_nul(std::string_view sql, const char* remedy);

/// Returns the error of several statements, the second of which begins at `second`, that were given parameters.
[[nodiscard]] Error parameters_of_several(std::string_view statements, std::size_t second);

/// Throws it if there are several: views of one text.
void require_one(const std::vector<std::string_view>& statements);

/// Returns the error of a statement with another number of placeholders than values.
[[nodiscard]] Error wrong_parameter_count(std::string_view statement, std::size_t placeholders, std::size_t values);

/// Returns the error of a statement that would begin or end the transaction in which its migration runs.
[[nodiscard]] Error transaction_control(std::string_view statement);

/// Returns the error of a migration that leaves its own transaction open.
[[nodiscard]] Error transaction_left_open();

/// Returns the error of a statement after the database itself rolled back the migration's transaction.
[[nodiscard]] Error transaction_rolled_back();

/// Returns the error of a script with the line of its statement, from 1.
[[nodiscard]] Error at_line(std::size_t line, const Error& error);

}  // namespace whimbrel::dialect
