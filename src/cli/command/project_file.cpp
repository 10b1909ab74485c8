#include <toml++/toml.h>

#include "cli/command/project.h"
#include "whimbrel/error.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

Error mistake(const fs::path& path, const toml::source_region& source, const std::string& what) {
  return Error(ErrorKind::usage, path.string() + ", line " + std::to_string(source.begin.line) + ": " + what)
      .with_remedy("The keys are build_directory and target, each a string, and cmake_arguments, a list of strings.");
}

std::string read_string(const fs::path& path, std::string_view key, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value || value->empty()) throw mistake(path, node.source(), std::string(key) + " must be a string.");
  return *value;
}

std::vector<std::string> read_strings(const fs::path& path, std::string_view key, const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) throw mistake(path, node.source(), std::string(key) + " must be a list of strings.");
  std::vector<std::string> strings;
  for (const toml::node& element : *array) strings.push_back(read_string(path, "Each of " + std::string(key), element));
  return strings;
}

toml::table parse(const fs::path& path) {
  try {
    return toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    throw mistake(path, error.source(), std::string(error.description()) + '.');
  }
}

}  // namespace

Project read_project_file(const fs::path& path) {
  Project project;
  project.directory = fs::absolute(path).parent_path();
  project.build_directory = project.directory / "build";
  for (const auto& [key, node] : parse(path)) {
    if (key == "build_directory") {
      project.build_directory = (project.directory / read_string(path, key.str(), node)).lexically_normal();
    } else if (key == "target") {
      project.target = read_string(path, key.str(), node);
    } else if (key == "cmake_arguments") {
      project.cmake_arguments = read_strings(path, key.str(), node);
    } else {
      throw mistake(path, key.source(), "unknown key \"" + std::string(key.str()) + "\".");
    }
  }
  return project;
}

}  // namespace whimbrel::cli
