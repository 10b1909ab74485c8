#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace whimbrel::cli {

/// Writes a new project: a CMakeLists.txt, the program `manage`, an entity and a directory for migrations. Returns the
/// files, relative to the directory.
///
/// Throws Error (file); then nothing was changed. No file that is there is overwritten.
std::vector<std::string> init_project(const std::filesystem::path& directory);

}  // namespace whimbrel::cli
