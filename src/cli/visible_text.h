#pragma once

#include <string>
#include <string_view>

/// What a database calls its things can hold what a terminal acts on: escape sequences, other control characters, marks
/// that turn the order of what follows around. Everything that is shown to people goes through here.
namespace whimbrel::cli {

/// The text with such characters as `\x1b` and `\u202e`; line feeds and tabs stay. `with_colours`: as do those
/// sequences that Style writes.
[[nodiscard]] std::string visible(std::string_view text, bool with_colours = false);

/// The same for what is one line, as a name is.
[[nodiscard]] std::string visible_line(std::string_view text);

/// The text with a blank for each such character, so that places in it stay the same.
[[nodiscard]] std::string blanked(std::string_view text);

/// JSON with such characters as its own escapes, which mean the same.
[[nodiscard]] std::string visible_json(std::string_view json);

}  // namespace whimbrel::cli
