#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace whimbrel::model {

/// A version as a number, major * 10000 + minor * 100 + patch, as people write it: `3.40.1`, `15`.
[[nodiscard]] std::string version_text(int version);
/// The number of such a text; nothing if it is none.
[[nodiscard]] std::optional<int> read_version(std::string_view text);

}  // namespace whimbrel::model
