#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect {

/// A database's URL for messages: `***` instead of its password.
[[nodiscard]] std::string without_password(std::string_view url);

}  // namespace whimbrel::dialect
