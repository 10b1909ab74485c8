#pragma once

#include <optional>
#include <string>

namespace whimbrel::cli {

/// Returns what is wrong with a command of this name, with the command that may be meant; nullopt if it exists.
[[nodiscard]] std::optional<std::string> unknown_command(const std::string& name);

}  // namespace whimbrel::cli
