#pragma once

#include <filesystem>

#include "cli/command/project.h"

namespace whimbrel::cli {

/// The build of a project failed; what() is the output of CMake or the compiler.
class BuildFailure : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Configures the project if that was not done yet, builds its target and returns the executable. Throws BuildFailure,
/// and Error where nothing could be built at all.
[[nodiscard]] std::filesystem::path build(const Project& project);

/// The directory of the package's CMake files, if this program is an installed one: then projects need not be told
/// where it is.
[[nodiscard]] std::filesystem::path find_own_package(const std::filesystem::path& executable);

}  // namespace whimbrel::cli
