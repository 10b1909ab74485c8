#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect::sqlite {

/// A statement for SQLite's shell. https://www.sqlite.org/cli.html
struct ShellText {
  std::string sql;
  /// The shell removes a carriage return before each line feed, even in quotes.
  bool has_carriage_returns = false;
};

enum class CarriageReturns {
  kept,
  doubled,  ///< In quotes before a line feed, so that one remains when the shell has removed one.
};

/// Returns the statement, with the same meaning for SQLite, without text that the shell would treat as its end: a line
/// with only `/` or `go`. An unclosed comment, which would continue in the next statement, is closed. Throws Error
/// (unsafe) for text that cannot be passed to a shell.
[[nodiscard]] ShellText shell_text(std::string_view sql, CarriageReturns carriage_returns);

}  // namespace whimbrel::dialect::sqlite
