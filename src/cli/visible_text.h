#pragma once

#include <string>
#include <string_view>

/// Names in a database can contain characters that a terminal acts on: escape sequences, other control characters,
/// marks that reverse the text direction. All text for a terminal goes through these functions.
namespace whimbrel::cli {

/// Returns the text with such characters written as `\x1b` and `\u202e`; line feeds and tabs are kept, and with
/// `with_colours` so are the sequences that Style writes.
[[nodiscard]] std::string visible(std::string_view text, bool with_colours = false);

/// Like visible(), for a single line such as a name.
[[nodiscard]] std::string visible_line(std::string_view text);

/// Returns the text with a blank for each such character, so that positions in it do not change.
[[nodiscard]] std::string blanked(std::string_view text);

/// Returns JSON with such characters as JSON escapes, which have the same meaning.
[[nodiscard]] std::string visible_json(std::string_view json);

}  // namespace whimbrel::cli
