#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect {

/// A database's URL for messages: `***` instead of its password. So is a text that was meant to be one: libpq's
/// `host=... password=...`.
[[nodiscard]] std::string without_password(std::string_view url);

/// The URL for a place where others can read it: with the user, and nothing where the password was.
[[nodiscard]] std::string strip_password(std::string_view url);

}  // namespace whimbrel::dialect
