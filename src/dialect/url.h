#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect {

/// Returns a database URL for messages, with `***` instead of the password. Also handles libpq's `host=...
/// password=...`.
[[nodiscard]] std::string without_password(std::string_view url);

/// Returns a URL that is safe to publish: with the user, without a password.
[[nodiscard]] std::string strip_password(std::string_view url);

}  // namespace whimbrel::dialect
