#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect/connection.h"
#include "whimbrel/error.h"

/// Statements as text.
namespace whimbrel::dialect::sqlite {

/// The text without the white space, comments and semicolons that it begins with.
[[nodiscard]] std::string_view skip_blank(std::string_view sql);
/// The text without the white space and semicolons at its end.
[[nodiscard]] std::string_view trim_end(std::string_view sql);
/// The first statement of a text that SQLite could not compile, and of which it therefore cannot tell the end.
[[nodiscard]] std::string_view first_statement(std::string_view sql);
[[nodiscard]] bool is_commit(std::string_view statement);

/// The text of a value; empty if it is none.
[[nodiscard]] std::string_view text_of(const Value& value);

/// SQLite's own words in an error of the connection.
[[nodiscard]] std::string reason(const Error& error, const Connection& connection);
/// Why the statement does not compile, in SQLite's words; nothing if it does. It is not run.
[[nodiscard]] std::optional<std::string> compile_error(Connection& connection, const std::string& statement);

}  // namespace whimbrel::dialect::sqlite
