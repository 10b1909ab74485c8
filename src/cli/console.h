#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "cli/json.h"
#include "cli/style.h"
#include "sql/statement.h"
#include "sql/syntax.h"
#include "whimbrel/error.h"

namespace whimbrel::cli {

/// The output of a command: results go to `out`, errors to `error`.
struct Console {
  std::ostream& out;
  std::ostream& error;
  Style style = Style(false);  ///< The style of `out`.
  Style error_style = Style(false);
  bool terminal = false;  ///< If true, `out` is a terminal.
  bool json = false;      ///< If true, `out` gets one JSON document and nothing else.

  /// Prints a line; nothing in JSON mode.
  void line(const std::string& text) const;
  /// Prints text of several lines; nothing in JSON mode.
  void text(const std::string& text) const;
  /// Prints SQL or C++: escaped on a terminal, exact otherwise. Nothing in JSON mode.
  void source(const std::string& text) const;
  void document(const Json& value) const;
  void warning(const std::string& text) const;
  void note(const std::string& text) const;
  /// Prints a line beside the results, to `error`; nothing in JSON mode.
  void remark(const std::string& text) const;
  /// Prints the error as text and, in JSON mode, also as the document.
  void report(const Error& failure) const;
};

/// Returns the SQL of the statements.
[[nodiscard]] std::vector<std::string> texts(const std::vector<sql::Statement>& statements);

/// Returns statements as a script, each terminated by a semicolon and a line feed.
[[nodiscard]] std::string script_text(const std::vector<std::string>& statements, const sql::Syntax& syntax);

/// `1 migration`, `2 migrations`.
[[nodiscard]] std::string count_text(std::size_t count, const std::string& noun);

/// Returns the path relative to the working directory if it is below it.
[[nodiscard]] std::string short_path(const std::string& path);

}  // namespace whimbrel::cli
