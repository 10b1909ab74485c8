#pragma once

#include <string>
#include <string_view>

namespace whimbrel::write {

/// A C++ string literal whose value is exactly `text`, whichever compiler reads it: a raw one where that is safe,
/// else an ordinary one with escapes, a line for each line of the text, each indented by `indent` blanks.
///
/// Throws Error (internal) for a text that holds a NUL, since a statement ends there.
[[nodiscard]] std::string cpp_literal(std::string_view text, std::size_t indent = 0);

/// Is the text valid UTF-8 without control characters other than line feed and tab, and without the invisible
/// characters that turn the direction of writing around, which compilers warn about?
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace whimbrel::write
