#pragma once

#include <string_view>
#include <vector>

namespace whimbrel::dialect::postgres {

/// The statements of a text, each from its first token to the end of its last, without the semicolons. Views into it.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql);

/// A statement of a script for psql, or a command of psql's: from its backslash to the end of the line.
struct ScriptPart {
  std::string_view text;
  bool is_command = false;
};

/// The parts of a script for psql, as it would read them; without the rows that follow COPY ... FROM stdin. A backslash
/// within a string, a quoted name, a comment or a function's body is no command.
[[nodiscard]] std::vector<ScriptPart> split_script(std::string_view script);

/// Is the statement's first keyword this one? `keyword` is in capitals.
[[nodiscard]] bool begins_with(std::string_view statement, std::string_view keyword);

/// The byte at which the nth character of UTF-8 text begins, n from 1; -1 if there is none.
[[nodiscard]] int byte_of_character(std::string_view text, int number);

}  // namespace whimbrel::dialect::postgres
