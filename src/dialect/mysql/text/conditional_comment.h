#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace whimbrel::dialect::mysql {

/// Returns the statement without the comments that are for other servers: `/*!99999 ... */`, `/*M!110000 ... */`. The
/// server skips these up to their end, whatever quotes are in them. `is_run`: whether it runs what follows this mark.
[[nodiscard]] std::string without_skipped_comments(std::string_view statement,
                                                   const std::function<bool(std::string_view mark)>& is_run);

}  // namespace whimbrel::dialect::mysql
