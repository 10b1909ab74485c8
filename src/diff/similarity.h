#pragma once

#include <string_view>

namespace whimbrel::diff {

/// Returns the similarity of two names, from 0 to 100, by their edit distance.
[[nodiscard]] int similarity(std::string_view a, std::string_view b);

}  // namespace whimbrel::diff
