#pragma once

#include <string_view>

#include "whimbrel/driver.h"

namespace whimbrel::run {

/// The driver for a URL's scheme. Throws Error (usage) with the schemes that there are.
[[nodiscard]] const Driver& find_driver(const Drivers& drivers, std::string_view url);

}  // namespace whimbrel::run
