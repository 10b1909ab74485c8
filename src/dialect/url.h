#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace whimbrel::dialect {

/// Returns a database URL for messages, with `***` instead of the password. Also handles libpq's `host=...
/// password=...`.
[[nodiscard]] std::string without_password(std::string_view url);

/// Returns a URL that is safe to publish: with the user, without a password.
[[nodiscard]] std::string strip_password(std::string_view url);

/// Returns the component of the package that has the driver for a scheme, `postgres` for `postgresql`; empty if there
/// is none.
[[nodiscard]] std::string_view component_of(std::string_view scheme);

/// Returns the text with its percent-encoded bytes decoded; nullopt if a % is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace whimbrel::dialect
