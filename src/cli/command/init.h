#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace whimbrel::cli {

/// Creates a project: a CMakeLists.txt, the program `manage`, an entity and a directory for migrations. Its database is
/// that of the first URL, without the password, or an SQLite file if there is no URL. If the URLs are of several kinds
/// of databases, each has its own migrations. Returns the files, relative to the directory.
///
/// Throws Error (file), or Error (usage) for an invalid URL; then nothing was changed. Existing files are not
/// overwritten.
std::vector<std::string> init_project(const std::filesystem::path& directory,
                                      const std::vector<std::string>& urls = {});

}  // namespace whimbrel::cli
