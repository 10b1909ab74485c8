#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace whimbrel::model {

/// Returns the text of a version number, major * 10000 + minor * 100 + patch: `3.40.1`, `15`.
[[nodiscard]] std::string version_text(int version);
/// Returns the version number of such a text; nullopt if it is invalid.
[[nodiscard]] std::optional<int> read_version(std::string_view text);

}  // namespace whimbrel::model
