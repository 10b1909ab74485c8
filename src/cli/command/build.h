#pragma once

#include <filesystem>
#include <stdexcept>

#include "cli/command/project.h"

namespace whimbrel::cli {

/// The build of a project failed; what() is the output of CMake or the compiler.
class BuildFailure : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Configures the project if necessary, builds its target and returns the executable. Throws BuildFailure, or Error if
/// nothing could be built at all. If `own_program` is an installed copy, the project finds its package.
[[nodiscard]] std::filesystem::path build(const Project& project, const std::filesystem::path& own_program);

/// Returns the directory of the CMake package that was installed with the program; empty if it is not installed.
[[nodiscard]] std::filesystem::path find_own_package(const std::filesystem::path& executable);

}  // namespace whimbrel::cli
