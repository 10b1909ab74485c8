#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace whimbrel::cli {

/// Writes a new project: a CMakeLists.txt, the program `manage`, an entity and a directory for migrations. Its database
/// is that of the URL, without its password; without a URL, an SQLite file. Returns the files, relative to the
/// directory.
///
/// Throws Error (file), or Error (usage) for a URL of no database; then nothing was changed. No file that is there is
/// overwritten.
std::vector<std::string> init_project(const std::filesystem::path& directory, const std::string& url = {});

}  // namespace whimbrel::cli
