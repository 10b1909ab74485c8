#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect/connection.h"
#include "sql/lexer.h"

/// The text of statements.
namespace whimbrel::dialect::sqlite {

/// Returns the text without leading white space, comments and semicolons.
[[nodiscard]] std::string_view skip_blank(std::string_view sql);
/// Returns the text without trailing white space and semicolons.
[[nodiscard]] std::string_view trim_end(std::string_view sql);
/// Returns the first statement of a text that SQLite could not compile, and whose end it therefore does not report.
[[nodiscard]] std::string_view first_statement(std::string_view sql);
[[nodiscard]] bool is_commit(std::string_view statement);

/// Returns whether the statements are equal, ignoring case and the quotes of names: ALTER TABLE ... RENAME adds quotes.
[[nodiscard]] bool same_but_for_quotes(std::string_view a, std::string_view b);

/// Returns whether the tokens are equal, ignoring the case of words and names, and the quotes of names.
[[nodiscard]] bool is_same_token(const sql::Token& a, const sql::Token& b);

/// Returns the text of a value; empty for any other value.
[[nodiscard]] std::string_view text_of(const Value& value);

/// Returns SQLite's message if the statement does not compile; nullopt if it does. It is not run.
[[nodiscard]] std::optional<std::string> compile_error(Connection& connection, const std::string& statement);

}  // namespace whimbrel::dialect::sqlite
