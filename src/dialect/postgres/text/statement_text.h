#pragma once

#include <string_view>
#include <vector>

namespace whimbrel::dialect::postgres {

/// Returns the statements of a text, each from its first token to the end of its last, without semicolons. The views
/// point into the text.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql);

/// A statement of a psql script, or a psql command, from its backslash to the end of the line.
struct ScriptPart {
  std::string_view text;
  bool is_command = false;
};

/// Splits a script like psql, without the rows that follow COPY ... FROM stdin. A backslash within a string, a quoted
/// name, a comment or a function's body does not begin a command.
[[nodiscard]] std::vector<ScriptPart> split_script(std::string_view script);

/// Returns the offset of the nth character of UTF-8 text in bytes, n from 1; -1 if there is none.
[[nodiscard]] int byte_of_character(std::string_view text, int number);

}  // namespace whimbrel::dialect::postgres
