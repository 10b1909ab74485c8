#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect::sqlite {

/// A statement as SQLite's shell must be given it. https://www.sqlite.org/cli.html
struct ShellText {
  std::string sql;
  /// The shell takes a carriage return away before each line feed, in quotes too.
  bool has_carriage_returns = false;
};

enum class CarriageReturns {
  kept,
  doubled,  ///< In quotes before a line feed, so that one is left when the shell has taken one away.
};

/// The statement, which SQLite reads as before, without what the shell would take for its end: a line of nothing but
/// `/` or `go`; and with an end where it leaves a comment open, which would go on in the next statement. Throws Error
/// (unsafe) for what no shell can be given.
[[nodiscard]] ShellText shell_text(std::string_view sql, CarriageReturns carriage_returns);

}  // namespace whimbrel::dialect::sqlite
