#pragma once

#include <string>

namespace whimbrel::cli {

/// `whimbrel 0.1.0`
[[nodiscard]] std::string version_text();

}  // namespace whimbrel::cli
