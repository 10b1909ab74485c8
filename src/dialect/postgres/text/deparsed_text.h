#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Parses text that the server deparses: functions like pg_get_expr() write '...' and "..." with doubled quotes and no
/// comments.
namespace whimbrel::dialect::postgres {

/// Returns the trimmed parts of a list between commas that are not in parentheses or quotes.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

/// Returns the position of the parenthesis that closes the one at `open`, or the end.
[[nodiscard]] std::size_t find_closing(std::string_view text, std::size_t open);

/// Returns the position of the first `mark` outside of quotes and parentheses, or the end.
[[nodiscard]] std::size_t find_outside(std::string_view text, std::string_view mark);

/// Returns the text without outer parentheses.
[[nodiscard]] std::string without_parentheses(std::string text);

/// Returns the string literal at the beginning, with its quotes; empty if there is none.
[[nodiscard]] std::string_view leading_string(std::string_view text);

/// Returns a default in the form of an entity's literal: a string without the cast to the column's own type, a negative
/// or long number without quotes. `own_type`: the column's type as PostgreSQL casts constants to it. Nullopt for NULL.
[[nodiscard]] std::optional<std::string> plain_default(const std::string& expression, const std::string& own_type);

/// Returns whether values of the type are numbers that are written without quotes.
[[nodiscard]] bool is_number_type(std::string_view type);

/// Returns the text after EXCLUDE in pg_get_constraintdef(), without the DEFERRABLE clause.
[[nodiscard]] std::string exclusion_definition(std::string text);

/// Returns the text of pg_get_viewdef() without the leading space and the final semicolon.
[[nodiscard]] std::string plain_query(std::string_view query);

/// Writes the only unnamed parameter of a function, such as `$1`, where the server writes it as an empty name, which it
/// does not accept.
[[nodiscard]] std::string with_parameter(const std::string& definition, std::string_view parameter);

}  // namespace whimbrel::dialect::postgres
