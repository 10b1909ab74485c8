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

/// Where a command speaks to: what it found goes to `out`, what went wrong to `error`.
struct Console {
  std::ostream& out;
  std::ostream& error;
  Style style = Style(false);  ///< Of `out`.
  Style error_style = Style(false);
  bool terminal = false;  ///< Is `out` one?
  bool json = false;      ///< `out` gets one JSON document and nothing else.

  /// A line for people: nothing in JSON mode.
  void line(const std::string& text) const;
  /// Text of several lines for people.
  void text(const std::string& text) const;
  /// SQL or C++, which is exact where it is no person that reads it. Nothing in JSON mode.
  void source(const std::string& text) const;
  void document(const Json& value) const;
  void warning(const std::string& text) const;
  void note(const std::string& text) const;
  /// The error for people, and in JSON mode also as the document.
  void report(const Error& failure) const;
};

/// The statements without what they are for.
[[nodiscard]] std::vector<std::string> texts(const std::vector<sql::Statement>& statements);

/// Statements as a script: each ended with a semicolon and a line feed.
[[nodiscard]] std::string script_text(const std::vector<std::string>& statements, const sql::Syntax& syntax);

/// `1 migration`, `2 migrations`.
[[nodiscard]] std::string count_text(std::size_t count, const std::string& noun);

/// The path as seen from the working directory if it is below that.
[[nodiscard]] std::string short_path(const std::string& path);

}  // namespace whimbrel::cli
