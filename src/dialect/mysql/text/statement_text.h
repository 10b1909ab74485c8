#pragma once

#include <string_view>
#include <vector>

namespace whimbrel::dialect::mysql {

/// Returns the statements of a text, each from its first token to the end of its last, without semicolons. Semicolons
/// in the body of a trigger, a routine or an event do not end a statement, so that no DELIMITER is needed. The views
/// point into the text.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql);

/// A statement of a script.
struct ScriptStatement {
  std::string_view text;
  std::string_view problem;  ///< Why the shell would not run it so, as display text; empty: it would.
};

/// Splits a script like the mysql client, which handles DELIMITER itself, ends USE with its line, and a statement also
/// with `\g` or `\G`.
[[nodiscard]] std::vector<ScriptStatement> split_script(std::string_view script);

}  // namespace whimbrel::dialect::mysql
