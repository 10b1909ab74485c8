#pragma once

#include <string_view>

/// Statements as pieces of a longer text.
namespace whimbrel::dialect::sqlite {

/// The text without the white space, comments and semicolons that it begins with.
[[nodiscard]] std::string_view skip_blank(std::string_view sql);
/// The text without the white space and semicolons at its end.
[[nodiscard]] std::string_view trim_end(std::string_view sql);
/// The first statement of a text that SQLite could not compile, and of which it therefore cannot tell the end.
[[nodiscard]] std::string_view first_statement(std::string_view sql);
[[nodiscard]] bool is_commit(std::string_view statement);

}  // namespace whimbrel::dialect::sqlite
