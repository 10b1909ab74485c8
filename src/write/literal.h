#pragma once

#include <string>
#include <string_view>

namespace whimbrel::write {

/// Returns a C++ string literal whose value is exactly `text` with every compiler: a raw literal if that is safe,
/// otherwise an ordinary one with escapes, one line per line of the text, each indented by `indent` blanks.
///
/// Throws Error (internal) for a text that contains a NUL byte, because a statement ends there.
[[nodiscard]] std::string cpp_literal(std::string_view text, std::size_t indent = 0);

/// Returns whether the text is valid UTF-8 without control characters other than line feed and tab, and without the
/// invisible characters that reverse the text direction, which compilers warn about.
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace whimbrel::write
