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

/// The project that a directory belongs to: the nearest one above with a whimbrel.toml, or with a CMakeLists.txt that
/// has to do with whimbrel. Throws Error (usage) if there is none or if whimbrel.toml has a mistake.
[[nodiscard]] Project find_project(const std::filesystem::path& directory);

/// The project of a whimbrel.toml:
///
///     build_directory = "build"     # the defaults
///     target = "manage"
///     cmake_arguments = []          # of the first configuration
[[nodiscard]] Project read_project_file(const std::filesystem::path& path);

}  // namespace whimbrel::cli
