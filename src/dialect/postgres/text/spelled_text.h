#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Taking apart what the server spells: its functions of pg_get_expr()'s kind write '...' and "..." with doubled quotes
/// and no comments.
namespace whimbrel::dialect::postgres {

/// The parts of a list between the commas that are not in parentheses or quotes, trimmed.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

/// The place of the parenthesis that closes the one at `open`, or the end.
[[nodiscard]] std::size_t find_closing(std::string_view text, std::size_t open);

/// The place of the first `mark` outside of quotes and parentheses, or the end.
[[nodiscard]] std::size_t find_outside(std::string_view text, std::string_view mark);

/// The text without parentheses around the whole of it.
[[nodiscard]] std::string without_parentheses(std::string text);

/// The text of the string literal at the beginning, with its quotes; empty if there is none.
[[nodiscard]] std::string_view leading_string(std::string_view text);

/// A default as an entity's literal is written: a string without the cast to the column's own type, a negative or long
/// number without quotes. `own_type` is the column's type as PostgreSQL casts constants to it. Nothing for a NULL.
[[nodiscard]] std::optional<std::string> plain_default(const std::string& expression, const std::string& own_type);

/// Does a column of the type hold numbers that are written without quotes?
[[nodiscard]] bool is_number_type(std::string_view type);

/// What follows EXCLUDE in pg_get_constraintdef(), without when it is checked.
[[nodiscard]] std::string exclusion_definition(std::string text);

/// What pg_get_viewdef() says, without the space before it and the semicolon after it.
[[nodiscard]] std::string plain_query(std::string_view query);

}  // namespace whimbrel::dialect::postgres
