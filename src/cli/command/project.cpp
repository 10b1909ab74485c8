#include "cli/command/project.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "whimbrel/error.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

// Returns the text of a CMakeLists.txt in lower case, without comments.
std::string read_cmake(const fs::path& path) {
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);) {
    text += line.substr(0, line.find('#')) + '\n';
  }
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Returns whether the file calls the command.
bool calls(const std::string& text, const std::string& command) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find(command); at != text.npos; at = text.find(command, at + 1)) {
    const std::size_t next = text.find_first_not_of(" \t\n", at + command.size());
    if ((at == 0 || !is_word(text[at - 1])) && next != text.npos && text[next] == '(') return true;
  }
  return false;
}

}  // namespace

Project find_project(const fs::path& directory) {
  // If only a subdirectory's CMakeLists.txt mentions whimbrel, the project is the one that contains it.
  bool mentioned = false;
  for (fs::path current = fs::absolute(directory);; current = current.parent_path()) {
    if (fs::is_regular_file(current / "whimbrel.toml")) return read_project_file(current / "whimbrel.toml");
    if (fs::is_regular_file(current / "CMakeLists.txt")) {
      const std::string text = read_cmake(current / "CMakeLists.txt");
      mentioned = mentioned || text.find("whimbrel") != text.npos;
      if (mentioned && calls(text, "project")) {
        Project project;
        project.directory = current;
        project.build_directory = current / "build";
        return project;
      }
    }
    if (current == current.root_path()) break;
  }
  throw Error(ErrorKind::usage, "Neither " + fs::absolute(directory).string() +
                                    " nor a directory above it contains a project that uses whimbrel.")
      .with_remedy(
          "Change to the directory of your project, or create one with `whimbrel init DIR`. If its CMakeLists.txt does "
          "not mention whimbrel itself, put a whimbrel.toml next to it.");
}

}  // namespace whimbrel::cli
