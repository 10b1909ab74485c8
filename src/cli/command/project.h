#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace whimbrel::cli {

/// A program's source tree, as the command `whimbrel` builds it.
struct Project {
  std::filesystem::path directory;
  std::filesystem::path build_directory;
  std::string target = "manage";  ///< The executable whose main() calls whimbrel::manage().
  std::vector<std::string> cmake_arguments;
};

/// Returns the project that contains a directory: the nearest one, going up, with a whimbrel.toml or with a
/// CMakeLists.txt that uses whimbrel. Throws Error (usage) if there is none or if whimbrel.toml is invalid.
[[nodiscard]] Project find_project(const std::filesystem::path& directory);

/// Returns the project of a whimbrel.toml:
///
///     build_directory = "build"     # the defaults
///     target = "manage"
///     cmake_arguments = []          # for the first configuration
[[nodiscard]] Project read_project_file(const std::filesystem::path& path);

}  // namespace whimbrel::cli
