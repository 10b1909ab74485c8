#pragma once

#include <string_view>
#include <vector>

namespace whimbrel::dialect::mysql {

/// Returns the statements of a text, each from its first token to the end of its last, without semicolons. Semicolons
/// in the body of a trigger, a routine or an event do not end a statement, so that no DELIMITER is needed. The views
/// point into the text.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql);

/// Splits a script like the mysql client, which handles DELIMITER itself.
[[nodiscard]] std::vector<std::string_view> split_script(std::string_view script);

}  // namespace whimbrel::dialect::mysql
