#pragma once

#include <string>
#include <string_view>

namespace whimbrel::model {

/// Returns the digest as 40 hexadecimal digits.
[[nodiscard]] std::string sha1(std::string_view text);

}  // namespace whimbrel::model
