#pragma once

#include <string_view>

#include "whimbrel/driver.h"

namespace whimbrel::session {

/// Returns the driver for a URL's scheme. Throws Error (usage), which lists the known schemes, if there is none.
[[nodiscard]] const Driver& find_driver(const Drivers& drivers, std::string_view url);

}  // namespace whimbrel::session
